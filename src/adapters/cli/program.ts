import { Command, CommanderError } from 'commander';
import type { Cli } from './command.js';
import { addAccount } from './commands/account.js';
import { addApply } from './commands/apply.js';
import { addChannel } from './commands/channel.js';
import { addDoctor } from './commands/doctor.js';
import { addExport } from './commands/export.js';
import { addImport } from './commands/import.js';
import { addJournal } from './commands/journal.js';
import { addKeys } from './commands/keys.js';
import { addMigrate } from './commands/migrate.js';
import { addSchema } from './commands/schema.js';
import { addSimulate } from './commands/simulate.js';
import { addStart } from './commands/start.js';
import { type ExitCode, exitCodes } from './exit-codes.js';
import { explain } from './explain.js';
import { showError } from './output.js';
import type { CliPorts } from './ports.js';

const footer = `
Exit codes: 0 all is well, 1 a check failed or a command was refused, 2 wrong arguments, settings or input file,
3 the database or the hub could not be reached. Settings are environment variables: docs/configuration.md.`;

/** Runs one command and answers with the exit code. Throws nothing. */
export async function runCli(argv: readonly string[], ports: CliPorts, signal: AbortSignal): Promise<ExitCode> {
  let code: ExitCode = exitCodes.ok;
  const cli: Cli = {
    ports,
    signal,
    finish(end) {
      code = end;
    },
  };
  try {
    await program(cli).parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    // Commander has said what is wrong already; help and --version end this way too.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    const explained = explain(error);
    showError(ports.terminal, argv.includes('--json'), explained);
    return explained.exitCode;
  }
}

function program(cli: Cli): Command {
  const { terminal, version } = cli.ports;
  const root = new Command('mercator')
    .description('The hub to be sold through many marketplaces.')
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.error(text) })
    .showHelpAfterError('(mercator --help lists the commands)')
    .addHelpText('after', footer);
  for (const add of [
    addStart,
    addMigrate,
    addApply,
    addExport,
    addImport,
    addDoctor,
    addSimulate,
    addAccount,
    addChannel,
    addJournal,
    addKeys,
    addSchema,
  ]) {
    add(root, cli);
  }
  return root;
}
