import type { StoredTable } from '../rows/stored-table.js';
import type { Dialect, Sql, SqlValue } from '../sql/sql.js';

const largest = 256;

/** What happens to a row whose key is there: the clause that ends an INSERT. */
export type WhenPresent = '' | ((dialect: Dialect) => string);

/** Columns that get the new row's value. */
export function overwrite(key: readonly string[], columns: readonly string[]): WhenPresent {
  return whenPresent(key, columns, (value) => value);
}

/** Columns that get the new row's value added. */
export function increase(key: readonly string[], columns: readonly string[]): WhenPresent {
  return whenPresent(key, columns, (value, column) => `${column} + ${value}`);
}

function whenPresent(
  key: readonly string[],
  columns: readonly string[],
  assignedOf: (value: string, column: string) => string,
): WhenPresent {
  return (dialect) => {
    const given = (column: string) => (dialect === 'mysql' ? `VALUES(${column})` : `excluded.${column}`);
    const sets = columns.map((column) => `${column} = ${assignedOf(given(column), column)}`).join(', ');
    return dialect === 'mysql'
      ? ` ON DUPLICATE KEY UPDATE ${sets}`
      : ` ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${sets}`;
  };
}

/** Writes many rows in few statements, whose texts are few as well: blocks have a power of two of rows. */
export async function writeRows<T>(
  sql: Sql,
  { table, codec, statements }: StoredTable<T>,
  rows: readonly T[],
  present: WhenPresent = '',
): Promise<void> {
  const end = present === '' ? '' : present(sql.dialect);
  for (let at = 0; at < rows.length; ) {
    const size = sizeFor(rows.length - at);
    const values: SqlValue[] = [];
    for (const row of rows.slice(at, at + size)) {
      for (const field of table.fields) values.push(codec.encode(field, row[field]));
    }
    await sql.run(`${statements.insertMany(size)}${end}`, values);
    at += size;
  }
}

function sizeFor(left: number): number {
  let size = largest;
  while (size > left) size /= 2;
  return size;
}
