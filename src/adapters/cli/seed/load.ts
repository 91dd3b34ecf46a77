import { readFile } from 'node:fs/promises';
import { CliError, exitCodes } from '../exit-codes.js';
import type { Output } from '../output.js';
import type { CliHub, CliPorts } from '../ports.js';
import { applySeed, type SeedProgress } from './apply.js';
import { type ParsedSeed, parseSeed } from './parse.js';
import type { Outcome, Tally } from './unit.js';

/** Reads a seed file from disk. Throws a CliError when there is none. */
export async function loadSeed(file: string, ports: Pick<CliPorts, 'channelSettings'>): Promise<ParsedSeed> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new CliError(exitCodes.usage, `${file} cannot be read.`, {
      hint: 'Give the path of a YAML file, such as hub.example.yaml.',
      cause: error,
    });
  }
  return parseSeed(text, file, ports.channelSettings);
}

/** Applies it with a progress bar. */
export async function applyWithProgress(
  hub: CliHub,
  parsed: ParsedSeed,
  requestId: string,
  output: Output,
  options: { readonly keepsLater?: boolean } = {},
): Promise<Tally> {
  const { file } = parsed.document;
  let progress = output.progress(file);
  let shown = '';
  try {
    const onProgress: SeedProgress = (label, done, total) => {
      if (label !== shown) {
        progress.finish();
        progress = output.progress(label);
        shown = label;
      }
      progress.report(done, total);
    };
    return await applySeed(hub, parsed, requestId, onProgress, options);
  } finally {
    progress.finish();
  }
}

/** `3 created, 1 changed, 12 unchanged`. */
export function summaryOf(tally: Tally): string {
  const sum = { created: 0, changed: 0, unchanged: 0, waiting: 0, kept: 0 };
  for (const kind of Object.values(tally)) {
    for (const outcome of Object.keys(sum) as Outcome[]) sum[outcome] += kind[outcome];
  }
  return countsOf(sum);
}

export function countsOf({ created, changed, unchanged, waiting, kept }: Readonly<Record<Outcome, number>>): string {
  const counts = `${created} created, ${changed} changed, ${unchanged} unchanged`;
  const left = [
    ...(waiting === 0 ? [] : [`${waiting} left until an operator has answered`]),
    ...(kept === 0 ? [] : [`${kept} kept as changed since`]),
  ];
  return [counts, ...left].join(', ');
}
