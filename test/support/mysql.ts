import { randomBytes } from 'node:crypto';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';
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

/** Creates a schema without tables. Whoever creates it drops it. */
export async function createMysqlSchema(): Promise<MysqlSchema> {
  const name = `mercator_test_${process.env.JEST_WORKER_ID ?? '0'}_${randomBytes(5).toString('hex')}`;
  await statement(`CREATE DATABASE \`${name}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  return { name, url: urlOf(name), drop: () => statement(`DROP DATABASE IF EXISTS \`${name}\``) };
}

/**
 * A schema without rows for somebody who will migrate it: one that was migrated before and given back where there is one,
 * for migrating takes far longer than most tests here. Dropping it gives it back, emptied.
 */
export async function lendMysqlSchema(): Promise<MysqlSchema> {
  const folder = process.env.MERCATOR_TEST_RUN;
  if (folder === undefined) return createMysqlSchema(); // outside of a run there is nobody to drop it
  const name = (await takeFree(folder)) ?? (await createFor(folder));
  return { name, url: urlOf(name), drop: () => giveBack(folder, name) };
}

async function takeFree(folder: string): Promise<string | undefined> {
  for (const name of await readdir(join(folder, 'free'))) {
    const taken = await rename(join(folder, 'free', name), join(folder, 'lent', name)).then(
      () => true,
      () => false, // another worker was quicker
    );
    if (taken) return name;
  }
  return undefined;
}

async function createFor(folder: string): Promise<string> {
  const { name } = await createMysqlSchema();
  await writeFile(join(folder, 'lent', name), '');
  return name;
}

/** What somebody still has open is not lent again: what they might write there would be a riddle to the next. */
async function giveBack(folder: string, name: string): Promise<void> {
  const free = await withConnection(async (connection) => {
    const closed = await nobodyIsConnected(connection, name);
    if (closed) await emptySchema(connection, name);
    else await connection.query(`DROP DATABASE \`${name}\``);
    return closed;
  });
  const mark = join(folder, 'lent', name);
  if (free) await rename(mark, join(folder, 'free', name));
  else await rm(mark);
}

/** The server hears of a closed connection a little later. */
async function nobodyIsConnected(connection: Connection, name: string): Promise<boolean> {
  for (let pause = 1; pause < 1_000; pause *= 2) {
    const [open] = await connection.query<RowDataPacket[]>(
      'SELECT ID FROM information_schema.PROCESSLIST WHERE DB = ?',
      [name],
    );
    if (open.length === 0) return true;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return false;
}

/** Its tables stay, and in three of them what migrating put there. */
async function emptySchema(connection: Connection, name: string): Promise<void> {
  const [tables] = await connection.query<RowDataPacket[]>(
    "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME NOT IN ('schema_migrations', 'schema_locks', 'inbox_slots')",
    [name],
  );
  if (tables.length === 0) return;
  await connection.query(`USE \`${name}\``);
  const asked = tables.map((table) => `EXISTS (SELECT 1 FROM \`${table.name}\`) AS \`${table.name}\``);
  const [[filled]] = await connection.query<RowDataPacket[]>(`SELECT ${asked.join(', ')}`);
  await connection.beginTransaction();
  for (const table of Object.keys(filled!))
    if (filled![table] === 1) await connection.query(`DELETE FROM \`${table}\``);
  await connection.commit();
}

function urlOf(name: string): string {
  const url = new URL(mysqlUrl);
  url.pathname = `/${name}`;
  return url.toString();
}

async function statement(sql: string): Promise<void> {
  await withConnection((connection) => connection.query(sql));
}

async function withConnection<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await mysql.createConnection({ uri: mysqlUrl });
  try {
    return await work(connection);
  } finally {
    await connection.end();
  }
}
