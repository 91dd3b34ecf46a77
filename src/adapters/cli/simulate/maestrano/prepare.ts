import { parseOutboundAllow } from '../../../../platform/outbound.js';
import { randomToken } from '../../../../platform/secrets.js';
import { runId, withHub } from '../../command.js';
import { CliError, exitCodes } from '../../exit-codes.js';
import type { Output } from '../../output.js';
import type { CliPorts, IsvApp } from '../../ports.js';
import { startExampleApp } from '../example-app.js';
import { createGraphqlClient, type GraphqlClient } from '../graphql-client.js';
import { requireRunning } from '../local-hub.js';
import { comesTrue } from '../wait.js';
import { type LocalMaestrano, startLocalMaestrano } from './local/index.js';
import { appClientId, ensureSandbox, marketplaceNames, registerApp, type Sandbox } from './sandbox.js';

export interface Prepared {
  readonly publicUrl: string;
  readonly local: LocalMaestrano;
  readonly sandbox: Sandbox;
  readonly graphql: GraphqlClient;
  readonly app: IsvApp | string;
  /** Whether the hub may tell the application, as far as this process knows. */
  readonly hubMayCallApp: boolean;
  close(): Promise<void>;
}

export interface Wanted {
  readonly port: number;
  readonly appPort: number;
  /** Seconds the marketplace vouches for a sign-in. */
  readonly recheck: number;
}

/** A running hub sees a new channel within about a second. */
const patience = 20_000;

/** The hub of this machine, a marketplace for it, and the example application: all connected, or an error that says what is missing. */
export async function prepare(ports: CliPorts, output: Output, wanted: Wanted): Promise<Prepared> {
  const { publicUrl, outboundAllow } = ports.readConfig();
  await requireRunning(publicUrl);
  const secret = randomToken();
  const opened: { close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    for (const one of opened.splice(0).reverse()) await one.close();
  };
  try {
    const local = await startLocal(publicUrl, output, wanted);
    opened.push(local);
    const app = await startExampleApp(ports, output, {
      clientId: appClientId,
      issuer: `${publicUrl}/oidc`,
      secret,
      port: wanted.appPort,
    });
    if (typeof app !== 'string') opened.push(app);
    const sandbox = await withHub(ports, async (hub) => {
      const made = await ensureSandbox(hub, runId('simulate'), local);
      if (typeof app !== 'string') await registerApp(hub, app.url, secret, runId('simulate'));
      return made;
    });
    const scope = 'hub.read hub.write hub.admin';
    const graphql = await createGraphqlClient({ url: publicUrl, client: sandbox.console, scope });
    await connect(graphql, sandbox, local);
    const hubMayCallApp = typeof app !== 'string' && mayCall(outboundAllow, app.url);
    return { publicUrl, local, sandbox, graphql, app, hubMayCallApp, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function mayCall(outboundAllow: readonly string[], url: string): boolean {
  const { hostname, port } = new URL(url);
  return parseOutboundAllow(outboundAllow)(hostname, Number(port), '127.0.0.1');
}

const rediscovery = `mutation Simulated($id: ID!) { rediscoverChannel(input: { id: $id }) { problem outcomes { name outcome } } }`;

interface Rediscovered {
  readonly rediscoverChannel: {
    readonly problem: string;
    readonly outcomes: readonly { readonly name: string; readonly outcome: string }[];
  };
}

/** Has the hub read the platform's list, until both marketplaces are known and their addresses are served. */
async function connect(graphql: GraphqlClient, { channels }: Sandbox, local: LocalMaestrano): Promise<void> {
  let problem = '';
  const known = await comesTrue(
    async () => {
      const { rediscoverChannel } = await graphql.query<Rediscovered>(rediscovery, { id: channels.first.id });
      problem = rediscoverChannel.problem;
      const usable = rediscoverChannel.outcomes.filter(({ outcome }) => !['SUSPENDED', 'UNUSABLE'].includes(outcome));
      const both = Object.values(channels).every(({ name }) => usable.some((one) => one.name === name));
      return (both && (await isServed(local))) || /OUTBOUND_ALLOW/.test(problem);
    },
    patience,
    500,
  );
  if (known && problem === '') return;
  throw new CliError(
    exitCodes.failed,
    `The hub cannot read the local marketplace's list: ${problem || 'it does not serve the channels'}.`,
    {
      hint: `Start the hub with OUTBOUND_ALLOW=${new URL(local.url).host},localhost:4100 so that it may call this machine.`,
    },
  );
}

async function isServed(local: LocalMaestrano): Promise<boolean> {
  for (const name of Object.values(marketplaceNames)) {
    if ((await local.hub.metadata(local.marketplace(name))).status !== 200) return false;
  }
  return true;
}

async function startLocal(hubUrl: string, output: Output, { port, recheck }: Wanted): Promise<LocalMaestrano> {
  const marketplaces = [
    { name: marketplaceNames.first, title: 'First Street Market' },
    { name: marketplaceNames.second, title: 'Second Street Market' },
  ];
  const log = (text: string): void => output.note(`local Maestrano: ${text}`);
  try {
    return await startLocalMaestrano({ hubUrl, port, marketplaces, log, control: { recheckSeconds: recheck } });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    throw new CliError(exitCodes.failed, `Port ${port} is taken.`, {
      hint: '--port chooses another one; the hub must be allowed to call it (OUTBOUND_ALLOW).',
      cause: error,
    });
  }
}
