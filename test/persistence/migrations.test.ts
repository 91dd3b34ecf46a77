import type { MigrationInterface } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import { WrongSecretKey } from '../../src/persistence/index.js';
import { migrationSource } from '../../src/persistence/schema/data-source.js';
import { createMigrations } from '../../src/persistence/schema/migrate.js';
import { openDatabase } from '../../src/persistence/sql/open-database.js';
import type { Database, Dialect } from '../../src/persistence/sql/sql.js';
import { allTables } from '../../src/persistence/tables/index.js';
import { createKeyring, generateSecretKey } from '../../src/platform/keyring.js';
import { testClock } from '../support/clock.js';
import { createBareDatabase, onEveryDatabase, onEveryDialect } from '../support/databases.js';

async function withEmpty(dialect: Dialect, work: (database: Database, url: string) => Promise<void>): Promise<void> {
  const empty = await createBareDatabase(dialect);
  const database = await openDatabase(empty.url, 3);
  try {
    await work(database, empty.url);
  } finally {
    await database.close();
    await empty.drop();
  }
}

async function tablesOf(database: Database): Promise<string[]> {
  const rows = await database.read.all<{ name: string }>(
    database.dialect === 'mysql'
      ? 'SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()'
      : "SELECT name FROM sqlite_master WHERE type = 'table'",
  );
  const names = rows.map((row) => row.name);
  return names.filter((name) => allTables.some((table) => table.name === name)).sort();
}

/** A row that fits any table: every NOT NULL column filled with something of its kind. */
function sampleRow(table: (typeof allTables)[number]): Record<string, string | number> {
  return Object.fromEntries(
    table.fields.map((field) => {
      const { kind, length } = table.columns[field]!;
      const value = { int: 70_007, bool: 1, big: 9_007_199_254, money: '9007199254740993' }[kind as 'int'];
      return [table.column(field), value ?? (kind === 'text' ? 'ä日本' : 'x'.repeat(Math.min(length || 9, 9)))];
    }),
  );
}

/** A process of that step's version: it knows the columns that are there, and the others are filled for it later. */
async function insertSample(database: Database, table: (typeof allTables)[number]): Promise<Record<string, unknown>> {
  const there = await columnsOf(database, table.name);
  const row = Object.fromEntries(Object.entries(sampleRow(table)).filter(([name]) => there.includes(name)));
  const names = Object.keys(row).map((name) => `\`${name}\``);
  await database.execute(
    `INSERT INTO ${table.name} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
    Object.values(row),
  );
  return row;
}

async function columnsOf(database: Database, table: string): Promise<string[]> {
  const rows = await database.read.all<{ name: string }>(
    database.dialect === 'mysql'
      ? 'SELECT COLUMN_NAME AS name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?'
      : 'SELECT name FROM pragma_table_info(?)',
    [table],
  );
  return rows.map((row) => row.name);
}

async function rowsOf(database: Database, table: (typeof allTables)[number]): Promise<unknown[]> {
  const columns = table.fields.map((field) => {
    const name = `\`${table.column(field)}\``;
    return table.columns[field]!.kind === 'money' ? `CAST(${name} AS CHAR) AS ${name}` : name;
  });
  return database.read.all(`SELECT ${columns.join(', ')} FROM ${table.name}`);
}

onEveryDialect('migrations', (dialect) => {
  it('go up, down and up again, and leave no drift', () =>
    withEmpty(dialect, async (database) => {
      const steps = createMigrations(database, testClock());
      expect(await steps.up()).toEqual(migrations.map((step) => step.name));
      expect(await tablesOf(database)).toEqual(allTables.map((table) => table.name).sort());
      expect(await steps.drift()).toEqual([]);
      for (const step of [...migrations].reverse()) expect(await steps.down()).toBe(step.name);
      expect(await steps.down()).toBeUndefined();
      expect(await tablesOf(database)).toEqual([]);
      expect(await steps.up()).toHaveLength(migrations.length);
      expect(await steps.up()).toEqual([]);
      expect(await steps.drift()).toEqual([]);
    }));

  it('keep the rows written after every step', () =>
    withEmpty(dialect, async (database) => {
      const written = new Map<(typeof allTables)[number], Record<string, unknown>>();
      for (let count = 1; count <= migrations.length; count += 1) {
        const source = await (await migrationSource(database.address, migrations.slice(0, count))).initialize();
        await source.runMigrations({ transaction: 'each' });
        await source.destroy();
        for (const name of await tablesOf(database)) {
          const table = allTables.find((one) => one.name === name)!;
          if (written.has(table)) continue;
          written.set(table, await insertSample(database, table));
        }
      }
      expect(written.size).toBe(allTables.length);
      for (const [table, row] of written) {
        expect(await rowsOf(database, table)).toContainEqual(expect.objectContaining(row));
      }
    }));

  it('finish what an earlier run left half-way', () =>
    withEmpty(dialect, async (database) => {
      const steps = createMigrations(database, testClock());
      const [first] = migrations;
      const source = await (await migrationSource(database.address)).initialize();
      const runner = source.createQueryRunner();
      await (new first!() as MigrationInterface).up(runner);
      await runner.dropTable('plans');
      await source.destroy();
      await steps.up();
      expect(await steps.drift()).toEqual([]);
    }));

  it('may each be run again, as if nobody had noted that they ran', () =>
    withEmpty(dialect, async (database) => {
      const steps = createMigrations(database, testClock());
      for (const [at, step] of migrations.entries()) {
        const source = await (await migrationSource(database.address, migrations.slice(0, at))).initialize();
        await source.runMigrations({ transaction: 'each' });
        await (new step() as MigrationInterface).up(source.createQueryRunner());
        await source.destroy();
      }
      await steps.up();
      expect(await steps.drift()).toEqual([]);
    }));

  it('are applied once when two processes start together', () =>
    withEmpty(dialect, async (database, url) => {
      const other = await openDatabase(url, 3);
      const clock = { now: () => new Date().toISOString() };
      const applied = await Promise.all([createMigrations(database, clock).up(), createMigrations(other, clock).up()]);
      expect(applied.map((names) => names.length).sort()).toEqual([0, migrations.length]);
      await other.close();
    }));

  it('report drift', () =>
    withEmpty(dialect, async (database) => {
      const steps = createMigrations(database, testClock());
      await steps.up();
      await database.execute('ALTER TABLE plans ADD COLUMN stray int');
      expect(await steps.drift()).not.toEqual([]);
    }));
});

onEveryDatabase('the secret key', (db) => {
  it('opens the database it encrypted, also behind a newer one', async () => {
    const [old, rotated] = [generateSecretKey('k1'), generateSecretKey('k2')];
    await (await db.open({ keyring: createKeyring(old) })).migrate();
    await (await db.open({ keyring: createKeyring(`${rotated},${old}`) })).migrate();
    await expect((await db.open({ keyring: createKeyring(rotated) })).migrate()).resolves.toEqual([]);
  });

  it('refuses a database encrypted by another', async () => {
    await db.persistence.migrate();
    const stranger = await db.open({ keyring: createKeyring(generateSecretKey()) });
    await expect(stranger.migrate()).rejects.toThrow(WrongSecretKey);
  });
});
