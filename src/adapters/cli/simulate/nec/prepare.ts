import { parseOutboundAllow } from '../../../../platform/outbound.js';
import { randomToken } from '../../../../platform/secrets.js';
import { runId, withHub } from '../../command.js';
import type { Output } from '../../output.js';
import type { CliPorts } from '../../ports.js';
import { startExampleApp } from '../example-app.js';
import { requireRunning, requireServed } from '../local-hub.js';
import { appClientId, ensureSandbox, registerApp, type Sandbox } from './sandbox.js';
import type { SignInLeg } from './sign-in.js';

export interface Prepared {
  readonly sandbox: Sandbox;
  readonly signIn: SignInLeg | string;
  close(): Promise<void>;
}

/** The hub of this machine: it must run, gets its sandbox through the database, and is called over HTTP from then on. */
export async function prepareLocal(ports: CliPorts, output: Output, appPort: number): Promise<Prepared> {
  const config = ports.readConfig();
  await requireRunning(config.publicUrl);
  const secret = randomToken();
  const app = await startExampleApp(ports, output, {
    clientId: appClientId,
    issuer: `${config.publicUrl}/oidc`,
    secret,
    port: appPort,
  });
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
