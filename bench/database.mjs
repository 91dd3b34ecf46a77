/** A database of this run alone, gone when it ends. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { mysqlUrl, whyNoMysql } from '../scripts/mysql-probe.mjs';

/** @returns {Promise<{ url: string, server: string, drop: () => Promise<void> }>} */
export async function createPrivateDatabase(dialect, folder) {
  if (dialect === 'sqlite') {
    return { url: `sqlite:${join(folder, 'bench.db')}`, server: 'SQLite', drop: async () => {} };
  }
  const problem = await whyNoMysql();
  if (problem !== undefined) throw new Error(problem);
  const name = `mercator_bench_${randomBytes(6).toString('hex')}`;
  const server = await onServer(async (connection) => {
    await connection.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
    const [rows] = await connection.query('SELECT VERSION() AS version');
    return rows[0].version;
  });
  const url = new URL(mysqlUrl);
  url.pathname = `/${name}`;
  return {
    url: url.toString(),
    server,
    drop: () => onServer((connection) => connection.query(`DROP DATABASE IF EXISTS ${name}`)),
  };
}

async function onServer(work) {
  const connection = await mysql.createConnection({ uri: mysqlUrl });
  try {
    return await work(connection);
  } finally {
    await connection.end();
  }
}
