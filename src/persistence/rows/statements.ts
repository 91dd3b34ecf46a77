import { placeholders } from '../sql/in-list.js';
import type { Dialect } from '../sql/sql.js';
import type { Table } from '../tables/define-table.js';

/** `t.`created_at` AS `createdAt`, …`: rows arrive with the model's names. 64-bit amounts cross as text, exactly. */
export function selectList<T>(
  table: Table<T>,
  fields: readonly (keyof T & string)[] = table.fields,
  alias = 't',
): string {
  return fields.map((field) => `${columnText(table, field, alias)} AS \`${field}\``).join(', ');
}

export function columnText<T>(table: Table<T>, field: keyof T & string, alias = 't'): string {
  const name = `${alias}.\`${table.column(field)}\``;
  const { kind, absent } = table.columns[field];
  if (absent !== undefined) return `COALESCE(${name}, '${absent}')`;
  return kind === 'money' ? `CAST(${name} AS CHAR)` : name;
}

/** The constant statements of one table. Texts for sets of columns are made at their first use and kept. */
export interface Statements {
  readonly byId: string;
  readonly lockById: string;
  readonly rely: string;
  readonly insert: string;
  readonly version: string;
  insertMany(rows: number): string;
  update(fields: readonly string[]): string;
  select(fields: readonly string[], nulls: readonly boolean[]): string;
  count(fields: readonly string[], nulls: readonly boolean[]): string;
  /** All rows where each field passes its test. */
  selectAll(fields: readonly string[], tests: readonly ColumnTest[]): string;
  /** Locks so many rows by id, padded. */
  lockMany(ids: number): string;
  /** Writes the same values to so many rows of one version, padded; `ownId` are the fields that get the row's id. */
  updateMany(fields: readonly string[], ownId: readonly string[], ids: number): string;
}

/** Null, one value, or a padded list of so many. */
export type ColumnTest = 'null' | 'one' | number;

export function createStatements<T>(table: Table<T>, dialect: Dialect): Statements {
  const name = `\`${table.name}\``;
  const columns = table.fields.map((field) => `\`${table.column(field)}\``).join(', ');
  const list = selectList(table);
  const row = `(${table.fields.map(() => '?').join(', ')})`;
  const byId = `SELECT ${list} FROM ${name} t WHERE t.id = ?`;
  const made = new Map<string, string>();

  function once(key: string, make: () => string): string {
    const known = made.get(key);
    if (known !== undefined) return known;
    const text = make();
    made.set(key, text);
    return text;
  }

  const where = (fields: readonly string[], nulls: readonly boolean[]): string =>
    fields.length === 0
      ? '1 = 1'
      : fields.map((field, at) => `t.\`${table.column(field)}\` ${nulls[at] ? 'IS NULL' : '= ?'}`).join(' AND ');
  const tested = (field: string, test: ColumnTest): string => {
    const column = `t.\`${table.column(field)}\``;
    if (test === 'null') return `${column} IS NULL`;
    return test === 'one' ? `${column} = ?` : `${column} IN (${placeholders(test)})`;
  };
  // a small table would be walked, and rows waited for that are none of the unit's
  const byPrimaryKey = dialect === 'mysql' ? ' FORCE INDEX (PRIMARY)' : '';

  return {
    byId,
    lockById: dialect === 'mysql' ? `${byId} FOR UPDATE` : byId,
    rely: `UPDATE ${name} SET version = version + 1 WHERE id = ?`,
    insert: `INSERT INTO ${name} (${columns}) VALUES ${row}`,
    version: `SELECT t.version AS version FROM ${name} t WHERE t.id = ?`,
    insertMany: (rows) =>
      once(`insert ${rows}`, () => `INSERT INTO ${name} (${columns}) VALUES ${new Array(rows).fill(row).join(', ')}`),
    update: (fields) =>
      once(`update ${fields.join()}`, () => {
        const sets = fields.map((field) => `\`${table.column(field)}\` = ?`).join(', ');
        return `UPDATE ${name} SET ${sets}, version = version + 1 WHERE id = ? AND version = ?`;
      }),
    select: (fields, nulls) =>
      once(`select ${fields.join()} ${nulls.join()}`, () => {
        return `SELECT ${list} FROM ${name} t WHERE ${where(fields, nulls)} ORDER BY t.id LIMIT ?`;
      }),
    count: (fields, nulls) =>
      once(`count ${fields.join()} ${nulls.join()}`, () => {
        return `SELECT COUNT(*) AS total FROM ${name} t WHERE ${where(fields, nulls)}`;
      }),
    selectAll: (fields, tests) =>
      once(`select all ${fields.join()} ${tests.join()}`, () => {
        const conditions = fields.map((field, at) => tested(field, tests[at]!)).join(' AND ');
        return `SELECT ${list} FROM ${name} t WHERE ${conditions === '' ? '1 = 1' : conditions}`;
      }),
    lockMany: (ids) =>
      once(`lock ${ids}`, () => {
        const text = `SELECT ${list} FROM ${name} t${byPrimaryKey} WHERE t.id IN (${placeholders(ids)}) ORDER BY t.id`;
        return dialect === 'mysql' ? `${text} FOR UPDATE` : text;
      }),
    updateMany: (fields, ownId, ids) =>
      once(`update ${ids} ${fields.join()} ${ownId.join()}`, () => {
        const sets = [
          ...fields.map((field) => `\`${table.column(field)}\` = ?`),
          ...ownId.map((field) => `\`${table.column(field)}\` = id`),
          'version = version + 1',
        ];
        return `UPDATE ${name}${byPrimaryKey} SET ${sets.join(', ')} WHERE version = ? AND id IN (${placeholders(ids)})`;
      }),
  };
}
