import type { Property } from '../../../core/shared/properties.js';

type Pairs = Readonly<Record<string, string | null>>;

/** The pairs of a file as commands take them; absent when the object has just these, for their order in a file says nothing. */
export function propertiesFor(
  wanted: Pairs | undefined,
  present: readonly Property[] = [],
): { readonly properties?: readonly Property[] } {
  if (wanted === undefined) return {};
  const properties = Object.entries(wanted).map(([name, value]) => ({ name, value }));
  const has = new Map(present.map(({ name, value }) => [name, value]));
  const same = has.size === properties.length && properties.every(({ name, value }) => has.get(name) === value);
  return same ? {} : { properties };
}

export function writeProperties(properties: readonly Property[]): Pairs | undefined {
  if (properties.length === 0) return undefined;
  return Object.fromEntries(properties.map(({ name, value }) => [name, value]));
}
