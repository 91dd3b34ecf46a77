import type { Command } from 'commander';
import { systemActor } from '../../../core/shared/actor.js';
import { maskedConfig } from '../../../platform/config.js';
import { act, type Cli, type CommandContext } from '../command.js';
import { checkChannels } from '../doctor/channels.js';
import type { Finding } from '../doctor/check.js';
import { ok } from '../doctor/check.js';
import { checkAlarms, checkClock, checkOutbox, checkSchema, look } from '../doctor/inside.js';
import { checkPools } from '../doctor/pools.js';
import { callSelf } from '../doctor/self-call.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';

const marks = { ok: 'ok', failed: 'FAILED', skipped: 'skipped' } as const;

export function addDoctor(root: Command, cli: Cli): void {
  const command = root
    .command('doctor')
    .description('check database, schema, keys, counters and, when it runs, the hub itself')
    .option('--settings', 'also print the settings in force, secrets as ***');
  act<{ settings?: boolean }>(cli, command, doctor);
}

async function doctor(
  context: CommandContext,
  _args: readonly string[],
  options: { settings?: boolean },
): Promise<ExitCode> {
  const { ports, output } = context;
  const config = ports.readConfig();
  const findings: Finding[] = [];
  const report = (found: readonly Finding[]): boolean => {
    findings.push(...found);
    for (const { name, state, detail, hint } of found) {
      output.line(`${marks[state].padEnd(8)} ${name.padEnd(14)} ${detail}`);
      if (hint !== undefined) output.line(`${''.padEnd(23)} ${hint}`);
    }
    return found.every(({ state }) => state !== 'failed');
  };
  // A database that cannot be reached ends the command with its own exit code.
  const opened = await ports.openMigrations(config);
  let schemaFits: boolean;
  try {
    schemaFits = report(await checkSchema(opened.migrations));
  } finally {
    await opened.close();
  }
  if (schemaFits) await checkHub(context, report);
  const settings = options.settings === true ? { settings: maskedConfig(config) } : {};
  for (const [name, value] of Object.entries(settings.settings ?? {})) output.line(`${name}=${value ?? ''}`);
  const well = findings.every(({ state }) => state !== 'failed');
  output.answer({ ok: well, findings, ...settings });
  return well ? exitCodes.ok : exitCodes.failed;
}

async function checkHub(
  { ports, output }: CommandContext,
  report: (found: readonly Finding[]) => boolean,
): Promise<void> {
  const config = ports.readConfig();
  const hub = await ports.openHub(config, { quiet: true });
  try {
    report([ok('key', `fits this database; fingerprint ${hub.keyFingerprint}`)]);
    const progress = output.progress('license pools');
    const pools = await look('license pools', () => checkPools(hub, progress.report));
    progress.finish();
    report(pools);
    report(await look('outbox', () => checkOutbox(hub)));
    report(await look('alarms', () => checkAlarms(hub)));
    report(await look('clock', () => checkClock(hub)));
    report(await look('channel', () => checkChannels(hub)));
    const channels = await hub.readers.channels.page(systemActor('doctor'), {
      first: 200,
      orderBy: { field: 'position', direction: 'ASC' },
    });
    report(await look('hub', () => callSelf(config.publicUrl, channels.nodes)));
  } finally {
    await hub.close();
  }
}
