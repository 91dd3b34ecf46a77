/** Prepared statements by hand, nothing between them and the driver but a promise. */
/** @returns {Promise<{ all: Function, run: Function, transaction: Function }>} on MySQL, or on SQLite with the same shape. */
export function openSql(url) {
  return url.startsWith('sqlite:') ? openSqlite(url.slice('sqlite:'.length)) : openMysql(url);
}

const forUpdate = ' FOR UPDATE';

async function openMysql(url) {
  const mysql = await import('mysql2');
  const pool = mysql.createPool({
    uri: url,
    charset: 'utf8mb4_bin',
    trace: false,
    connectionLimit: 10,
    maxPreparedStatements: 1_000,
  });
  pool.on('connection', (connection) => {
    connection.query('SET SESSION transaction_isolation = ?', ['READ-COMMITTED'], () =>
      connection.query('SET SESSION tx_isolation = ?', ['READ-COMMITTED'], () => {}),
    );
  });
  const on = (target) => (text, params) =>
    new Promise((resolve, reject) => {
      target.execute(text, params, (error, result) => (error ? reject(error) : resolve(result)));
    });
  const command = (connection, text) =>
    new Promise((resolve, reject) => {
      connection.query(text, (error) => (error ? reject(error) : resolve()));
    });
  async function transaction(work) {
    const connection = await new Promise((resolve, reject) => {
      pool.getConnection((error, got) => (error ? reject(error) : resolve(got)));
    });
    try {
      await command(connection, 'START TRANSACTION');
      const send = on(connection);
      const result = await work({ forUpdate, all: send, run: send });
      await command(connection, 'COMMIT');
      return result;
    } catch (error) {
      await command(connection, 'ROLLBACK');
      throw error;
    } finally {
      connection.release();
    }
  }
  return { dialect: 'mysql', all: on(pool), run: on(pool), transaction, close: () => pool.promise().end() };
}

async function openSqlite(file) {
  const { default: Libsql } = await import('libsql');
  const reader = statementsOn(new Libsql(file, { timeout: 2_000 }));
  const connection = new Libsql(file, { timeout: 2_000 });
  connection.exec('PRAGMA synchronous = FULL');
  const writer = statementsOn(connection);
  let last = Promise.resolve();
  async function transact(work) {
    connection.exec('BEGIN IMMEDIATE');
    try {
      const result = await work(writer);
      connection.exec('COMMIT');
      return result;
    } catch (error) {
      connection.exec('ROLLBACK');
      throw error;
    }
  }
  function transaction(work) {
    const result = last.then(() => transact(work));
    last = result.catch(() => undefined);
    return result;
  }
  return {
    dialect: 'sqlite',
    all: reader.all,
    run: (...args) => transaction((sql) => sql.run(...args)),
    transaction,
    close: async () => connection.close(),
  };
}

function statementsOn(connection) {
  const prepared = new Map();
  const statement = (text) => {
    const known = prepared.get(text) ?? connection.prepare(text);
    prepared.set(text, known);
    return known;
  };
  return {
    forUpdate: '',
    all: async (text, params = []) => statement(text).all(params),
    run: async (text, params = []) => statement(text).run(params),
  };
}
