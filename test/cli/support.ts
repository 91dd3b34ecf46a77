import { createHmac } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { z } from 'zod';
import { maestranoSettings } from '../../src/adapters/rest/maestrano/config.js';
import { kakapoSettings } from '../../src/adapters/soap/kakapo/config.js';
import { necSettings } from '../../src/adapters/soap/nec/config.js';
import { prmSettings } from '../../src/adapters/soap/prm/config.js';
import type { Protocol } from '../../src/core/marketplace/index.js';
import type { Units } from '../../src/core/repositories.js';
import { createStorage } from '../../src/persistence/rows/stored-table.js';
import { createMigrations } from '../../src/persistence/schema/migrate.js';
import { openDatabase } from '../../src/persistence/sql/open-database.js';
import type { Database } from '../../src/persistence/sql/sql.js';
import { createUnits } from '../../src/persistence/unit/units.js';
import { createIds } from '../../src/platform/ids.js';
import { createKeyring, generateSecretKey } from '../../src/platform/keyring.js';
import { createPasswords, type Passwords } from '../../src/platform/passwords.js';
import { type TestClock, testClock } from '../support/clock.js';
import { createMysqlSchema } from '../support/mysql.js';

export const channelSettings: Record<Protocol, z.ZodType> = {
  prm: prmSettings,
  nec: necSettings,
  kakapo: kakapoSettings,
  maestrano: maestranoSettings,
};

export interface TestHub {
  readonly uow: Units;
  readonly database: Database;
  readonly clock: TestClock;
  readonly passwords: Passwords;
  readonly clientSecrets: { hash(secret: string): string; matches(hash: string, secret: string): boolean };
  rows(table: string): Promise<number>;
  close(): Promise<void>;
}

/** A migrated database of its own with units of work on it. */
export async function openTestHub(dialect: 'sqlite' | 'mysql'): Promise<TestHub> {
  const folder = await mkdtemp(join(tmpdir(), 'mercator-cli-'));
  const schema = dialect === 'mysql' ? await createMysqlSchema() : undefined;
  const database = await openDatabase(schema?.url ?? `sqlite:${join(folder, 'hub.db')}`, 5);
  const clock = testClock();
  await createMigrations(database, clock).up();
  const keyring = createKeyring(generateSecretKey());
  const ids = createIds(clock);
  const uow = createUnits({
    database,
    storage: createStorage(database.dialect, keyring),
    secrets: keyring,
    clock,
    ids,
    onCommit: () => {},
  });
  const hash = (secret: string): string => createHmac('sha256', 'test').update(secret).digest('base64url');
  return {
    uow,
    database,
    clock,
    passwords: createPasswords({ strength: { memoryCost: 64, timeCost: 1, parallelism: 1 } }),
    clientSecrets: { hash, matches: (stored, secret) => stored === hash(secret) },
    async rows(table) {
      const [row] = await database.read.all<{ total: number }>(`SELECT COUNT(*) AS total FROM ${table}`);
      return row?.total ?? 0;
    },
    async close() {
      await database.close();
      await schema?.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
