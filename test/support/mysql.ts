import { randomBytes } from 'node:crypto';
import mysql from 'mysql2/promise';
import { mysqlUrl, whyNoMysql } from '../../scripts/mysql-probe.mjs';

let probed: Promise<string | undefined> | undefined;

/** Undefined when MySQL answers at MYSQL_URL, else why not. Asked once per worker, or once per run by `npm test`. */
export function mysqlProblem(): Promise<string | undefined> {
  const told = process.env.MERCATOR_TEST_MYSQL;
  if (told !== undefined) return Promise.resolve(told === 'reachable' ? undefined : told);
  probed ??= whyNoMysql();
  return probed;
}

export async function isMysqlReachable(): Promise<boolean> {
  return (await mysqlProblem()) === undefined;
}

/** The databases a suite runs on; for `describe.each(await testDialects())`. */
export async function testDialects(): Promise<('sqlite' | 'mysql')[]> {
  return (await isMysqlReachable()) ? ['sqlite', 'mysql'] : ['sqlite'];
}

export interface MysqlSchema {
  name: string;
  /** For DATABASE_URL. */
  url: string;
  drop(): Promise<void>;
}

/** Creates an empty schema of this worker's own. Whoever creates it drops it. */
export async function createMysqlSchema(): Promise<MysqlSchema> {
  const name = `mercator_test_${process.env.JEST_WORKER_ID ?? '0'}_${randomBytes(5).toString('hex')}`;
  await statement(`CREATE DATABASE \`${name}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  const url = new URL(mysqlUrl);
  url.pathname = `/${name}`;
  return { name, url: url.toString(), drop: () => statement(`DROP DATABASE IF EXISTS \`${name}\``) };
}

async function statement(sql: string): Promise<void> {
  const connection = await mysql.createConnection({ uri: mysqlUrl });
  try {
    await connection.query(sql);
  } finally {
    await connection.end();
  }
}
