import { type Command, Option } from 'commander';
import { act, type Cli, type CommandContext, runId, withHub } from '../../command.js';
import type { ExitCode } from '../../exit-codes.js';
import { namesOf, remoteAccount, runStamp, scenarioAmong } from '../arguments.js';
import { requireRunning, requireServed } from '../local-hub.js';
import { playParts } from '../run.js';
import { sumUp } from '../sum-up.js';
import { createTranscript, type Transcript } from '../transcript.js';
import { prmClient } from './party.js';
import { afterwards, contextOf, openConsole, partsOf } from './play.js';
import { ensureSandbox } from './sandbox.js';
import { type ScenarioName, scenarioNames } from './scenarios/index.js';

interface PrmOptions {
  readonly url?: string;
  readonly username?: string;
  readonly password?: string;
}

export function addPrm(simulate: Command, cli: Cli): void {
  const command = simulate
    .command('prm')
    .description('a CRM/PRM application of an operator, and those of its service providers')
    .argument('<scenario>', 'one of the scenarios, or all', scenarioAmong(scenarioNames))
    .addOption(
      new Option('--url <hub>', 'a hub elsewhere, or one channel of it: https://hub.example/channels/<channel>'),
    )
    .option('--username <name>', 'an account of the operator there, level READ_WRITE')
    .option('--password <password>', 'its password');
  act<PrmOptions>(cli, command, play);
}

async function play(context: CommandContext, [scenario]: readonly string[], options: PrmOptions): Promise<ExitCode> {
  const names = namesOf(scenario, scenarioNames);
  const transcript = createTranscript(context.output);
  if (options.url === undefined) await playHere(context, transcript, names);
  else await playThere(context, transcript, names, options, options.url);
  return sumUp(context.output, transcript);
}

async function playHere(
  { ports, signal }: CommandContext,
  transcript: Transcript,
  names: readonly ScenarioName[],
): Promise<void> {
  const { publicUrl } = ports.readConfig();
  await requireRunning(publicUrl);
  const { channel, operator, console: client } = await withHub(ports, (hub) => ensureSandbox(hub, runId('simulate')));
  const base = `${publicUrl}/channels/${encodeURIComponent(channel.name)}`;
  await requireServed(`${base}/prm_op/services/OpService`);
  const console = await openConsole(publicUrl, client, channel.id);
  const target = { base, operator: { username: operator.name, password: operator.secret, as: 'digest' } as const };
  const traffic = { hub: publicUrl, channel: channel.name, gateway: client };
  const parts = partsOf(contextOf(transcript, target, { stamp: runStamp(), console, traffic }), names);
  await playParts(transcript, [...parts, afterwards(transcript, console, operator.name)], signal);
}

async function playThere(
  { signal }: CommandContext,
  transcript: Transcript,
  names: readonly ScenarioName[],
  options: PrmOptions,
  url: string,
): Promise<void> {
  const account = remoteAccount(url, options, 'They are those of an operator’s account of that channel.');
  const base = url.replace(/[?#].*$/, '').replace(/\/+$/, '');
  // Says at once when there is no such service.
  await prmClient({ base, side: 'op' }, 'OpService');
  const console = 'the console is entered only at the hub of this machine';
  const target = { base, operator: { ...account, as: 'usernameToken' } as const };
  const traffic = { ...hubOf(base), gateway: 'no gateway of that hub is known here' };
  const parts = partsOf(contextOf(transcript, target, { stamp: runStamp(), console, traffic }), names);
  await playParts(transcript, parts, signal);
}

/** A base is a hub's address, or that of one channel of it. */
function hubOf(base: string): { readonly hub: string; readonly channel: string } {
  const [, hub = base, channel = ''] = /^(.*)\/channels\/([^/]+)$/.exec(base) ?? [];
  return { hub, channel: decodeURIComponent(channel) };
}
