import { padded, placeholders } from '../sql/in-list.js';
import type { SqlValue } from '../sql/sql.js';

/** A condition with its parameters. `''` holds for every row; `undefined` (in unions) for none. */
export interface Predicate {
  readonly text: string;
  readonly params: readonly SqlValue[];
}

export const everything: Predicate = { text: '', params: [] };

export function isIn(column: string, values: readonly SqlValue[]): Predicate | undefined {
  if (values.length === 0) return undefined;
  if (values.length === 1) return { text: `${column} = ?`, params: values };
  return { text: `${column} IN (${placeholders(values.length)})`, params: padded(values) };
}

/** `column IN (select … where …)`; none when the inner condition is. */
export function isAmong(column: string, select: string, inner: Predicate | undefined): Predicate | undefined {
  if (inner === undefined) return undefined;
  const where = inner.text === '' ? '' : ` WHERE ${inner.text}`;
  return { text: `${column} IN (${select}${where})`, params: inner.params };
}

export function anyOf(...parts: readonly (Predicate | undefined)[]): Predicate | undefined {
  const given = parts.filter((part) => part !== undefined);
  if (given.length === 0) return undefined;
  if (given.length === 1 || given.some((part) => part.text === ''))
    return given.find((part) => part.text === '') ?? given[0];
  return { text: `(${given.map((part) => part.text).join(' OR ')})`, params: given.flatMap((part) => part.params) };
}

export function allOf(...parts: readonly (Predicate | undefined)[]): Predicate | undefined {
  if (parts.some((part) => part === undefined)) return undefined;
  const given = (parts as Predicate[]).filter((part) => part.text !== '');
  return { text: given.map((part) => part.text).join(' AND '), params: given.flatMap((part) => part.params) };
}

export function where(predicate: Predicate): string {
  return predicate.text === '' ? '' : ` WHERE ${predicate.text}`;
}
