import { type IdSource, isIdArray, ownEntry, readId } from './ids.js';
import { type Fields, isObject, keyOf } from './paths.js';

/** A record named by another one. */
export interface Reference {
  readonly collection: string;
  readonly id: string;
}

/** Before an id of Connec!'s that nothing here stands for: kept, so that nothing is lost. */
const foreign = 'connec:';

export function referenceKey({ collection, id }: Reference): string {
  return `${collection}/${id}`;
}

/** Which collection a field names a record of: `organization_id` one of organizations. Undefined for other fields. */
export function collectionOf(field: string): string | undefined {
  const noun = /^(.+)_id$/.exec(field)?.[1];
  if (noun === undefined) return undefined;
  if (noun === 'company') return noun;
  if (noun === 'person' || noun.endsWith('_person')) return 'people';
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
  return /(s|x|ch|sh)$/.test(noun) ? `${noun}es` : `${noun}s`;
}

/** Every record the values name that Connec! alone knows by id, among collections that are shared. */
export function foreignReferences(fields: Fields, source: IdSource, isShared: (name: string) => boolean): Reference[] {
  const found = new Map<string, Reference>();
  rewriteFields(fields, (field, value) => {
    const collection = collectionOf(field);
    if (collection === undefined || !isShared(collection)) return value;
    const { connec, own } = readId(value, source);
    if (connec !== undefined && own === undefined) found.set(`${collection}/${connec}`, { collection, id: connec });
    return value;
  });
  return [...found.values()];
}

/** Values with our own ids where we know them; `known` has them by `referenceKey`. */
export function inwards(
  fields: Fields,
  source: IdSource,
  isShared: (name: string) => boolean,
  known: ReadonlyMap<string, string>,
): Fields {
  return rewriteFields(fields, (field, value) => {
    const collection = collectionOf(field);
    if (collection === undefined && field !== 'id') return value;
    const plain = typeof value === 'string';
    if (plain && (collection === undefined || !isShared(collection))) return value;
    if (!plain && !isIdArray(value)) return value;
    const { connec, own } = readId(value, source);
    if (own !== undefined) return own;
    if (connec === undefined) return null;
    return known.get(`${collection}/${connec}`) ?? `${foreign}${connec}`;
  });
}

/** Every record of ours the values name, among collections that are shared. */
export function ownReferences(fields: Fields, isShared: (name: string) => boolean): Reference[] {
  const found = new Map<string, Reference>();
  rewriteFields(fields, (field, value) => {
    const collection = collectionOf(field);
    if (collection === undefined || !isShared(collection) || typeof value !== 'string') return value;
    if (value !== '' && !value.startsWith(foreign)) found.set(`${collection}/${value}`, { collection, id: value });
    return value;
  });
  return [...found.values()];
}

/** `told`: Connec! knows it by our id. `absent`: it does not, or not yet. `strange`: it is none of ours. */
export type ReferenceState = 'told' | 'absent' | 'strange';

/**
 * Values as Connec! wants them: our entry for what it knows by it. What it does not know yet is left out, and told when it is there;
 * what is none of ours goes as it is. `states` has them by `referenceKey`.
 */
export function outwards(fields: Fields, source: IdSource, states: ReadonlyMap<string, ReferenceState>): Fields {
  return rewriteFields(fields, (field, value, nested) => {
    if (typeof value !== 'string' || value === '') return value;
    const collection = collectionOf(field);
    if (collection === undefined && !(field === 'id' && nested)) return value;
    if (value.startsWith(foreign)) return value.slice(foreign.length);
    if (collection === undefined) return ownEntry(value, source);
    const state = states.get(`${collection}/${value}`) ?? 'strange';
    if (state === 'told') return ownEntry(value, source);
    return state === 'absent' ? undefined : value;
  });
}

type Rewrite = (field: string, value: unknown, nested: boolean) => unknown;

function rewriteFields(fields: Fields, rewrite: Rewrite): Fields {
  const rewritten = [...fields].map(
    ([path, value]) => [path, rewriteValue(keyOf(path), value, rewrite, false)] as const,
  );
  return new Map(rewritten.filter(([, value]) => value !== undefined));
}

function rewriteValue(field: string, value: unknown, rewrite: Rewrite, nested: boolean): unknown {
  const whole = rewrite(field, value, nested);
  if (whole !== value) return whole;
  if (isIdArray(value) && (field === 'id' || collectionOf(field) !== undefined)) return value;
  if (Array.isArray(value)) return value.map((one: unknown) => rewriteInside(one, rewrite));
  return rewriteInside(value, rewrite);
}

function rewriteInside(value: unknown, rewrite: Rewrite): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => rewriteInside(one, rewrite));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, one]) => [key, rewriteValue(key, one, rewrite, true)] as const);
  return Object.fromEntries(entries.filter(([, one]) => one !== undefined));
}
