import type { Actor } from '../../src/core/shared/actor.js';
import { day, hour, minute, shift } from '../../src/core/shared/clock.js';
import { createTenant } from '../../src/core/tenancy/index.js';
import type { UsageFilter } from '../../src/core/usage/index.js';
import { createReaders } from '../../src/persistence/readers/readers.js';
import { createStorage } from '../../src/persistence/rows/stored-table.js';
import type { SqlValue } from '../../src/persistence/sql/sql.js';
import type { Snapshot } from '../../src/persistence/usage/usage-reader.js';
import { onEveryDatabase } from '../support/databases.js';
import {
  account,
  endProvider,
  everything,
  ingest,
  makeChannel,
  makeProvider,
  run,
  start,
  system,
  usage,
} from './support.js';

const member = (tenantId: string, role: 'OWNER' | 'VIEWER' | 'MEMBER'): Actor => ({
  kind: 'user',
  userId: 'usr_1',
  name: 'Mina',
  grants: [{ tenantId, roles: [role] }],
  ceiling: 1000,
});

onEveryDatabase('who reads usage', (db) => {
  const reader = () => db.persistence.readers.usage;
  const numbers = async (actor: Actor, channelId: string, filter: UsageFilter = {}) => {
    const found = (await reader().list(actor, channelId, filter, everything)).map((one) => Number(one.transactionId));
    expect(await reader().count(actor, channelId, filter)).toBe(BigInt(found.length));
    return found;
  };

  it('a provider sees its own, an operator’s account its channel, others nothing', async () => {
    const [channelId, other] = [await makeChannel(db.persistence, 'one'), await makeChannel(db.persistence, 'two')];
    const sp1 = await makeProvider(db.persistence, channelId, 'sp1');
    const sp2 = await makeProvider(db.persistence, channelId, 'sp2', 'app2');
    await ingest(db.persistence, channelId, [usage(1), usage(2, { providerExternalId: 'sp2' }), usage(3)]);
    await ingest(db.persistence, other, [usage(4)]);
    const whole = [1, 2, 3];
    expect(await numbers(system, channelId)).toEqual(whole);
    expect(await numbers(account(channelId), channelId)).toEqual(whole);
    expect(await numbers(account(channelId, null, 0), channelId)).toEqual([]);
    expect(await numbers(account(other), channelId)).toEqual([]);
    expect(await numbers(account(channelId), other)).toEqual([]);
    expect(await numbers(account(channelId, sp1.tenantId), channelId)).toEqual([1, 3]);
    expect(await numbers(account(channelId, sp1.tenantId), other)).toEqual([]);
    expect(await numbers(account(channelId, sp2.tenantId), channelId)).toEqual([2]);
    expect(await numbers(account(channelId, sp2.tenantId), channelId, { providerExternalId: 'sp1' })).toEqual([]);
    expect(await numbers(member(sp1.tenantId, 'VIEWER'), channelId)).toEqual([1, 3]);
    expect(await numbers(member(sp1.tenantId, 'MEMBER'), channelId)).toEqual([]);
    expect(await numbers({ kind: 'anonymous' }, channelId)).toEqual([]);
    expect(await numbers(system, 'chn_é')).toEqual([]);
    const byTransaction = (actor: Actor) => reader().byTransaction(actor, channelId, 'sp1', 1n);
    expect(await byTransaction(account(channelId, sp1.tenantId))).toMatchObject({ transactionId: 1n });
    expect(await byTransaction(account(channelId, sp2.tenantId))).toBeNull();
    expect(await byTransaction(account(other))).toBeNull();
  });

  it('an id given to somebody else shows neither the other’s, at any position', async () => {
    const channelId = await makeChannel(db.persistence);
    const first = await makeProvider(db.persistence, channelId, 'sp1');
    const early = Array.from({ length: 2_500 }, (_, n) => usage(n, { occurredAt: shift(start, n * minute) }));
    await ingest(db.persistence, channelId, early.slice(0, 2_000));
    db.clock.advance(10 * day);
    await endProvider(db.persistence, first);
    const second = await makeProvider(db.persistence, channelId, 'sp1');
    const now = db.clock.now();
    const late = Array.from({ length: 1_500 }, (_, n) => usage(10_000 + n, { occurredAt: shift(now, n * minute) }));
    // what the first one still did comes after the second one's first
    for (const batch of [late.slice(0, 700), early.slice(2_000), late.slice(700)]) {
      await ingest(db.persistence, channelId, batch);
    }
    const range = (from: number, length: number) => Array.from({ length }, (_, n) => from + n);
    const [one, two] = [account(channelId, first.tenantId), account(channelId, second.tenantId)];
    expect(await numbers(one, channelId)).toEqual(range(0, 2_500));
    expect(await numbers(two, channelId)).toEqual(range(10_000, 1_500));
    expect(await reader().count(account(channelId), channelId, { providerExternalId: 'sp1' })).toBe(4_000n);
    for (const at of [0, 511, 512, 513, 1_024, 1_400]) {
      const page = await reader().list(two, channelId, {}, { start: BigInt(at), size: 3 });
      expect(page.map((record) => Number(record.transactionId))).toEqual(range(10_000 + at, 3));
      const both = await reader().list(
        account(channelId),
        channelId,
        { providerExternalId: 'sp1' },
        { start: 2_499n, size: 2 },
      );
      expect(both.map((record) => Number(record.transactionId))).toEqual([2_499, 10_000]);
    }
    const half = { from: shift(start, hour), to: shift(start, 2 * hour) };
    expect(await numbers(one, channelId, half)).toEqual(range(60, 60));
    expect(await numbers(two, channelId, half)).toEqual([]);
  });

  it('whoever administers several accounts sees all of them as one list', async () => {
    const channelId = await makeChannel(db.persistence);
    const sp1 = await makeProvider(db.persistence, channelId, 'sp1');
    const group = await run(db.persistence, (tx) => createTenant(tx, { kind: 'provider', name: 'Group' }));
    await makeProvider(db.persistence, channelId, 'sp2', 'app2');
    await ingest(db.persistence, channelId, [usage(1), usage(2, { providerExternalId: 'sp2' }), usage(3)]);
    const both: Actor = {
      ...(member(sp1.tenantId, 'OWNER') as Extract<Actor, { kind: 'user' }>),
      grants: [sp1.tenantId, (await ofExternal('sp2'))!, group.id].map((tenantId) => ({ tenantId, roles: ['OWNER'] })),
    };
    expect(await numbers(both, channelId)).toEqual([1, 2, 3]);
    expect(await numbers(both, channelId, { providerExternalId: 'sp2' })).toEqual([2]);
    expect((await db.persistence.readers.usageRecords.page(both, { first: 2 })).nodes).toHaveLength(2);
    expect(await db.persistence.readers.usageRecords.count(both)).toBe(3);
  });

  async function ofExternal(externalId: string): Promise<string | undefined> {
    const rows = await db.raw.read.all<{ id: string }>(
      "SELECT target_id AS id FROM external_refs WHERE kind = 'tenant' AND external_id = ?",
      [externalId],
    );
    return rows[0]?.id;
  }

  it('from is in it, to is not', async () => {
    const channelId = await makeChannel(db.persistence);
    const at = (millisecond: number) => shift(start, millisecond);
    await ingest(
      db.persistence,
      channelId,
      [0, 1, 1, 2, 3].map((ms, n) => usage(n, { occurredAt: at(ms) })),
    );
    expect(await reader().count(system, channelId, { from: at(1), to: at(3) })).toBe(3n);
    expect(await reader().count(system, channelId, { from: at(1) })).toBe(4n);
    expect(await reader().count(system, channelId, { to: at(1) })).toBe(1n);
    expect(await reader().count(system, channelId, { from: at(3), to: at(1) })).toBe(0n);
    expect(await numbers(system, channelId, { from: at(3), to: at(1) })).toEqual([]);
  });

  it('under filters a page is what it is now, also when late records came before it', async () => {
    const channelId = await makeChannel(db.persistence);
    const filter = { serviceName: 'Payment', completionStatus: 'FAILED' } as const;
    const paid = { serviceName: 'Payment', completionStatus: 'FAILED' };
    const other = { serviceName: 'Presence' };
    const batch = (from: number, length: number) =>
      Array.from({ length }, (_, n) => usage(from + n, (from + n) % 2 === 0 ? paid : other));
    await ingest(db.persistence, channelId, batch(1_000, 1_500));
    const page = async (at: number) =>
      (await reader().list(system, channelId, filter, { start: BigInt(at), size: 50 })).map((one) =>
        Number(one.transactionId),
      );
    const expected = (low: number) => Array.from({ length: 50 }, (_, n) => low + 2 * n);
    expect(await page(0)).toEqual(expected(1_000));
    expect(await page(50)).toEqual(expected(1_100));
    expect(await page(100)).toEqual(expected(1_200));
    // two that match and one that does not, before everything
    await ingest(db.persistence, channelId, [usage(10, paid), usage(11, other), usage(12, paid)]);
    expect(await page(150)).toEqual(expected(1_296));
    expect(await page(200)).toEqual(expected(1_396));
    // behind what was read: nothing moves
    await ingest(db.persistence, channelId, batch(5_000, 20));
    expect(await page(250)).toEqual(expected(1_496));
    expect(await page(100)).toEqual(expected(1_196));
    expect(await page(10_000)).toEqual([]);
  });

  it('many records of one instant are as many positions', async () => {
    const channelId = await makeChannel(db.persistence);
    const same = { occurredAt: start };
    for (let at = 0; at < 3; at += 1) {
      await ingest(
        db.persistence,
        channelId,
        Array.from({ length: 1_000 }, (_, n) => usage(at * 1_000 + n, same)),
      );
    }
    const seen = new Set<string>();
    for (let at = 0; at < 3_000; at += 500) {
      const page = await reader().list(system, channelId, {}, { start: BigInt(at), size: 500 });
      expect(page.map(({ id }) => id)).toEqual(page.map(({ id }) => id).sort());
      for (const { id } of page) seen.add(id);
    }
    expect(seen.size).toBe(3_000);
  });
});

onEveryDatabase('several reads of one state', (db) => {
  it('do not see what is committed in between', async () => {
    const channelId = await makeChannel(db.persistence);
    await ingest(db.persistence, channelId, [usage(1)]);
    const total = 'SELECT COUNT(*) AS total FROM usage_records';
    const seen = await db.raw.snapshot(async (sql) => {
      const before = await sql.all(total);
      await ingest(db.persistence, channelId, [usage(2)]);
      return [before, await sql.all(total)];
    });
    expect(seen).toEqual([[{ total: 1 }], [{ total: 1 }]]);
    expect(await db.raw.snapshot((sql) => sql.all(total))).toEqual([{ total: 2 }]);
    await expect(db.raw.snapshot((sql) => sql.run('DELETE FROM usage_records'))).rejects.toThrow();
    expect(await db.raw.read.all(total)).toEqual([{ total: 2 }]);
  });
});

onEveryDatabase('a page by position', (db) => {
  it('is of one state, whatever is committed while it is read', async () => {
    const channelId = await makeChannel(db.persistence);
    await ingest(
      db.persistence,
      channelId,
      Array.from({ length: 3_000 }, (_, n) => usage(10_000 + n)),
    );
    const filter = { serviceName: 'Short Messaging' };
    let late = 0;
    /** Something older arrives after every statement. */
    const snapshot: Snapshot = (work) =>
      db.raw.snapshot((sql) =>
        work({
          ...sql,
          all: async <T extends object>(text: string, params: readonly SqlValue[] = []) => {
            const rows = await sql.all<T>(text, params);
            await ingest(db.persistence, channelId, [usage(++late)]);
            return rows;
          },
        }),
      );
    const storage = createStorage(db.dialect, db.keyring);
    const { usage: reader } = createReaders(db.raw.read, storage, db.keyring, snapshot);
    for (const asked of [{}, filter, filter]) {
      const before = late;
      const page = await reader.list(system, channelId, asked, { start: 1_500n, size: 5 });
      const first = 11_500 - before;
      expect(page.map(({ transactionId }) => Number(transactionId))).toEqual([0, 1, 2, 3, 4].map((n) => first + n));
      expect(late).toBeGreaterThan(before);
    }
  });
});
