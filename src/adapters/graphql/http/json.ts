import { Refusal } from './refusal.js';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Parses one JSON object into null-prototype objects down to `depth` levels; names of prototypes are refused with 400. */
export function parseJsonObject(text: string, what: string, depth: number): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal(400, `${what} is not JSON`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal(400, `${what} must be a JSON object`);
  }
  return withoutPrototypes(value, what, depth) as JsonObject;
}

/** Copies plain JSON data into objects without a prototype, so that no key of a caller can be taken for a method or a parent. */
export function withoutPrototypes(value: unknown, what: string, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) throw new Refusal(400, `${what} is nested too deeply`);
  if (Array.isArray(value)) return value.map((item) => withoutPrototypes(item, what, depth - 1));
  const copy = Object.create(null) as Record<string, unknown>;
  for (const key of Object.keys(value)) {
    if (key === '__proto__') throw new Refusal(400, `${what} has a key that is not allowed`);
    copy[key] = withoutPrototypes((value as Record<string, unknown>)[key], what, depth - 1);
  }
  return copy;
}
