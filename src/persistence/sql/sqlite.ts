import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type LibsqlDatabase from 'libsql';
import { DomainError } from '../../core/shared/errors.js';
import { unnested } from './nesting.js';
import { checkParams, type Database, type Row, type Sql, type SqlValue, UniqueViolation } from './sql.js';

type Connection = LibsqlDatabase.Database;
type Statement = LibsqlDatabase.Statement<unknown[]>;

/** How long a transaction waits for another process to finish its own. */
const lockWaitMs = 15_000;

/**
 * One write connection behind a queue, a whole transaction at a time, and one read-only connection beside it (WAL): the
 * driver is synchronous, so one statement runs at a time in any case. In-memory databases are files in a private temporary
 * folder, so that readers see exactly what they see with a file: committed data.
 */
export async function openSqlite(path: string, temporary: boolean): Promise<Database> {
  const { default: Libsql } = await import('libsql');
  const folder = temporary ? mkdtempSync(join(tmpdir(), 'mercator-')) : undefined;
  const file = folder === undefined ? path : join(folder, 'memory.db');
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });

  // The driver waits synchronously: a long wait would stop this process, and with it perhaps the one waited for.
  const writer = new Libsql(file, { timeout: 20 });
  await whenFree(() => writer.exec('PRAGMA journal_mode = WAL'));
  writer.exec(`PRAGMA synchronous = ${temporary ? 'OFF' : 'FULL'}`);
  writer.exec('PRAGMA foreign_keys = ON');
  const reader = new Libsql(file, { timeout: 2_000 });
  reader.exec('PRAGMA query_only = ON');

  const write = statementsOn(writer);
  const read = statementsOn(reader);
  const snapshots = snapshotsOn(file);
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;

  function queued<T>(work: () => Promise<T>): Promise<T> {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  }

  async function transact<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    if (closed) throw new Error('the database is closed');
    await whenFree(() => writer.exec('BEGIN IMMEDIATE'));
    try {
      const result = await work(write);
      await whenFree(() => writer.exec('COMMIT'));
      return result;
    } catch (error) {
      if (writer.inTransaction) writer.exec('ROLLBACK');
      throw error;
    }
  }

  return {
    dialect: 'sqlite',
    address: { dialect: 'sqlite', path: file, temporary },
    read,
    transaction: (work) => unnested(() => queued(() => transact(work))),
    snapshot: (work) => snapshots.run(work),
    execute: (text, params) => unnested(() => queued(() => transact((sql) => sql.run(text, params)))),
    async ping() {
      await read.all('SELECT 1 AS one');
    },
    async close() {
      await last;
      if (closed) return;
      closed = true;
      await snapshots.close();
      reader.close();
      writer.close();
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A connection of their own, made for the first: others must not read the state one of them is held at. */
function snapshotsOn(file: string) {
  let connection: Promise<{ readonly own: Connection; readonly sql: Sql }> | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function open() {
    const { default: Libsql } = await import('libsql');
    const own = new Libsql(file, { timeout: 2_000 });
    own.exec('PRAGMA query_only = ON');
    return { own, sql: statementsOn(own) };
  }

  async function attempt<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    connection ??= open();
    const { own, sql } = await connection;
    own.exec('BEGIN');
    try {
      return await work(sql);
    } finally {
      own.exec('COMMIT');
    }
  }

  return {
    run<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
      const result = last.then(() => attempt(work));
      last = result.catch(() => undefined);
      return result;
    },
    async close(): Promise<void> {
      await last;
      if (connection !== undefined) (await connection).own.close();
    },
  };
}

async function whenFree(attempt: () => void): Promise<void> {
  for (const deadline = performance.now() + lockWaitMs; ; ) {
    try {
      return attempt();
    } catch (error) {
      if (!codeOf(error).startsWith('SQLITE_BUSY')) throw error;
      if (performance.now() > deadline) throw new DomainError('busy', {}, { cause: error });
    }
    await pause(2 + Math.random() * 8);
  }
}

function statementsOn(connection: Connection): Sql {
  const prepared = new Map<string, Statement>();

  function statement(text: string): Statement {
    const known = prepared.get(text);
    if (known) return known;
    const made = connection.prepare(text);
    if (prepared.size >= 1_000) prepared.delete(prepared.keys().next().value!);
    prepared.set(text, made);
    return made;
  }

  return {
    dialect: 'sqlite',
    async all<T extends object = Row>(text: string, params: readonly SqlValue[] = []) {
      checkParams(params);
      try {
        return statement(text).all(params) as T[];
      } catch (error) {
        throw translated(error);
      }
    },
    async run(text, params = []) {
      checkParams(params);
      try {
        return statement(text).run(params).changes;
      } catch (error) {
        throw translated(error);
      }
    },
  };
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

function translated(error: unknown): unknown {
  const code = codeOf(error);
  return code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY'
    ? new UniqueViolation(error)
    : error;
}
