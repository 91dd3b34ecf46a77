import { anyOf } from '../../src/core/shared/repository.js';
import { insertRows } from '../../src/persistence/rows/insert-rows.js';
import { createStorage } from '../../src/persistence/rows/stored-table.js';
import { poolChanges } from '../../src/persistence/tables/licensing.js';
import { onEveryDatabase } from '../support/databases.js';
import { makeApplication, makeTenant, makeUser, write } from './support/world.js';

onEveryDatabase('many rows at once', (db) => {
  const run: typeof write = (_, work) => write(db.persistence, work);

  it('are found all, however many rows or values', async () => {
    const changes = Array.from({ length: 10_300 }, (_, n) => ({
      id: db.ids.next('poolChange'),
      version: 1,
      poolId: `pool ${n % 2_000}`,
      at: db.clock.now(),
      quantity: n,
    }));
    await db.raw.transaction((sql) => insertRows(sql, createStorage(db.dialect, db.keyring)(poolChanges), changes));
    const ids = changes.map(({ id }) => id);
    await run(db.persistence, async (tx) => {
      expect((await tx.poolChanges.findAll({})).map(({ id }) => id)).toEqual(ids);
      expect(await tx.poolChanges.findAll({ id: anyOf(ids) })).toHaveLength(10_300);
      const pools = Array.from({ length: 1_300 }, (_, n) => `pool ${n}`);
      const some = await tx.poolChanges.findAll({ poolId: anyOf(pools), quantity: anyOf([3, 4, 1_999, 2_003]) });
      expect(some.map(({ quantity }) => quantity)).toEqual([3, 4, 2_003]);
      expect(await tx.poolChanges.findAll({ poolId: anyOf([]) })).toEqual([]);
      expect(await tx.poolChanges.findAll({ poolId: anyOf(['é', 'pool 1 ']) })).toEqual([]);
      const locked = await tx.poolChanges.lockAll([...ids.toReversed(), 'pch_missing', 'é', ids[0]!]);
      expect(locked.map(({ id }) => id)).toEqual(ids);
      const saved = await tx.poolChanges.saveAll(locked, () => ({ quantity: 20_000 }));
      expect(new Set(saved.map(({ version, quantity }) => `${version} ${quantity}`))).toEqual(new Set(['2 20000']));
      expect(await tx.poolChanges.count({ quantity: 20_000 })).toBe(10_300);
    });
  });

  it('are found by null, and byte by byte', async () => {
    await run(db.persistence, async (tx) => {
      const upper = await makeApplication(tx, 'Mail');
      const lower = await makeApplication(tx, 'mail');
      const ended = await tx.applications.save(upper, { terminatedAt: tx.now });
      expect(await tx.applications.findAll({ key: anyOf(['Mail', 'mail ', 'MAIL']) })).toEqual([ended]);
      expect(await tx.applications.findAll({ key: anyOf(['Mail', 'mail']), terminatedAt: null })).toEqual([lower]);
      expect(await tx.applications.findAll({ key: 'mail ' })).toEqual([]);
    });
  });

  it('are saved each as by itself: versions, journal, active spans, and nothing where nothing differs', async () => {
    const { a, b, c } = await run(db.persistence, async (tx) => ({
      a: await makeTenant(tx, 'a'),
      b: await tx.tenants.save(await makeTenant(tx, 'b'), { country: 'FR' }),
      c: await tx.tenants.save(await makeTenant(tx, 'c'), { terminatedAt: tx.now }),
    }));
    const journaled = await db.persistence.readers.journal.count({ kind: 'system', name: 'test' });
    const saved = await run(db.persistence, (tx) =>
      tx.tenants.saveAll([c, b, a], ({ name }) => ({ terminatedAt: tx.now, country: name === 'b' ? 'FR' : 'DE' })),
    );
    expect(saved).toEqual([
      { ...c, country: 'DE', version: 3 },
      { ...b, terminatedAt: db.clock.now(), version: 3 },
      { ...a, terminatedAt: db.clock.now(), country: 'DE', version: 2 },
    ]);
    await run(db.persistence, async (tx) => {
      expect(await tx.tenants.findAll({ id: anyOf([a.id, b.id, c.id]) })).toEqual(saved.toReversed());
      expect(await tx.tenants.saveAll(saved, () => ({ terminatedAt: tx.now }))).toEqual(saved);
      const opened = await tx.tenants.saveAll(saved, () => ({ terminatedAt: null }));
      expect(opened.map(({ version }) => version)).toEqual([4, 4, 3]);
    });
    const changes = await db.raw.read.all<{ before: string; after: string }>(
      'SELECT p.before_json AS `before`, p.after_json AS `after` FROM journal_entries e JOIN journal_payloads p ON p.entry_id = e.id WHERE e.object_id = ? ORDER BY e.id',
      [b.id],
    );
    expect(changes.at(-2)).toEqual({
      before: '{"terminatedAt":null}',
      after: JSON.stringify({ terminatedAt: db.clock.now() }),
    });
    expect(await db.persistence.readers.journal.count({ kind: 'system', name: 'test' })).toBe(journaled + 6);
    const spans = await db.raw.read.all<{ id: string }>(
      "SELECT object_id AS id FROM active_spans WHERE open_key = '0' ORDER BY object_id",
    );
    expect(spans.map(({ id }) => id)).toEqual([a.id, b.id, c.id]);
  });

  it('hide secrets in the journal, and may emit events', async () => {
    const user = await run(db.persistence, (tx) => makeUser(tx, 'Ann'));
    await run(db.persistence, async (tx) => {
      const [saved] = await tx.users.saveAll([user], () => ({ passwordHash: '$argon2id$other' }));
      const aggregate = { kind: 'user', id: user.id, version: saved!.version } as const;
      tx.emit({ type: 'user.updated', aggregate, tenantId: '', payload: {} });
    });
    const [entry] = await db.raw.read.all<{ after: string }>(
      'SELECT p.after_json AS `after` FROM journal_entries e JOIN journal_payloads p ON p.entry_id = e.id WHERE e.object_id = ? ORDER BY e.id DESC LIMIT 1',
      [user.id],
    );
    expect(entry!.after).toBe('{"passwordHash":"***"}');
  });

  it('are refused together when one has changed or is taken', async () => {
    const tenants = await run(db.persistence, async (tx) => [await makeTenant(tx, 'a'), await makeTenant(tx, 'b')]);
    await run(db.persistence, (tx) => tx.tenants.save(tenants[1]!, { country: 'FR' }));
    const stale = run(db.persistence, (tx) => tx.tenants.saveAll(tenants, () => ({ country: 'DE' })));
    await expect(stale).rejects.toMatchObject({
      code: 'version_conflict',
      params: { kind: 'tenant', expected: 1, actual: 2 },
    });
    const taken = run(db.persistence, async (tx) => {
      const known = await tx.tenants.findAll({});
      return tx.tenants.saveAll(known, () => ({ key: 'same' }));
    });
    await expect(taken).rejects.toMatchObject({ code: 'already_exists' });
    await run(db.persistence, async (tx) => {
      expect((await tx.tenants.findAll({})).map(({ country, key }) => [country, key])).toEqual([
        ['', null],
        ['FR', null],
      ]);
    });
  });
});
