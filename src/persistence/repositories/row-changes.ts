import type { Table } from '../tables/define-table.js';

type Field<T> = keyof T & string;

/** The fields a change gives another value; JSON is compared by content. */
export function changedFields<T>({ fields }: Table<T>, before: T, change: Partial<T>): Field<T>[] {
  return fields.filter((field) => {
    if (!(field in (change as object)) || change[field] === undefined || field === 'id' || field === 'version') {
      return false;
    }
    const [a, b] = [before[field], change[field]] as [unknown, unknown];
    if (a === b) return false;
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return true;
    return JSON.stringify(a) !== JSON.stringify(b);
  });
}

/** A row as the journal shows it. */
export function shownFields<T>(table: Table<T>, row: T, fields: readonly Field<T>[]): Record<string, unknown> {
  return Object.fromEntries(
    fields.map((field) => {
      const value: unknown = row[field];
      return [field, table.columns[field].secret && value !== null && value !== '' ? '***' : value];
    }),
  );
}
