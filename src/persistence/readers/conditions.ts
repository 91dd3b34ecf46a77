import type { ReaderField } from '../../core/reader-fields.js';
import { DomainError, invalid } from '../../core/shared/errors.js';
import type { Condition, Filter } from '../../core/shared/reading.js';
import { isAscii } from '../sql/ascii.js';
import { padded, placeholders } from '../sql/in-list.js';
import type { Dialect, SqlValue } from '../sql/sql.js';
import { allOf, type Predicate } from './predicate.js';

/** A field of a list with the SQL that names it. */
export interface ListField extends ReaderField {
  readonly sql: string;
  /** The column takes ASCII only; on MySQL comparing it with other text is an error. */
  readonly ascii: boolean;
}

const never: Predicate = { text: '1 = 0', params: [] };
/** The filter as one condition. Throws `invalid_value` for fields the list does not offer and values of another type. */
export function filterPredicate(
  fields: ReadonlyMap<string, ListField>,
  filter: Filter | undefined,
  dialect: Dialect,
): Predicate {
  const parts: Predicate[] = [];
  for (const [name, condition] of Object.entries(filter ?? {})) {
    if (condition === undefined) continue;
    const field = fields.get(name);
    if (field === undefined || !field.filterable) throw invalid(name, 'cannot be filtered by');
    parts.push(...conditionParts(field, condition, dialect));
  }
  return allOf(...parts)!;
}

const comparisons = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

function conditionParts(field: ListField, condition: Condition, dialect: Dialect): Predicate[] {
  const parts: Predicate[] = [];
  const { eq, startsWith } = condition;
  if (eq === null) parts.push(isAbsent(field));
  else if (eq !== undefined) parts.push(equals(field, eq));
  if (condition.in !== undefined) parts.push(isOneOf(field, condition.in));
  for (const [name, operator] of Object.entries(comparisons)) {
    const value = condition[name as keyof typeof comparisons];
    if (value === undefined) continue;
    parts.push({ text: `${field.sql} ${operator} ${mark(field)}`, params: [ranged(field, value)] });
  }
  if (startsWith !== undefined) parts.push(startsWithText(field, startsWith, dialect));
  return parts;
}

/** What crosses as text has 64 bits; it is compared as integers, not as the doubles that text would become. */
const isLong = ({ type }: ListField): boolean => type === 'money' || type === 'long';

export function mark(field: ListField): string {
  return isLong(field) ? 'CAST(? AS SIGNED)' : '?';
}

/** Ids of nothing are '' where the column takes no NULL. */
function isAbsent(field: ListField): Predicate {
  return field.type === 'id' && !field.nullable
    ? { text: `${field.sql} = ''`, params: [] }
    : { text: `${field.sql} IS NULL`, params: [] };
}

function equals(field: ListField, value: string | number | boolean): Predicate {
  const bound = toSql(field, value);
  if (isForeign(field, bound)) return never;
  if (typeof bound === 'string' && bound.endsWith(' ')) {
    // MySQL ignores blanks at the end when it compares
    return { text: `${field.sql} = ? AND LENGTH(${field.sql}) = LENGTH(?)`, params: [bound, bound] };
  }
  return { text: `${field.sql} = ${mark(field)}`, params: [bound] };
}

function isOneOf(field: ListField, values: readonly (string | number)[]): Predicate {
  const bound = values.map((value) => toSql(field, value)).filter((value) => !isForeign(field, value));
  if (bound.length === 0) return never;
  const marks = isLong(field) ? placeholders(bound.length).replaceAll('?', mark(field)) : placeholders(bound.length);
  return { text: `${field.sql} IN (${marks})`, params: padded(bound) };
}

function startsWithText(field: ListField, prefix: string, dialect: Dialect): Predicate {
  if (field.type !== 'text' && field.type !== 'id' && field.type !== 'enum') {
    throw invalid(field.name, 'is no text to be compared by its beginning');
  }
  const bound = toSql(field, prefix) as string;
  if (isForeign(field, bound)) return never;
  if (dialect === 'mysql') {
    return { text: `${field.sql} LIKE ? ESCAPE '|'`, params: [`${bound.replaceAll(/[|%_]/g, '|$&')}%`] };
  }
  return { text: `${field.sql} >= ? AND substr(${field.sql}, 1, length(?)) = ?`, params: [bound, bound, bound] };
}

function ranged(field: ListField, value: string | number): SqlValue {
  if (field.type === 'bool') throw invalid(field.name, 'cannot be compared by order');
  const bound = toSql(field, value);
  if (isForeign(field, bound)) throw invalid(field.name, 'must be ASCII');
  return bound;
}

function isForeign(field: ListField, value: SqlValue): boolean {
  return field.ascii && typeof value === 'string' && !isAscii(value);
}

function toSql(field: ListField, value: unknown): SqlValue {
  switch (field.type) {
    case 'bool':
      if (typeof value === 'boolean') return value ? 1 : 0;
      break;
    case 'int':
      if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
      break;
    case 'money':
    case 'long':
      if (typeof value === 'string' && /^-?\d{1,18}$/.test(value)) return value;
      break;
    default:
      if (typeof value === 'string') return value;
  }
  throw new DomainError('invalid_value', { field: field.name, problem: `must be of type ${field.type}` });
}
