import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Clock, minute, second, shift } from '../../core/shared/clock.js';
import { type Database, UniqueViolation } from '../sql/sql.js';

export interface MigrationStatus {
  readonly applied: readonly string[];
  readonly pending: readonly string[];
}

export interface Migrations {
  /** Applies what is pending; safe when several processes do it at once. Returns the names applied by this call. */
  up(): Promise<string[]>;
  /** Takes the newest step back. Returns its name, or undefined when none is applied. */
  down(): Promise<string | undefined>;
  status(): Promise<MigrationStatus>;
  /** Statements that would make the schema what the table definitions say; empty when nothing drifted. */
  drift(): Promise<string[]>;
}

const leaseMs = minute;
const never = '1970-01-01T00:00:00.000Z';

/** Named locks do not exist on clusters, so whoever migrates holds a lease in a table of its own. */
export function createMigrations(database: Database, clock: Clock): Migrations {
  async function underLease<T>(work: () => Promise<T>): Promise<T> {
    const owner = randomUUID();
    await makeLockRow(database);
    while (!(await takeLease(owner))) await pause(100);
    const renewal = setInterval(() => void takeLease(owner).catch(() => undefined), 10 * second);
    try {
      return await work();
    } finally {
      clearInterval(renewal);
      await database.execute('UPDATE schema_locks SET leased_until = ? WHERE name = ? AND owner = ?', [
        never,
        'migrate',
        owner,
      ]);
    }
  }

  async function takeLease(owner: string): Promise<boolean> {
    const now = clock.now();
    const taken = await database.execute(
      'UPDATE schema_locks SET owner = ?, leased_until = ? WHERE name = ? AND (owner = ? OR leased_until < ?)',
      [owner, shift(now, leaseMs), 'migrate', owner, now],
    );
    return taken > 0;
  }

  async function withSource<T>(work: (source: import('typeorm').DataSource) => Promise<T>): Promise<T> {
    const { migrationSource } = await import('./data-source.js');
    const source = await (await migrationSource(database.address)).initialize();
    try {
      return await work(source);
    } finally {
      await source.destroy();
    }
  }

  async function status(): Promise<MigrationStatus> {
    const { migrations } = await import('../../../migrations/index.js');
    const applied = await appliedNames(database);
    return { applied, pending: migrations.map((step) => step.name).filter((name) => !applied.includes(name)) };
  }

  return {
    async up() {
      if ((await status()).pending.length === 0) return [];
      return underLease(() =>
        withSource(async (source) => (await source.runMigrations({ transaction: 'each' })).map((step) => step.name)),
      );
    },
    down: () =>
      underLease(async () => {
        const last = (await status()).applied.at(-1);
        if (last !== undefined) await withSource((source) => source.undoLastMigration({ transaction: 'each' }));
        return last;
      }),
    status,
    drift: () =>
      withSource(async (source) =>
        (await source.driver.createSchemaBuilder().log()).upQueries
          .map(({ query }) => query)
          .filter((query) => !query.includes('schema_locks')),
      ),
  };
}

async function makeLockRow(database: Database): Promise<void> {
  await database.execute(
    'CREATE TABLE IF NOT EXISTS schema_locks (name varchar(32) NOT NULL PRIMARY KEY, ' +
      'owner varchar(36) NOT NULL, leased_until varchar(24) NOT NULL)',
  );
  try {
    await database.execute("INSERT INTO schema_locks (name, owner, leased_until) VALUES ('migrate', '', ?)", [never]);
  } catch (error) {
    if (!(error instanceof UniqueViolation)) throw error;
  }
}

async function appliedNames(database: Database): Promise<string[]> {
  const present = await database.read.all(
    database.dialect === 'mysql'
      ? "SELECT 1 AS one FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'schema_migrations'"
      : "SELECT 1 AS one FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'",
  );
  if (present.length === 0) return [];
  const rows = await database.read.all<{ name: string }>('SELECT name FROM schema_migrations ORDER BY id');
  return rows.map((row) => row.name);
}
