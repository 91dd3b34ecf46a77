import type { DatabaseAddress } from './database-url.js';

export type Dialect = 'sqlite' | 'mysql';

/** What may be bound. The SQLite driver aborts the process on anything else, so both drivers check (`checkParams`). */
export type SqlValue = string | number | null;

export type Row = Record<string, unknown>;

/** Statements on one connection, or on whichever is free. Text should be constant: it is prepared once and kept. */
export interface Sql {
  readonly dialect: Dialect;
  all<T extends object = Row>(text: string, params?: readonly SqlValue[]): Promise<T[]>;
  /** Rows that matched. */
  run(text: string, params?: readonly SqlValue[]): Promise<number>;
}

export interface Database {
  readonly dialect: Dialect;
  readonly address: DatabaseAddress;
  /** Committed data, outside any transaction. On SQLite read-only. */
  readonly read: Sql;
  /**
   * One transaction (READ COMMITTED). On deadlock, lock timeout or a connection lost before the commit, the whole of `work`
   * runs again in a new one, at most three times; then `busy`.
   */
  transaction<T>(work: (sql: Sql) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** Several reads of one committed state; what it is given takes no writes. On SQLite one at a time. */
  snapshot<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** One writing statement, committed by itself, retried like a transaction. */
  execute(text: string, params?: readonly SqlValue[]): Promise<number>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface TransactionOptions {
  /** Doing the work again after a commit whose outcome is unknown does no harm (it finds its own inbox row). */
  readonly repeatable?: boolean;
}

/** Throws on what a driver would store wrongly or die of: booleans, undefined, objects, NaN. */
export function checkParams(params: readonly SqlValue[]): void {
  for (const value of params as readonly unknown[]) {
    if (typeof value === 'string' || value === null) continue;
    if (typeof value === 'number' && Number.isFinite(value)) continue;
    throw new TypeError(`cannot bind a value of type ${typeof value}`);
  }
}

/** A unique index refused a row. */
export class UniqueViolation extends Error {
  constructor(cause: unknown) {
    super('a unique index refused the row', { cause });
    this.name = 'UniqueViolation';
  }
}
