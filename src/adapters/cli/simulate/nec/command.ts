import { type Command, InvalidArgumentError, Option } from 'commander';
import { act, type Cli, type CommandContext } from '../../command.js';
import type { ExitCode } from '../../exit-codes.js';
import { namesOf, remoteAccount, runStamp, scenarioAmong } from '../arguments.js';
import { playParts } from '../run.js';
import { sumUp } from '../sum-up.js';
import { createTranscript, type Transcript } from '../transcript.js';
import { afterwards, type PlayOptions, partsOf, type Target } from './play.js';
import { prepareLocal, serviceAt } from './prepare.js';
import { catalog } from './sandbox.js';
import { type ScenarioName, scenarioNames } from './scenarios/index.js';

interface NecOptions {
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

export function addNec(simulate: Command, cli: Cli): void {
  const command = simulate
    .command('nec')
    .description('a NEC marketplace')
    .argument('<scenario>', 'one of the scenarios, or all', scenarioAmong(scenarioNames))
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
  act<NecOptions>(cli, command, play);
}

function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a number from 0 to 65535.');
}

async function play(context: CommandContext, [scenario]: readonly string[], options: NecOptions): Promise<ExitCode> {
  const names = namesOf(scenario, scenarioNames);
  const transcript = createTranscript(context.output);
  if (options.url === undefined) await playHere(context, transcript, names, options);
  else await playThere(context, transcript, names, options, options.url);
  return sumUp(context.output, transcript);
}

async function playHere(
  { ports, output, signal }: CommandContext,
  transcript: Transcript,
  names: readonly ScenarioName[],
  options: NecOptions,
): Promise<void> {
  const { publicUrl } = ports.readConfig();
  const prepared = await prepareLocal(ports, output, options.appPort);
  try {
    const { accounts, reader } = prepared.sandbox;
    const target = (version: keyof typeof accounts, as: 'basic' | 'usernameToken'): Target => ({
      endpoint: serviceAt(publicUrl, accounts[version].channel),
      credential: { username: accounts[version].name, password: accounts[version].secret, as },
    });
    // Each dialect shows its credential in another of the two ways.
    const targets = { '4.2': target('4.2', 'usernameToken'), '4.3': target('4.3', 'basic') };
    const parts = partsOf(transcript, { ...inputOf(names, options), signIn: prepared.signIn, targets });
    const last = afterwards(transcript, publicUrl, reader, accounts['4.3'].name);
    await playParts(transcript, [...parts, last], signal);
  } finally {
    await prepared.close();
  }
}

async function playThere(
  { signal }: CommandContext,
  transcript: Transcript,
  names: readonly ScenarioName[],
  options: NecOptions,
  url: string,
): Promise<void> {
  const account = remoteAccount(url, options, 'They are those of a service account of that channel.');
  const target: Target = { endpoint: url.replace(/\?.*$/, ''), credential: { ...account, as: 'basic' } };
  const signIn = 'the example application is registered only at the hub of this machine';
  const targets = { '4.2': target, '4.3': target };
  await playParts(transcript, partsOf(transcript, { ...inputOf(names, options), signIn, targets }), signal);
}

function inputOf(
  names: readonly ScenarioName[],
  { application, offer, upgrade, licence }: NecOptions,
): Omit<PlayOptions, 'targets' | 'signIn'> {
  return { names, goods: { application, offer, upgrade, licence }, stamp: runStamp() };
}
