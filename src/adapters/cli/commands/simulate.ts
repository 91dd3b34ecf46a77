import { type Command, InvalidArgumentError, Option } from 'commander';
import { toMilliseconds } from '../../../core/shared/clock.js';
import { systemClock } from '../../../platform/clock.js';
import { act, type Cli, type CommandContext } from '../command.js';
import { CliError, type ExitCode, exitCodes } from '../exit-codes.js';
import { createGraphqlClient, type GraphqlClient } from '../simulate/graphql-client.js';
import { showInGraphql } from '../simulate/graphql-leg.js';
import { prepareLocal, serviceAt } from '../simulate/prepare.js';
import { type RunOptions, runScenarios, type Target } from '../simulate/run.js';
import { catalog } from '../simulate/sandbox.js';
import { type ScenarioName, scenarioNames } from '../simulate/scenarios/index.js';
import { createTranscript, StepFailed, type Transcript } from '../simulate/transcript.js';

interface SimulateOptions {
  readonly url?: string;
  readonly username?: string;
  readonly password?: string;
  readonly application: string;
  readonly offer: string;
  readonly upgrade: string;
  readonly licence: string;
  readonly appPort: number;
}

const defaultAppPort = 4100;

export function addSimulate(root: Command, cli: Cli): void {
  const command = root
    .command('simulate')
    .description('play a marketplace against a running hub: a real SOAP client over HTTP, every answer checked')
    .addHelpText(
      'after',
      `
Scenarios of nec: ${scenarioNames.join(', ')}, all

Without --url it plays against the hub of this machine (PUBLIC_URL), in channels of its own named sandbox-nec-4-2 and
sandbox-nec-4-3. With --url it plays against one channel of any hub; give what it may buy there.`,
    );
  const nec = command
    .command('nec')
    .argument('<scenario>', 'one of the scenarios, or all', scenarioNamed)
    .addOption(
      new Option('--url <service>', 'a NEC service elsewhere: https://hub.example/ncbs/<channel>/NcbsIsvService'),
    )
    .option('--username <name>', 'the service account there')
    .option('--password <password>', 'its password')
    .option('--application <key>', 'what is bought', catalog.application)
    .option('--offer <key>', 'its offer', catalog.offer)
    .option('--upgrade <key>', 'the offer changed to', catalog.upgrade)
    .option('--licence <code>', 'its license code', catalog.licence)
    .option('--app-port <port>', 'where the example application listens', portNumber, defaultAppPort);
  act<SimulateOptions>(cli, nec, simulate);
}

function scenarioNamed(name: string): string {
  if (name === 'all' || (scenarioNames as readonly string[]).includes(name)) return name;
  throw new InvalidArgumentError(`There are ${scenarioNames.join(', ')} and all.`);
}

function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a number from 0 to 65535.');
}

async function simulate(
  context: CommandContext,
  [scenario = 'all']: readonly string[],
  options: SimulateOptions,
): Promise<ExitCode> {
  const names = scenario === 'all' ? scenarioNames : [scenario as ScenarioName];
  const transcript = createTranscript(context.output);
  if (options.url === undefined) await playHere(context, transcript, names, options);
  else await playThere(context, transcript, names, options, options.url);
  return sumUp(context, transcript);
}

async function playHere(
  { ports, output, signal }: CommandContext,
  transcript: Transcript,
  names: readonly ScenarioName[],
  options: SimulateOptions,
): Promise<void> {
  const { publicUrl } = ports.readConfig();
  const prepared = await prepareLocal(ports, output, options.appPort);
  try {
    const { accounts, reader } = prepared.sandbox;
    const target = (version: keyof typeof accounts, as: 'basic' | 'usernameToken'): Target => ({
      endpoint: serviceAt(publicUrl, accounts[version].channel),
      credential: { username: accounts[version].name, password: accounts[version].secret, as },
    });
    const run = runOf(names, options, signal, prepared.signIn);
    // Each dialect shows its credential in another of the two ways.
    await runScenarios(transcript, {
      ...run,
      targets: { '4.2': target('4.2', 'usernameToken'), '4.3': target('4.3', 'basic') },
    });
    transcript.begin('afterwards', 'frontends see all of it');
    try {
      let client: GraphqlClient | undefined;
      await transcript.step('a machine gets a token with client credentials', async () => {
        client = await createGraphqlClient({ url: publicUrl, clientId: reader.name, clientSecret: reader.secret });
        return { seen: `${reader.name}, hub.read` };
      });
      await showInGraphql(client!, transcript, realmsOf(transcript), accounts['4.3'].name);
    } catch (error) {
      if (!(error instanceof StepFailed)) throw error;
    }
  } finally {
    await prepared.close();
  }
}

async function playThere(
  { signal }: CommandContext,
  transcript: Transcript,
  names: readonly ScenarioName[],
  options: SimulateOptions,
  endpoint: string,
): Promise<void> {
  const { username, password } = options;
  if (username === undefined || password === undefined) {
    throw new CliError(exitCodes.usage, '--url needs --username and --password.', {
      hint: 'They are those of a service account of that channel.',
    });
  }
  if (!URL.canParse(endpoint)) throw new CliError(exitCodes.usage, `"${endpoint}" is no URL.`);
  const target: Target = { endpoint: endpoint.replace(/\?.*$/, ''), credential: { username, password, as: 'basic' } };
  const run = runOf(names, options, signal, 'the example application is registered only at the hub of this machine');
  await runScenarios(transcript, { ...run, targets: { '4.2': target, '4.3': target } });
}

function runOf(
  names: readonly ScenarioName[],
  { application, offer, upgrade, licence }: SimulateOptions,
  signal: AbortSignal,
  signIn: RunOptions['signIn'],
): Omit<RunOptions, 'targets'> {
  return {
    names,
    goods: { application, offer, upgrade, licence },
    signal,
    signIn,
    stamp: toMilliseconds(systemClock().now()).toString(36),
  };
}

/** The realms that were made, told by the calls that made them. */
function realmsOf({ steps }: Transcript): string[] {
  const made = steps.filter(({ operation, resultCode }) => operation === 'CreateRealm' && resultCode === 0);
  return [...new Set(made.map(({ input }) => String((input as { realmId?: string }).realmId)))];
}

function sumUp({ output }: CommandContext, { steps }: Transcript): ExitCode {
  const count = (state: string): number => steps.filter((step) => step.state === state).length;
  const [fine, failed, skipped] = [count('ok'), count('failed'), count('skipped')];
  output.line();
  for (const step of steps) {
    if (step.state === 'failed')
      output.line(`FAILED ${step.scenario}, step ${step.number}: ${step.title}: ${step.note ?? ''}`);
  }
  output.line(`${steps.length} steps: ${fine} as expected, ${failed} not, ${skipped} skipped`);
  output.answer({ ok: failed === 0, steps });
  return failed === 0 ? exitCodes.ok : exitCodes.failed;
}
