import type { Secrets } from '../secrets.js';
import type { Dialect } from '../sql/sql.js';
import type { Table } from '../tables/define-table.js';
import { type Codec, createCodec } from './codec.js';
import { createStatements, type Statements } from './statements.js';

/** A table with everything that is made once per process to read and write it. */
export interface StoredTable<T> {
  readonly table: Table<T>;
  readonly codec: Codec<T>;
  readonly statements: Statements;
}

export type Storage = <T>(table: Table<T>) => StoredTable<T>;

export function createStorage(dialect: Dialect, secrets: Secrets): Storage {
  const made = new Map<string, StoredTable<unknown>>();
  return <T>(table: Table<T>) => {
    const known = made.get(table.name);
    if (known) return known as StoredTable<T>;
    const stored = { table, codec: createCodec(table, secrets), statements: createStatements(table, dialect) };
    made.set(table.name, stored as StoredTable<unknown>);
    return stored;
  };
}
