import { keepable } from '../../../../../core/shared/text.js';
import { type Fields, type JsonObject, valueAt, withValueAt } from '../paths.js';

/** A path we tell, and others where Connec! may have the same when that one is empty. */
export type SharedPath = readonly [told: string, ...elsewhere: string[]];

/** The values at these paths, empty ones included when they are said. */
export function pickPaths(entity: JsonObject, paths: readonly SharedPath[]): Fields {
  const fields = new Map<string, unknown>();
  for (const places of paths) {
    const values = places.map((path) => valueAt(entity, path));
    const value = values.find(isSaid) ?? values.find((one) => one !== undefined);
    if (value !== undefined) fields.set(places[0], value);
  }
  return fields;
}

export function renderPaths(fields: Fields): JsonObject {
  let entity: JsonObject = {};
  for (const [path, value] of fields) entity = withValueAt(entity, path, value);
  return entity;
}

function isSaid(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

/** A text as the hub can keep it; undefined when the field was not said, '' when it is no text or empty. */
export function textIn(fields: Fields, path: string, most = 200): string | undefined {
  if (!fields.has(path)) return undefined;
  const value = fields.get(path);
  if (typeof value !== 'string') return '';
  return [...new Intl.Segmenter().segment(keepable(value).slice(0, most + 1))]
    .reduce((kept, { segment }) => (kept.length + segment.length > most ? kept : kept + segment), '')
    .trim();
}

/** The same where a check decides; what it refuses counts as not said. */
export function checkedIn(fields: Fields, path: string, check: (value: string) => string): string | undefined {
  const value = textIn(fields, path, 2_000);
  if (value === undefined || value === '') return value;
  try {
    return check(value);
  } catch {
    return undefined; // only checks of values throw here, and nothing but this value depends on them
  }
}
