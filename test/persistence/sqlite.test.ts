import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { openPersistence } from '../../src/persistence/index.js';
import { parseDatabaseUrl } from '../../src/persistence/sql/database-url.js';
import { openDatabase } from '../../src/persistence/sql/open-database.js';
import { createIds } from '../../src/platform/ids.js';
import { createKeyring, generateSecretKey } from '../../src/platform/keyring.js';
import { createLogger } from '../../src/platform/logger.js';
import { testClock } from '../support/clock.js';
import { eventually } from '../support/eventually.js';
import { makeTenant, system, write } from './support/world.js';

describe('DATABASE_URL', () => {
  it.each([
    ['sqlite:./data/hub.db', { dialect: 'sqlite', path: './data/hub.db', temporary: false }],
    ['sqlite:///var/hub.db', { dialect: 'sqlite', path: '/var/hub.db', temporary: false }],
    ['sqlite::memory:', { dialect: 'sqlite', path: '', temporary: true }],
    ['mysql://u:p@h:3306/db', { dialect: 'mysql', url: 'mysql://u:p@h:3306/db' }],
  ])('%s is understood', (url, address) => {
    expect(parseDatabaseUrl(url)).toEqual(address);
  });

  it.each(['', 'sqlite:', 'postgres://x/y', 'mysql://u:hidden@h:3306'])(
    '"%s" is refused without its password',
    (url) => {
      expect(() => parseDatabaseUrl(url)).toThrow(/^DATABASE_URL/);
      expect(() => parseDatabaseUrl(url)).not.toThrow(/hidden/);
    },
  );
});

describe('the embedded database', () => {
  it('lives in memory with readers that see what was committed', async () => {
    const clock = testClock();
    const persistence = await openPersistence({
      databaseUrl: 'sqlite::memory:',
      secrets: createKeyring(generateSecretKey()),
      clock,
      ids: createIds(clock),
      logger: createLogger({ level: 'silent' }),
    });
    await persistence.migrate();
    await write(persistence, (tx) => makeTenant(tx, 'ACME'));
    expect(await persistence.readers.tenants.count(system)).toBe(1);
    await persistence.close();
    await persistence.close();
  });

  it('refuses to bind what its driver would die of', async () => {
    const database = await openDatabase('sqlite::memory:', 1);
    for (const value of [true, undefined, {}, Number.NaN, 5n]) {
      await expect(database.read.all('SELECT ? AS x', [value as never])).rejects.toThrow(TypeError);
    }
    await database.close();
  });

  it('leaves nothing behind when it was in memory', async () => {
    const database = await openDatabase('sqlite::memory:', 1);
    const folder = database.address.dialect === 'sqlite' ? dirname(database.address.path) : '';
    expect(existsSync(folder)).toBe(true);
    await database.close();
    expect(existsSync(folder)).toBe(false);
  });

  it('lets readers write nothing', async () => {
    const database = await openDatabase('sqlite::memory:', 1);
    await database.execute('CREATE TABLE t (a text)');
    await expect(database.read.run("INSERT INTO t VALUES ('x')")).rejects.toThrow(/readonly/);
    await database.close();
  });

  it('waits for another process that is writing, without stopping this one', async () => {
    const database = await openDatabase('sqlite::memory:', 1);
    const path = database.address.dialect === 'sqlite' ? database.address.path : '';
    const other = await openDatabase(`sqlite:${path}`, 1);
    await database.execute('CREATE TABLE t (a text)');
    let release: (() => void) | undefined;
    const held = other.transaction(async (sql) => {
      await sql.run("INSERT INTO t VALUES ('other')");
      await new Promise<void>((resolve) => {
        release = resolve;
      });
    });
    await eventually(() => release !== undefined);
    const waiting = database.execute("INSERT INTO t VALUES ('mine')");
    expect(await database.read.all('SELECT a FROM t')).toEqual([]);
    release?.();
    await Promise.all([held, waiting]);
    expect(await database.read.all('SELECT a FROM t')).toHaveLength(2);
    await other.close();
    await database.close();
  });
});
