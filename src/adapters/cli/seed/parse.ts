import { CliError, exitCodes } from '../exit-codes.js';
import { readSeedDocument, renderProblem, type SeedDocument, type SeedProblem } from './document.js';
import { declaredNames, type Reference, referencesOf } from './references.js';
import { checkRules } from './rules.js';
import { type Seed, seedSectionNames } from './schema.js';
import { type ChannelSettings, shapeSeed } from './shape.js';

export interface ParsedSeed {
  readonly document: SeedDocument;
  /** Only to be applied when there are no problems: wrong items are missing from it. */
  readonly seed: Seed;
  readonly problems: readonly SeedProblem[];
  readonly channelSettings: ChannelSettings;
  /** Names the file does not declare: the hub may know them. */
  readonly outside: readonly Reference[];
}

/** Reads a seed file completely and finds everything that is wrong with it, not just the first thing. */
export function parseSeed(text: string, file: string, settings: ChannelSettings): ParsedSeed {
  const document = readSeedDocument(text, file);
  const shaped = shapeSeed(document, settings);
  const declares = declaredNames(document.value);
  const outside = referencesOf(shaped.items).filter(({ kind, name, within }) => !declares(kind, name, within));
  const seed = Object.fromEntries(
    seedSectionNames.map((name) => [name, shaped.items[name].map(({ value }) => value)]),
  ) as unknown as Seed;
  return {
    document,
    channelSettings: settings,
    seed,
    problems: [...document.problems, ...shaped.problems, ...checkRules(document, shaped.items)],
    outside,
  };
}

const formatHint = 'hub.example.yaml is a complete file; docs/cli.md describes every section.';

/** The refusal of a file: every problem with its line, in the order of the file. */
export function seedError(file: string, problems: readonly SeedProblem[], hint = formatHint): CliError {
  const sorted = [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
  const count = sorted.length === 1 ? 'a problem' : `${sorted.length} problems`;
  return new CliError(exitCodes.usage, `${file} has ${count}; nothing was applied.`, {
    problems: [...new Set(sorted.map(renderProblem))],
    hint,
  });
}
