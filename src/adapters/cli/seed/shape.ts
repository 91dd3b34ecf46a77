import type { z } from 'zod';
import type { Protocol } from '../../../core/marketplace/index.js';
import type { SeedDocument, SeedPath, SeedProblem } from './document.js';
import { type Seed, type SeedSection, seedSectionNames, seedSections } from './schema.js';

export type ChannelSettings = Readonly<Record<Protocol, z.ZodType>>;

/** The valid items of every section, each with its place in the file, and everything that is not as it should be. */
export interface ShapedSeed {
  readonly items: {
    readonly [K in SeedSection]: readonly { readonly index: number; readonly value: Seed[K][number] }[];
  };
  readonly problems: readonly SeedProblem[];
}

/** Checks names and types of everything; items that are wrong are left out and named. */
export function shapeSeed(document: SeedDocument, settings: ChannelSettings): ShapedSeed {
  const problems: SeedProblem[] = [];
  const items = Object.fromEntries(seedSectionNames.map((name) => [name, [] as unknown[]]));
  const root = document.value ?? {};
  if (typeof root !== 'object' || Array.isArray(root)) {
    problems.push(document.problemAt([], `must be a map of sections: ${seedSectionNames.join(', ')}`));
    return { items: items as unknown as ShapedSeed['items'], problems };
  }
  for (const [name, list] of Object.entries(root)) {
    if (!Object.hasOwn(seedSections, name)) {
      problems.push(document.problemAtKey([], name, unknownKey(name, seedSectionNames)));
    } else if (list !== null && !Array.isArray(list)) {
      problems.push(document.problemAt([name], `${name} must be a list`));
    } else {
      for (const [index, raw] of ((list ?? []) as unknown[]).entries()) {
        const found = checkItem(document, name as SeedSection, index, raw, settings);
        problems.push(...found.problems);
        if (found.problems.length === 0) items[name]!.push({ index, value: found.value });
      }
    }
  }
  return { items: items as unknown as ShapedSeed['items'], problems };
}

function checkItem(
  document: SeedDocument,
  section: SeedSection,
  index: number,
  raw: unknown,
  settings: ChannelSettings,
) {
  const result = seedSections[section].safeParse(raw);
  if (!result.success) return { value: undefined, problems: issues(document, [section, index], result.error) };
  const value: unknown = result.data;
  return { value, problems: section === 'channels' ? checkSettings(document, index, result.data, settings) : [] };
}

function checkSettings(document: SeedDocument, index: number, value: object, settings: ChannelSettings): SeedProblem[] {
  const channel = value as Seed['channels'][number];
  if (channel.settings === undefined) return [];
  const result = settings[channel.protocol].safeParse(channel.settings);
  return result.success ? [] : issues(document, ['channels', index, 'settings'], result.error);
}

function issues(document: SeedDocument, base: SeedPath, error: z.ZodError): SeedProblem[] {
  return error.issues.flatMap((issue) => {
    const path = [...base, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => document.problemAtKey(path, key, unknownKey(key)));
    }
    const name = path.filter((part) => typeof part === 'string').at(-1);
    const missing = (issue.code === 'invalid_type' || issue.code === 'invalid_value') && !isThere(document.value, path);
    return [document.problemAt(path, missing ? `${name} is missing` : `${name}: ${plain(issue.message)}`)];
  });
}

function unknownKey(key: string, known?: readonly string[]): string {
  return `unknown key "${key}"${known === undefined ? '' : `; there are ${known.join(', ')}`}`;
}

function isThere(value: unknown, path: SeedPath): boolean {
  let current = value;
  for (const part of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, part)) return false;
    current = (current as Record<string | number, unknown>)[part];
  }
  return true;
}

/** Zod speaks to programmers. */
function plain(message: string): string {
  return message
    .replace(/^Invalid input: expected (\w+), received (\w+)$/, 'must be $1, not $2')
    .replace(/^Invalid/, 'invalid');
}
