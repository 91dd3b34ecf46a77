/** Values of an entity by dotted path (`email.address`), and entities made of such values. */

/** Values by path as Connec! spells it. */
export type Fields = ReadonlyMap<string, unknown>;

export type JsonObject = Readonly<Record<string, unknown>>;

const isUnsafe = (key: string): boolean => key === '__proto__' || key === 'constructor' || key === 'prototype';

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Undefined when there is nothing at that path. */
export function valueAt(object: JsonObject, path: string): unknown {
  let value: unknown = object;
  for (const key of path.split('.')) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** A copy with the value at that path, and everything else as it was. Keys that reach the language itself are left out. */
export function withValueAt(object: JsonObject, path: string, value: unknown): JsonObject {
  const [key, ...rest] = path.split('.');
  if (key === undefined || isUnsafe(key)) return object;
  if (rest.length === 0) return { ...object, [key]: value };
  const inner = Object.hasOwn(object, key) && isObject(object[key]) ? object[key] : {};
  return { ...object, [key]: withValueAt(inner, rest.join('.'), value) };
}

/** The last part of a path: what the field is called where it stands. */
export function keyOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

/** Deeper than any record of business is; everything that takes one over walks it. */
export const deepestRecord = 32;

/** Whether nothing in the value is deeper than that; looked at without recursion, for what anybody may send. */
export function isShallow(value: unknown, deepest: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest) return false;
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
  }
  return true;
}
