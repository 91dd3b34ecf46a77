import { type Command, InvalidArgumentError } from 'commander';
import { act, type Cli, type CommandContext } from '../../command.js';
import type { ExitCode } from '../../exit-codes.js';
import { namesOf, runStamp, scenarioAmong } from '../arguments.js';
import { playParts } from '../run.js';
import { sumUp } from '../sum-up.js';
import { createTranscript } from '../transcript.js';
import { addDemo, yours } from './demo.js';
import { contextOf, partsOf } from './play.js';
import { prepare, type Wanted } from './prepare.js';
import { marketplaceNames } from './sandbox.js';
import { scenarioNames } from './scenarios/index.js';

const defaults: Wanted = { port: 4200, appPort: 4100, recheck: 180 };
const dashboard = 'dashboard';

export function addMaestrano(simulate: Command, cli: Cli): void {
  const command = simulate
    .command('maestrano')
    .description('a Maestrano marketplace, made for the purpose on this machine')
    .argument('<scenario>', 'one of the scenarios, all, or dashboard', scenarioAmong([...scenarioNames, dashboard]))
    .option('--port <port>', 'where the marketplace listens', portNumber, defaults.port)
    .option('--recheck <seconds>', 'how long the marketplace vouches for a sign-in', recheckSeconds, defaults.recheck)
    .option('--app-port <port>', 'where the example application listens', portNumber, defaults.appPort);
  act<Wanted>(cli, command, (context, [scenario], options) =>
    scenario === dashboard ? show(context, options) : play(context, scenario, options),
  );
}

function recheckSeconds(text: string): number {
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= 3_600) return seconds;
  throw new InvalidArgumentError('From 1 to 3600 seconds.');
}

function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a number from 0 to 65535.');
}

async function play(
  { ports, output, signal }: CommandContext,
  scenario: string | undefined,
  options: Wanted,
): Promise<ExitCode> {
  const prepared = await prepare(ports, output, options);
  try {
    const transcript = createTranscript(output);
    const context = contextOf(transcript, prepared);
    await playParts(transcript, partsOf(context, namesOf(scenario, scenarioNames)), signal);
    return sumUp(output, transcript);
  } finally {
    await prepared.close();
  }
}

/** A marketplace to click in, until it is ended. */
async function show({ ports, output, signal }: CommandContext, options: Wanted): Promise<undefined> {
  const prepared = await prepare(ports, output, options);
  try {
    const { local, app } = prepared;
    await addDemo(local, runStamp());
    output.line(`Marketplaces   ${local.url}`);
    output.line(`Application    ${typeof app === 'string' ? app : app.url}`);
    output.line(`Hub            ${prepared.publicUrl}`);
    output.line();
    for (const { title, people } of [
      local.marketplace(),
      local.marketplace(marketplaceNames.second),
      local.marketplace(yours),
    ]) {
      output.line(
        `${title}: ${[...people.values()].map(({ name, surname }) => `${name} ${surname}`.trim()).join(', ')}`,
      );
    }
    output.line();
    output.line(
      `A channel for ${local.marketplace(yours).title}, which has none yet (npx mercator apply FILE && npx mercator channel discover ${yours}):`,
    );
    output.line();
    for (const line of local.channelYaml(yours).trimEnd().split('\n')) output.line(line);
    output.line();
    output.line('Sign in by a click, launch, cancel. Everything is forgotten when this ends (Ctrl+C).');
    output.answer({ ok: true, url: local.url, application: typeof app === 'string' ? null : app.url });
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    return undefined;
  } finally {
    await prepared.close();
  }
}
