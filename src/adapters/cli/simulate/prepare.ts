import { parseOutboundAllow } from '../../../platform/outbound.js';
import { randomToken } from '../../../platform/secrets.js';
import { runId, withHub } from '../command.js';
import { CliError, exitCodes } from '../exit-codes.js';
import { explain } from '../explain.js';
import type { Output } from '../output.js';
import type { CliPorts, IsvApp } from '../ports.js';
import { appClientId, ensureSandbox, registerApp, type Sandbox } from './sandbox.js';
import type { SignInLeg } from './sign-in.js';

export interface Prepared {
  readonly sandbox: Sandbox;
  readonly signIn: SignInLeg | string;
  close(): Promise<void>;
}

const patience = 5_000;

/** The hub of this machine: it must run, gets its sandbox through the database, and is called over HTTP from then on. */
export async function prepareLocal(ports: CliPorts, output: Output, appPort: number): Promise<Prepared> {
  const config = ports.readConfig();
  await requireRunning(config.publicUrl);
  const secret = randomToken();
  const app = await startApp(ports, output, { issuer: `${config.publicUrl}/oidc`, secret, port: appPort });
  try {
    const sandbox = await withHub(ports, async (hub) => {
      const made = await ensureSandbox(hub, runId('simulate'));
      if (typeof app !== 'string') await registerApp(hub, app.url, secret, runId('simulate'));
      return made;
    });
    for (const { channel } of Object.values(sandbox.accounts))
      await requireServed(serviceAt(config.publicUrl, channel));
    if (typeof app === 'string') return { sandbox, signIn: app, close: async () => undefined };
    const { hostname, port } = new URL(app.url);
    const hubMayCallApp = parseOutboundAllow(config.outboundAllow)(hostname, Number(port), '127.0.0.1');
    return { sandbox, signIn: { app, hubMayCallApp }, close: () => app.close() };
  } catch (error) {
    if (typeof app !== 'string') await app.close();
    throw error;
  }
}

export function serviceAt(publicUrl: string, channel: string): string {
  return `${publicUrl}/ncbs/${encodeURIComponent(channel)}/NcbsIsvService`;
}

async function requireRunning(url: string): Promise<void> {
  try {
    const response = await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(patience) });
    await response.body?.cancel();
    if (response.ok) return;
  } catch (error) {
    throw new CliError(exitCodes.unreachable, `No hub answers at ${url}: ${explain(error).message}`, {
      hint: 'Start it with `npm start` in another terminal, with the same settings; or name a remote one with --url.',
      cause: error,
    });
  }
  throw new CliError(exitCodes.unreachable, `Something else than a hub answers at ${url}.`, {
    hint: 'Check PUBLIC_URL.',
  });
}

/** A running hub sees a new channel within about a second. */
async function requireServed(endpoint: string): Promise<void> {
  const deadline = performance.now() + patience;
  for (;;) {
    const response = await fetch(`${endpoint}?wsdl`, { signal: AbortSignal.timeout(patience) });
    await response.body?.cancel();
    if (response.ok) return;
    if (performance.now() >= deadline) {
      throw new CliError(exitCodes.failed, `${endpoint} answers ${response.status}.`, {
        hint: 'Does the running hub use the same DATABASE_URL as this command?',
      });
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The example application on the wanted port, on another one when that is taken, or why there is none. */
async function startApp(
  ports: CliPorts,
  output: Output,
  { issuer, secret, port }: { readonly issuer: string; readonly secret: string; readonly port: number },
): Promise<IsvApp | string> {
  const { startIsvApp } = ports;
  if (startIsvApp === undefined) return 'examples/isv-app is not installed here';
  const options = { issuer, clientId: appClientId, clientSecret: secret };
  try {
    return await startIsvApp({ ...options, port });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    output.note(`port ${port} is taken; the example application runs on another one (--app-port chooses)`);
    return startIsvApp({ ...options, port: 0 });
  }
}
