import { type Command, InvalidArgumentError, Option } from 'commander';
import { act, type Cli, type CommandContext, runId, withHub } from '../../command.js';
import { CliError, type ExitCode, exitCodes } from '../../exit-codes.js';
import { namesOf, remoteAccount, runStamp, scenarioAmong } from '../arguments.js';
import { requireRunning, requireServed } from '../local-hub.js';
import { playParts } from '../run.js';
import { sumUp } from '../sum-up.js';
import { createTranscript, type Transcript } from '../transcript.js';
import { goods } from './license-goods.js';
import { afterwards, contextOf, openConsole, partsOf } from './play.js';
import { ensureSandbox } from './sandbox.js';
import { type ScenarioName, scenarioNames } from './scenarios/index.js';
import { createUnityClient } from './unity-client.js';

interface KakapoOptions {
  readonly url?: string;
  readonly username?: string;
  readonly password?: string;
  readonly host?: string;
  readonly count: number;
}

const defaultCount = 200;
const mostUsers = 10_000;

export function addKakapo(simulate: Command, cli: Cli): void {
  const command = simulate
    .command('kakapo')
    .description('a provisioning system of a telecom operator (Kakapo Unity ProvisionV3)')
    .argument('<scenario>', 'one of the scenarios, or all', scenarioAmong(scenarioNames))
    .addOption(
      new Option(
        '--url <service>',
        'a service elsewhere: https://hub.example/channels/<channel>/KakapoProvision/ProvisionV3.asmx',
      ),
    )
    .option('--username <name>', 'an interface user there')
    .option('--password <password>', 'its password')
    .option('--host <serverHostName>', 'the system provider to play with there')
    .option('--count <users>', 'how many users storm', userCount, defaultCount);
  act<KakapoOptions>(cli, command, play);
}

function userCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 10 && count <= mostUsers) return count;
  throw new InvalidArgumentError(`From 10 to ${mostUsers} users.`);
}

async function play(context: CommandContext, [scenario]: readonly string[], options: KakapoOptions): Promise<ExitCode> {
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
  { count }: KakapoOptions,
): Promise<void> {
  const { publicUrl } = ports.readConfig();
  await requireRunning(publicUrl);
  const stock = Math.floor(count / 2);
  const sandbox = await withHub(ports, (hub) => ensureSandbox(hub, runId('simulate'), stock));
  const { channel, host, user, guessed, console: client } = sandbox;
  const endpoint = `${publicUrl}/channels/${encodeURIComponent(channel.name)}/KakapoProvision/ProvisionV3.asmx`;
  await requireServed(endpoint);
  const console = await openConsole(publicUrl, client, channel.id);
  const storm = { users: count, license: goods.mobile, stock };
  const given = { console, guessed, host, storm, stamp: runStamp() };
  const parts = partsOf(contextOf(transcript, output, { endpoint, user }, given), names);
  await playParts(transcript, [...parts, afterwards(transcript, console, user.name)], signal);
}

async function playThere(
  { output, signal }: CommandContext,
  transcript: Transcript,
  names: readonly ScenarioName[],
  options: KakapoOptions,
  url: string,
): Promise<void> {
  const { username, password } = remoteAccount(url, options, 'They are those of an interface user there.');
  if (options.host === undefined) {
    throw new CliError(exitCodes.usage, '--url needs --host.', {
      hint: 'It is the serverHostName of the system provider the interface user acts on.',
    });
  }
  const endpoint = url.replace(/[?#].*$/, '').replace(/\/+$/, '');
  const user = { name: username, secret: password };
  // Says at once when there is no such service.
  await createUnityClient({ endpoint, user }, 'SOAP 1.1');
  const given = {
    console: 'the console is entered only at the hub of this machine',
    guessed: 'an interface user of another hub stays unlocked',
    host: options.host,
    storm: { users: options.count, license: goods.desktop, stock: undefined },
    stamp: runStamp(),
  };
  const parts = partsOf(contextOf(transcript, output, { endpoint, user }, given), names);
  await playParts(transcript, parts, signal);
}
