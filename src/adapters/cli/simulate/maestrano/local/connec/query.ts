import type { Fields } from '../model.js';
import { valueAt } from './records.js';

/** `$filter` names something that is not understood. */
export class UnknownFilter extends Error {}

type Condition = (entity: Fields) => boolean;

const holds: Record<string, (order: number) => boolean> = {
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
};

/** Reads `updated_at gt '2026-01-01T00:00:00Z' and status eq 'ACTIVE'`. @throws {UnknownFilter} */
export function readFilter(text: string): Condition {
  if (text.trim() === '') return () => true;
  const conditions = text.split(/ and (?=(?:[^']*'[^']*')*[^']*$)/i).map(readCondition);
  return (entity) => conditions.every((condition) => condition(entity));
}

function readCondition(text: string): Condition {
  const match = /^\s*([\w./]+)\s+(eq|ne|gt|ge|lt|le)\s+(?:'((?:[^']|'')*)'|([\w.+-]+))\s*$/i.exec(text);
  if (match === null) throw new UnknownFilter(text);
  const [, path = '', operator = '', quoted, bare] = match;
  const wanted = quoted?.replaceAll("''", "'") ?? bare ?? '';
  const compare = holds[operator.toLowerCase()]!;
  return (entity) => {
    const value = valueAt(entity, path);
    return value !== undefined && value !== null && compare(orderOf(String(value), wanted));
  };
}

function orderOf(value: string, wanted: string): number {
  const looksLikeDate = /^\d{4}-\d\d-\d\d/;
  if (looksLikeDate.test(value) && looksLikeDate.test(wanted)) return Date.parse(value) - Date.parse(wanted);
  const difference = Number(value) - Number(wanted);
  if (!Number.isNaN(difference)) return difference;
  return value < wanted ? -1 : value > wanted ? 1 : 0;
}

/** `updated_at desc`; what was made first comes first where nothing is said. */
export function sorted(entities: readonly Fields[], text: string): readonly Fields[] {
  const [path = '', direction = 'asc'] = text.trim().split(/\s+/);
  if (path === '') return entities;
  const sign = direction.toLowerCase() === 'desc' ? -1 : 1;
  return [...entities].sort(
    (one, other) => sign * orderOf(String(valueAt(one, path) ?? ''), String(valueAt(other, path) ?? '')),
  );
}

export interface Page {
  readonly entities: readonly Fields[];
  /** How many come before the next page; undefined on the last. */
  readonly next: number | undefined;
}

export function pageOf(entities: readonly Fields[], query: URLSearchParams, size: number): Page {
  const skip = Math.max(0, Math.trunc(Number(query.get('$skip') ?? 0)) || 0);
  const top = Math.min(size, Math.max(1, Math.trunc(Number(query.get('$top') ?? size)) || size));
  const next = skip + top < entities.length ? skip + top : undefined;
  return { entities: entities.slice(skip, skip + top), next };
}
