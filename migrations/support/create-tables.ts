import type { QueryRunner, Table, TableColumnOptions, TableIndexOptions } from 'typeorm';
import type { ColumnSpec } from './columns.js';

export interface TableSpec {
  readonly name: string;
  readonly columns: Readonly<Record<string, ColumnSpec>>;
  readonly primaryKey?: readonly string[];
  /** Index name to its columns. */
  readonly unique?: Readonly<Record<string, readonly string[]>>;
  readonly indexes?: Readonly<Record<string, readonly string[]>>;
}

/** Creates what is not there yet: MySQL commits each table by itself, so a run that broke off is simply run again. */
export async function createTables(runner: QueryRunner, specs: readonly TableSpec[]): Promise<void> {
  for (const spec of specs) await runner.createTable(await tableOf(runner, spec), true);
}

export async function dropTables(runner: QueryRunner, specs: readonly TableSpec[]): Promise<void> {
  for (const spec of [...specs].reverse()) await runner.dropTable(spec.name, true);
}

/** TypeORM is loaded when something is to be done, not when somebody asks which steps there are. */
async function tableOf(runner: QueryRunner, spec: TableSpec): Promise<Table> {
  const { Table } = await import('typeorm');
  const mysql = runner.dataSource.options.type !== 'better-sqlite3';
  const primaryKey = spec.primaryKey ?? ['id'];
  return new Table({
    name: spec.name,
    ...(mysql ? { engine: 'InnoDB' } : {}),
    columns: Object.entries(spec.columns).map(([name, column]) => ({
      name,
      isPrimary: primaryKey.includes(name),
      isNullable: column.nullable === true,
      ...physicalType(column, mysql),
    })),
    indices: [...indexesOf(spec.unique ?? {}, true), ...indexesOf(spec.indexes ?? {}, false)],
  });
}

function indexesOf(indexes: Readonly<Record<string, readonly string[]>>, isUnique: boolean): TableIndexOptions[] {
  return Object.entries(indexes).map(([name, columns]) => ({ name, columnNames: [...columns], isUnique }));
}

function physicalType({ kind, length }: ColumnSpec, mysql: boolean): Pick<TableColumnOptions, 'type' | 'length'> {
  const asciiText = mysql ? { charset: 'ascii', collation: 'ascii_bin' } : {};
  const unicodeText = mysql ? { charset: 'utf8mb4', collation: 'utf8mb4_bin' } : {};
  switch (kind) {
    case 'char':
      return { type: mysql ? 'char' : 'varchar', length: String(length), ...asciiText };
    case 'ascii':
      return { type: 'varchar', length: String(length), ...asciiText };
    case 'text':
      return { type: 'varchar', length: String(length), ...unicodeText };
    case 'long':
      return { type: mysql ? 'mediumtext' : 'text', ...unicodeText };
    case 'bool':
      return { type: 'tinyint' };
    case 'int':
      return { type: mysql ? 'int' : 'integer' };
    case 'bigint':
      return { type: 'bigint' };
  }
}
