import { existsSync, statfsSync } from 'node:fs';
import { copyFile, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ids } from '../../src/core/shared/ids.js';
import { openPersistence, type Persistence } from '../../src/persistence/index.js';
import { openDatabase } from '../../src/persistence/sql/open-database.js';
import type { Database, Dialect, Sql, SqlValue } from '../../src/persistence/sql/sql.js';
import { allTables } from '../../src/persistence/tables/index.js';
import { createIds } from '../../src/platform/ids.js';
import { createKeyring, generateSecretKey, type Keyring } from '../../src/platform/keyring.js';
import { createLogger } from '../../src/platform/logger.js';
import { type TestClock, testClock } from './clock.js';
import { createMysqlSchema, lendMysqlSchema, mysqlProblem } from './mysql.js';

/** A migrated database of this test file's own, empty at the begin of every test, with the clock back at its start. */
export interface TestDatabase {
  readonly dialect: Dialect;
  /** For DATABASE_URL. */
  readonly url: string;
  readonly persistence: Persistence;
  /** A second way in, for what no port offers: looking at rows, tampering with them. */
  readonly raw: Database;
  readonly clock: TestClock;
  readonly ids: Ids;
  readonly keyring: Keyring;
  /** Remembers every row; what it answers puts the database back to them, which takes less than making them again. */
  remember(): Promise<() => Promise<void>>;
  /** Another process's view of the same database; closed with the file. */
  open(options?: { clock?: TestClock; keyring?: Keyring; poolSize?: number }): Promise<Persistence>;
}

export interface EmptyDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** A database without tables. */
export async function createBareDatabase(dialect: Dialect): Promise<EmptyDatabase> {
  return dialect === 'mysql' ? createMysqlSchema() : createSqliteFile();
}

/** A database without rows for somebody who will migrate it; the tables may be there, for migrating takes its time. */
export async function createEmptyDatabase(dialect: Dialect): Promise<EmptyDatabase> {
  if (dialect === 'mysql') return lendMysqlSchema();
  const file = await createSqliteFile();
  await copyFile(await migratedFile(), file.path);
  return file;
}

/** Memory where there is plenty of it: every commit waits for the disk otherwise. */
const quickFolder = hasRoom('/dev/shm') ? '/dev/shm' : tmpdir();

function hasRoom(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= 1_073_741_824;
  } catch {
    return false; // no such folder on this system
  }
}

async function createSqliteFile(): Promise<EmptyDatabase & { readonly path: string }> {
  const folder = await mkdtemp(join(quickFolder, 'mercator-test-'));
  const path = join(folder, 'hub.db');
  return { path, url: `sqlite:${path}`, drop: () => rm(folder, { recursive: true, force: true }) };
}

/** Of this run, made by the worker that needs it first. */
async function migratedFile(): Promise<string> {
  const run = process.env.MERCATOR_TEST_RUN;
  if (run === undefined) throw new Error('only test files may have an empty database');
  const migrated = join(run, 'migrated.db');
  if (existsSync(migrated)) return migrated;
  const file = await createSqliteFile();
  const clock = testClock(start);
  const persistence = await openPersistence({
    databaseUrl: file.url,
    secrets: createKeyring(generateSecretKey()),
    clock,
    ids: createIds(clock),
    logger: createLogger({ level: 'silent' }),
    poolSize: 1,
  });
  await persistence.migrate();
  await persistence.close();
  const raw = await openDatabase(file.url, 1);
  await emptyTables(raw);
  await raw.execute('PRAGMA wal_checkpoint(TRUNCATE)').catch(() => undefined);
  await raw.close();
  const part = `${migrated}.${process.pid}`;
  await copyFile(file.path, part);
  await rename(part, migrated);
  await file.drop();
  return migrated;
}

const start = '2026-01-15T09:00:00.000Z';
const problem = await mysqlProblem();
const opened = new Map<Dialect, Promise<TestDatabase>>();
const endings: (() => Promise<void>)[] = [];

afterAll(async () => {
  for (const end of endings.reverse()) await end();
});

/**
 * The suite on SQLite and on MySQL. Where MySQL does not answer, its half is reported as skipped with the reason; under
 * CI=true that is a failure.
 */
export function onEveryDatabase(what: string, define: (db: TestDatabase) => void, options: SuiteOptions = {}): void {
  describe(`${what} on sqlite`, () => suite('sqlite', define, options));
  if (problem === undefined) describe(`${what} on mysql`, () => suite('mysql', define, options));
  else withoutMysql(`${what} on mysql`, problem);
}

export interface SuiteOptions {
  /** The database is emptied before the first test alone: for suites that only read, or put everything back. */
  readonly emptied?: 'once';
}

/** For suites that make their own databases. */
export function onEveryDialect(what: string, define: (dialect: Dialect) => void): void {
  describe(`${what} on sqlite`, () => define('sqlite'));
  if (problem === undefined) describe(`${what} on mysql`, () => define('mysql'));
  else withoutMysql(`${what} on mysql`, problem);
}

function withoutMysql(what: string, reason: string): void {
  if (process.env.CI === 'true' || process.env.CI === '1') {
    it(what, () => {
      throw new Error(`CI needs MySQL: ${reason}`);
    });
  } else {
    describe.skip(`${what} (skipped: ${reason})`, () => {
      it('needs MySQL', () => undefined);
    });
  }
}

function suite(dialect: Dialect, define: (db: TestDatabase) => void, { emptied }: SuiteOptions): void {
  let current: TestDatabase | undefined;
  const clean = async () => {
    current!.clock.set(start);
    await emptyTables(current!.raw);
  };
  beforeAll(async () => {
    const known = opened.get(dialect) ?? openTestDatabase(dialect);
    opened.set(dialect, known);
    current = await known;
    if (emptied === 'once') await clean();
  });
  if (emptied !== 'once') beforeEach(clean);
  define(new Proxy({} as TestDatabase, {
    get: (_, property) => {
      if (current === undefined) throw new Error('the database is there inside tests only');
      return current[property as keyof TestDatabase];
    },
  }));
}

async function openTestDatabase(dialect: Dialect): Promise<TestDatabase> {
  const empty = await createEmptyDatabase(dialect);
  endings.push(() => empty.drop());
  const clock = testClock(start);
  const ids = createIds(clock);
  const keyring = createKeyring(generateSecretKey());
  const logger = createLogger({ level: 'silent' });

  const open: TestDatabase['open'] = async (options = {}) => {
    const own = options.clock ?? clock;
    const persistence = await openPersistence({
      databaseUrl: empty.url,
      secrets: options.keyring ?? keyring,
      clock: own,
      ids: own === clock ? ids : createIds(own),
      logger,
      poolSize: options.poolSize ?? 10,
    });
    endings.push(() => persistence.close());
    return persistence;
  };

  const persistence = await open();
  await persistence.migrate();
  const raw = await openDatabase(empty.url, 2);
  endings.push(() => raw.close());
  return { dialect, url: empty.url, persistence, raw, clock, ids, keyring, open, remember: () => remember(raw) };
}

const names = allTables.map(({ name }) => name).filter((name) => name !== 'inbox_slots');
const whichHaveRows = `SELECT ${names.map((name) => `EXISTS (SELECT 1 FROM ${name}) AS ${name}`).join(', ')}`;

async function filledTables(sql: Sql): Promise<string[]> {
  const [filled] = await sql.all<Record<string, number>>(whichHaveRows);
  return names.filter((name) => Number(filled![name]) === 1);
}

/** DELETE takes milliseconds where TRUNCATE takes a fifth of a second, and most tables have no rows. */
function emptyTables(database: Database): Promise<void> {
  return database.transaction(async (sql) => {
    for (const name of await filledTables(sql)) await sql.run(`DELETE FROM ${name}`);
  });
}

async function remember(database: Database): Promise<() => Promise<void>> {
  const inserts: [text: string, values: SqlValue[]][] = [];
  for (const name of await filledTables(database.read)) {
    const rows = await database.read.all<Record<string, SqlValue>>(`SELECT * FROM ${name}`);
    const columns = Object.keys(rows[0]!);
    const row = `(${columns.map(() => '?').join(', ')})`;
    inserts.push([
      `INSERT INTO ${name} (${columns.map((column) => `\`${column}\``).join(', ')}) VALUES ${rows.map(() => row).join(', ')}`,
      rows.flatMap((one) => columns.map((column) => one[column]!)),
    ]);
  }
  return () =>
    database.transaction(async (sql) => {
      for (const name of await filledTables(sql)) await sql.run(`DELETE FROM ${name}`);
      for (const [text, values] of inserts) await sql.run(text, values);
    });
}
