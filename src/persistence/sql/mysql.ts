import type { Connection, Pool, PoolConnection, QueryError, ResultSetHeader, RowDataPacket } from 'mysql2';
import { unnested } from './nesting.js';
import { withRetry } from './retry.js';
import { checkParams, type Database, type Row, type Sql, type SqlValue, UniqueViolation } from './sql.js';

const sqlMode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';
const session = `SET SESSION sql_mode = '${sqlMode}', SESSION innodb_lock_wait_timeout = 10, SESSION transaction_isolation = ?`;

/** Deadlock, lock wait timeout, changed since read (also a lost Galera certification), node not ready. */
const transientErrors = new Set([1213, 1205, 1020, 1047]);
const duplicateEntry = 1062;
/** Killed, server shutting down, idle too long. */
const lostNumbers = new Set([1927, 1053, 4031]);
const lostConnection = new Set(['PROTOCOL_CONNECTION_LOST', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECONNREFUSED']);

/** MySQL 8 or MariaDB, READ COMMITTED on every connection. On a Galera node reads wait for what was committed before. */
export async function openMysql(url: string, poolSize: number): Promise<Database> {
  const mysql = await import('mysql2');
  const options = {
    uri: url,
    charset: 'utf8mb4_bin',
    trace: false,
    connectTimeout: 10_000,
    multipleStatements: false,
  };
  const probe = await ready(mysql.createConnection(options));
  const settings = await sessionSettings(probe);
  probe.destroy();
  const pool = mysql.createPool({
    ...options,
    connectionLimit: poolSize,
    maxIdle: poolSize,
    maxPreparedStatements: 1_000,
    enableKeepAlive: true,
  });
  pool.on('connection', (connection: PoolConnection) => {
    for (const text of settings) {
      connection.query(text, (error) => {
        if (error) connection.destroy(); // whoever waits for it gets a lost connection and tries again on another
      });
    }
  });

  const read = statementsOn(pool);
  let closed = false;
  return {
    dialect: 'mysql',
    address: { dialect: 'mysql', url },
    read,
    transaction: (work, { repeatable = false } = {}) =>
      unnested(() =>
        withRetry(
          () => transact(pool, work),
          (error) => isTransient(error) || (repeatable && error instanceof UnknownOutcome),
        ),
      ),
    snapshot: (work) => snapshot(pool, work),
    execute: (text, params) => unnested(() => withRetry(() => read.run(text, params), isTransientStatement)),
    async ping() {
      await read.all('SELECT 1 AS one');
    },
    async close() {
      if (closed) return;
      closed = true;
      await new Promise<void>((resolve, reject) => pool.end((error) => (error ? reject(error) : resolve())));
    },
  };
}

/** The connection was lost while the commit was under way: it may or may not have happened. */
class UnknownOutcome extends Error {}

async function sessionSettings(connection: Connection): Promise<string[]> {
  const variables = await new Promise<{ name: string; value: string }[]>((resolve, reject) => {
    connection.query<RowDataPacket[]>(
      "SHOW SESSION VARIABLES WHERE Variable_name IN ('tx_isolation','transaction_isolation','wsrep_on')",
      (error, rows) =>
        error
          ? reject(error)
          : resolve(rows.map((row) => ({ name: String(row.Variable_name), value: String(row.Value) }))),
    );
  });
  const has = (name: string): boolean => variables.some((v) => v.name === name);
  const isolation = has('transaction_isolation') ? 'transaction_isolation' : 'tx_isolation';
  const settings = [session.replace('transaction_isolation = ?', `${isolation} = 'READ-COMMITTED'`)];
  if (variables.some((v) => v.name === 'wsrep_on' && v.value.toUpperCase() === 'ON')) {
    settings.push('SET SESSION wsrep_sync_wait = 1');
  }
  return settings;
}

function ready(connection: Connection): Promise<Connection> {
  return new Promise((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve(connection)));
  });
}

/** One read view for all statements; lost connections are not tried again: nothing is half done. */
async function snapshot<T>(pool: Pool, work: (sql: Sql) => Promise<T>): Promise<T> {
  const connection = await connectionOf(pool);
  try {
    await command(connection, 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    await command(connection, 'START TRANSACTION READ ONLY');
    const result = await work(statementsOn(connection));
    await command(connection, 'COMMIT');
    connection.release();
    return result;
  } catch (error) {
    connection.destroy();
    throw error;
  }
}

function connectionOf(pool: Pool): Promise<PoolConnection> {
  return new Promise((resolve, reject) => {
    pool.getConnection((error, got) => (error ? reject(error) : resolve(got)));
  });
}

async function transact<T>(pool: Pool, work: (sql: Sql) => Promise<T>): Promise<T> {
  const connection = await connectionOf(pool);
  let state: 'open' | 'committing' | 'done' = 'open';
  try {
    await command(connection, 'START TRANSACTION');
    const result = await work(statementsOn(connection));
    state = 'committing';
    await command(connection, 'COMMIT');
    state = 'done';
    connection.release();
    return result;
  } catch (error) {
    if (isLost(error)) {
      connection.destroy();
      if (state === 'committing')
        throw new UnknownOutcome('the connection was lost during the commit', { cause: error });
      throw error;
    }
    try {
      await command(connection, 'ROLLBACK');
      connection.release();
    } catch {
      connection.destroy();
    }
    throw error;
  }
}

function command(connection: PoolConnection, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.query(text, (error) => (error ? reject(error) : resolve()));
  });
}

function statementsOn(target: Pool | Connection): Sql {
  function send(text: string, params: readonly SqlValue[]): Promise<unknown> {
    checkParams(params);
    return new Promise((resolve, reject) => {
      target.execute(text, params as SqlValue[], (error: QueryError | null, result: unknown) => {
        if (error) reject(error.errno === duplicateEntry ? new UniqueViolation(error) : error);
        else resolve(result);
      });
    });
  }
  return {
    dialect: 'mysql',
    all: <T extends object = Row>(text: string, params: readonly SqlValue[] = []) => send(text, params) as Promise<T[]>,
    run: async (text, params = []) => ((await send(text, params)) as ResultSetHeader).affectedRows,
  };
}

function isTransient(error: unknown): boolean {
  return transientErrors.has(Number(facts(error).errno)) || isLost(error);
}

/** A lone statement commits by itself: after a lost connection nobody knows whether it did. */
function isTransientStatement(error: unknown): boolean {
  return isTransient(error) && !isLost(error);
}

function isLost(error: unknown): boolean {
  const { code, errno, fatal } = facts(error);
  // the driver's own "connection is closed" has neither code nor number
  return lostConnection.has(String(code)) || lostNumbers.has(Number(errno)) || (fatal === true && errno === undefined);
}

function facts(error: unknown): Partial<QueryError> {
  return typeof error === 'object' && error !== null ? error : {};
}
