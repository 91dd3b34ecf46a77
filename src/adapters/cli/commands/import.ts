import type { Command } from 'commander';
import { act, type Cli, type CommandContext, runId, withHub } from '../command.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { findChannel } from '../import/find-channel.js';
import { type ImportTally, importRecords } from '../import/import-records.js';
import { readLines } from '../import/read-lines.js';

const kib = 1_024;
const shownProblems = 20;

interface Options {
  readonly channel?: string;
  readonly dryRun?: boolean;
}

export function addImport(root: Command, cli: Cli): void {
  const command = root.command('import').description('take in data from files');
  const cdr = command
    .command('cdr')
    .argument('<file>', 'CSV with a header row, or one JSON object a line; may be gzipped')
    .option('--channel <name>', 'the channel the records come through (default: the only PRM one)')
    .option('--dry-run', 'say what would be done and keep nothing')
    .description('take in charging data records; run again, it goes on where it stopped');
  act<Options>(cli, cdr, (context, [file = ''], options) => importFile(context, file, options));
}

async function importFile(
  { ports, output, signal }: CommandContext,
  file: string,
  options: Options,
): Promise<ExitCode> {
  const dryRun = options.dryRun === true;
  const { lines, size, read } = await readLines(file);
  return withHub(ports, async (hub) => {
    const channel = await findChannel(hub, options.channel);
    const progress = output.progress('KiB read');
    const tally = await importRecords(lines, {
      hub,
      channelId: channel.id,
      requestId: runId('import'),
      dryRun,
      signal,
      onProgress: () => progress.report(Math.floor(read() / kib), Math.ceil(size / kib)),
    }).finally(() => progress.finish());
    const ok = tally.invalid + tally.conflicts === 0 && !tally.stopped;
    for (const text of summaryOf(tally, dryRun)) output.line(text);
    for (const { line, problem } of tally.problems.slice(0, output.json ? 0 : shownProblems)) {
      output.note(`${file}:${line}: ${problem}`);
    }
    const unsaid = tally.invalid + tally.conflicts - shownProblems;
    if (!output.json && unsaid > 0) output.note(`and ${unsaid} more`);
    output.answer({ ok, file, channel: channel.name, dryRun, ...tally });
    return ok ? exitCodes.ok : exitCodes.failed;
  });
}

function summaryOf(tally: ImportTally, dryRun: boolean): string[] {
  const { records, accepted, duplicates, unattributed, conflicts, invalid, stopped } = tally;
  const said = [
    `${records} records: ${accepted} ${dryRun ? 'would be' : 'are'} new, ${duplicates} were there already, ` +
      `${conflicts} contradict what is there, ${invalid} are invalid`,
  ];
  if (unattributed > 0) said.push(`${unattributed} of the new name a provider or application that is not known here`);
  if (stopped) said.push('Stopped before the end; run it again to go on.');
  return said;
}
