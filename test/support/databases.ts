import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ids } from '../../src/core/shared/ids.js';
import { openPersistence, type Persistence } from '../../src/persistence/index.js';
import { openDatabase } from '../../src/persistence/sql/open-database.js';
import type { Database, Dialect } from '../../src/persistence/sql/sql.js';
import { allTables } from '../../src/persistence/tables/index.js';
import { createIds } from '../../src/platform/ids.js';
import { createKeyring, generateSecretKey, type Keyring } from '../../src/platform/keyring.js';
import { createLogger } from '../../src/platform/logger.js';
import { type TestClock, testClock } from './clock.js';
import { createMysqlSchema, mysqlProblem } from './mysql.js';

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
  /** Another process's view of the same database; closed with the file. */
  open(options?: { clock?: TestClock; keyring?: Keyring; poolSize?: number }): Promise<Persistence>;
}

export interface EmptyDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** An empty database without tables. */
export async function createEmptyDatabase(dialect: Dialect): Promise<EmptyDatabase> {
  if (dialect === 'mysql') return createMysqlSchema();
  const folder = await mkdtemp(join(tmpdir(), 'mercator-test-'));
  return { url: `sqlite:${join(folder, 'hub.db')}`, drop: () => rm(folder, { recursive: true, force: true }) };
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
export function onEveryDatabase(what: string, define: (db: TestDatabase) => void): void {
  describe(`${what} on sqlite`, () => suite('sqlite', define));
  if (problem === undefined) describe(`${what} on mysql`, () => suite('mysql', define));
  else withoutMysql(`${what} on mysql`, problem);
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

function suite(dialect: Dialect, define: (db: TestDatabase) => void): void {
  let current: TestDatabase | undefined;
  beforeAll(async () => {
    const known = opened.get(dialect) ?? openTestDatabase(dialect);
    opened.set(dialect, known);
    current = await known;
  });
  beforeEach(async () => {
    current!.clock.set(start);
    await emptyTables(current!.raw);
  });
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
  return { dialect, url: empty.url, persistence, raw, clock, ids, keyring, open };
}

/** DELETE takes milliseconds where TRUNCATE takes a fifth of a second. */
async function emptyTables(database: Database): Promise<void> {
  await database.transaction(async (sql) => {
    for (const table of allTables) if (table.name !== 'inbox_slots') await sql.run(`DELETE FROM ${table.name}`);
  });
}
