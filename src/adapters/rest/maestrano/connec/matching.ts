import type { SharedCollection } from './collections/index.js';
import { fingerprint } from './fingerprint.js';
import type { Fields } from './paths.js';

/** By which fields Connec! may find the record it has already; a set is of use only when the record says all of them. */
export function matchingFor(
  { matchingFields = [] }: SharedCollection,
  fields: Fields,
): readonly (readonly string[])[] | undefined {
  const usable = matchingFields.filter((set) => set.every((path) => fingerprint(fields.get(path)) !== ''));
  return usable.length > 0 ? usable : undefined;
}
