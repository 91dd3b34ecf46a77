import { createHash } from 'node:crypto';
import { type Fields, isObject, type JsonObject } from './paths.js';

/** What Connec! is known to have, as a fingerprint of every field's value: enough to see a difference, and nobody's data. */
export type Known = Readonly<Record<string, string>>;

/** '' for what says nothing: null, an empty text, an absent field. */
export function fingerprint(value: unknown): string {
  if (value === undefined || value === null || value === '') return '';
  return createHash('sha256').update(canonical(value)).digest('base64url').slice(0, 22);
}

export function fingerprints(fields: Fields): Known {
  return Object.fromEntries([...fields].map(([path, value]) => [path, fingerprint(value)]));
}

/** Paths whose value is not what Connec! is known to have; what it has and we have not is null. */
export function differences(fields: Fields, known: Known): Fields {
  const paths = new Set([...fields.keys(), ...Object.keys(known)]);
  return new Map(
    [...paths]
      .filter((path) => fingerprint(fields.get(path)) !== knownAt(known, path))
      .map((path) => [path, fields.get(path) ?? null]),
  );
}

export function knownAt(known: Known, path: string): string {
  return Object.hasOwn(known, path) ? known[path]! : '';
}

/** The same text for the same content, in whatever order it was said. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (isObject(inner) ? sorted(inner) : inner));
}

function sorted(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
