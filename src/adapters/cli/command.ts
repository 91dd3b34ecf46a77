import type { Command } from 'commander';
import type { ExitCode } from './exit-codes.js';
import { exitCodes } from './exit-codes.js';
import { createOutput, type Output } from './output.js';
import type { CliHub, CliPorts } from './ports.js';

/** What a command is given to work with. */
export interface CommandContext {
  readonly ports: CliPorts;
  readonly output: Output;
  /** Aborted when the person or the system asks the process to end. */
  readonly signal: AbortSignal;
}

export interface Cli {
  readonly ports: CliPorts;
  readonly signal: AbortSignal;
  /** Where the command that ran leaves how it ended. */
  finish(code: ExitCode): void;
}

type Action<Options> = (
  context: CommandContext,
  args: readonly string[],
  options: Options,
) => Promise<ExitCode | undefined> | Promise<void>;

/** Gives a command its --json and its action; no answer of the action means that all is well. */
export function act<Options extends object>(cli: Cli, command: Command, action: Action<Options>): Command {
  return command
    .option('--json', 'answer with one JSON object on standard output')
    .action(async (...given: unknown[]) => {
      const options = command.opts<Options & { json?: boolean }>();
      const output = createOutput(cli.ports.terminal, options.json === true);
      const args = given
        .slice(0, -2)
        .filter((value) => value !== undefined)
        .map(String);
      const code = await action({ ports: cli.ports, output, signal: cli.signal }, args, options);
      cli.finish(code ?? exitCodes.ok);
    });
}

/** A hub for the time of one command, its log on standard error. */
export async function withHub<T>(ports: CliPorts, work: (hub: CliHub) => Promise<T>): Promise<T> {
  const hub = await ports.openHub(ports.readConfig(), { quiet: true });
  try {
    return await work(hub);
  } finally {
    await hub.close();
  }
}

/** The name this run has in the journal. */
export function runId(command: string): string {
  return `cli-${command}-${process.pid}-${Math.round(performance.timeOrigin)}`;
}
