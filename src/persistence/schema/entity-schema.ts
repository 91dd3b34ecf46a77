import { type ColumnType, EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';
import type { Dialect } from '../sql/sql.js';
import type { Column } from '../tables/columns.js';
import { type AnyTable, allTables } from '../tables/index.js';

/** What TypeORM compares the migrated schema with (drift check). Nothing is read or written through these entities. */
export function entitySchemas(dialect: Dialect): EntitySchema[] {
  return allTables.map((table) => entitySchema(table, dialect));
}

function entitySchema(table: AnyTable, dialect: Dialect): EntitySchema {
  return new EntitySchema({
    name: table.name,
    tableName: table.name,
    columns: Object.fromEntries(
      table.fields.map((field) => [
        table.column(field),
        columnOptions(table.column(field), table.columns[field]!, table.primaryKey.includes(field), dialect),
      ]),
    ),
    indices: [
      ...table.unique.map((fields) => indexOptions(table, fields, true)),
      ...table.indexes.map((fields) => indexOptions(table, fields, false)),
    ],
  });
}

function indexOptions(table: AnyTable, fields: readonly string[], unique: boolean) {
  const columns = fields.map((field) => table.column(field));
  return { name: indexName(table.name, columns, unique), columns, unique };
}

/** At most 64 characters (MySQL); SQLite wants names unique in the whole database. */
export function indexName(table: string, columns: readonly string[], unique: boolean): string {
  const name = `${unique ? 'ux' : 'ix'}_${table}_${columns.join('_')}`;
  return name.length <= 64 ? name : `${unique ? 'ux' : 'ix'}_${table}_${columns[0]}_and_${columns.length - 1}_more`;
}

function columnOptions(name: string, column: Column, primary: boolean, dialect: Dialect): EntitySchemaColumnOptions {
  return { name, primary, nullable: column.nullable, ...defaultOf(column), ...physicalType(column, dialect) };
}

function defaultOf({ kind, absent }: Column): { default?: string } {
  return absent === undefined || kind === 'json' || kind === 'long' ? {} : { default: absent };
}

function physicalType(
  column: Column,
  dialect: Dialect,
): Omit<EntitySchemaColumnOptions, 'name'> & { type: ColumnType } {
  const mysql = dialect === 'mysql';
  const asciiText = mysql ? { charset: 'ascii', collation: 'ascii_bin' } : {};
  const unicodeText = mysql ? { charset: 'utf8mb4', collation: 'utf8mb4_bin' } : {};
  switch (column.kind) {
    case 'id':
    case 'instant':
      return { type: mysql ? 'char' : 'varchar', length: column.length, ...asciiText };
    case 'ascii':
      return { type: 'varchar', length: column.length, ...asciiText };
    case 'text':
      return { type: 'varchar', length: column.length, ...unicodeText };
    case 'long':
    case 'json':
    case 'sealed':
      return { type: mysql ? 'mediumtext' : 'text', ...unicodeText };
    case 'int':
      return { type: mysql ? 'int' : 'integer' };
    case 'bool':
      return { type: 'tinyint' };
    case 'big':
    case 'money':
      return { type: 'bigint' };
  }
}
