import type { QueryRunner } from 'typeorm';
import type { ColumnSpec } from './columns.js';

export interface AddedColumns {
  readonly table: string;
  /** Nullable in the database, so that a process of the version before can go on inserting while this one already runs. */
  readonly columns: Readonly<Record<string, ColumnSpec>>;
  /**
   * What rows that are there already get, by column; also those the version before goes on inserting, where the database can
   * (long texts have no default): unique keys and conditions hold for them like for any other.
   */
  readonly fill?: Readonly<Record<string, string>>;
  readonly indexes?: Readonly<Record<string, readonly string[]>>;
}

/** Adds what is not there yet: a run that broke off is simply run again. No table is copied. */
export async function addColumns(runner: QueryRunner, specs: readonly AddedColumns[]): Promise<void> {
  for (const { table, columns, fill = {}, indexes = {} } of specs) {
    for (const [name, column] of Object.entries(columns)) {
      if (await runner.hasColumn(table, name)) continue;
      const given = fill[name];
      const absent = given === undefined || column.kind === 'long' ? '' : ` DEFAULT '${given}'`;
      await runner.query(`ALTER TABLE ${table} ADD COLUMN ${name} ${sqlType(column, isMysql(runner))} NULL${absent}`);
    }
    for (const [name, value] of Object.entries(fill)) {
      await runner.query(`UPDATE ${table} SET ${name} = ? WHERE ${name} IS NULL`, [value]);
    }
    for (const [name, on] of Object.entries(indexes)) await addIndex(runner, table, name, on, false);
  }
}

export async function dropColumns(runner: QueryRunner, specs: readonly AddedColumns[]): Promise<void> {
  for (const { table, columns, indexes = {} } of specs) {
    for (const name of Object.keys(indexes)) await dropIndex(runner, table, name);
    for (const name of Object.keys(columns)) {
      if (await runner.hasColumn(table, name)) await runner.query(`ALTER TABLE ${table} DROP COLUMN ${name}`);
    }
  }
}

export async function addIndex(
  runner: QueryRunner,
  table: string,
  name: string,
  columns: readonly string[],
  unique: boolean,
): Promise<void> {
  if (await hasIndex(runner, table, name)) return;
  await runner.query(`CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${name} ON ${table} (${columns.join(', ')})`);
}

export async function dropIndex(runner: QueryRunner, table: string, name: string): Promise<void> {
  if (!(await hasIndex(runner, table, name))) return;
  await runner.query(`DROP INDEX ${name}${isMysql(runner) ? ` ON ${table}` : ''}`);
}

async function hasIndex(runner: QueryRunner, table: string, name: string): Promise<boolean> {
  const found = await runner.getTable(table);
  return found?.indices.some((index) => index.name === name) ?? false;
}

function isMysql(runner: QueryRunner): boolean {
  return runner.dataSource.options.type !== 'better-sqlite3';
}

function sqlType({ kind, length }: ColumnSpec, mysql: boolean): string {
  const ascii = mysql ? ' CHARACTER SET ascii COLLATE ascii_bin' : '';
  const unicode = mysql ? ' CHARACTER SET utf8mb4 COLLATE utf8mb4_bin' : '';
  switch (kind) {
    case 'char':
      return `${mysql ? 'char' : 'varchar'}(${length})${ascii}`;
    case 'ascii':
      return `varchar(${length})${ascii}`;
    case 'text':
      return `varchar(${length})${unicode}`;
    case 'long':
      return mysql ? `mediumtext${unicode}` : 'text';
    case 'bool':
      return 'tinyint';
    case 'int':
      return mysql ? 'int' : 'integer';
    case 'bigint':
      return 'bigint';
  }
}
