import type { Actor } from '../../src/core/shared/actor.js';
import { day, hour, minute, shift } from '../../src/core/shared/clock.js';
import { onEveryDatabase } from '../support/databases.js';
import {
  account,
  endProvider,
  everything,
  ingest,
  makeChannel,
  makeProvider,
  start,
  system,
  usage,
} from './support.js';

const operator = (level: number): Actor => ({ kind: 'operator', userId: 'usr_1', name: 'Op', level, ceiling: 1000 });
const admin = (tenantId: string): Actor => ({
  kind: 'user',
  userId: 'usr_2',
  name: 'Ada',
  grants: [{ tenantId, roles: ['OWNER'] }],
  ceiling: 1000,
});

onEveryDatabase('ingestion', (db) => {
  const rows = async (table: string) =>
    (await db.raw.read.all<{ total: number }>(`SELECT COUNT(*) AS total FROM ${table}`))[0]!.total;
  const all = async (channelId: string) => db.persistence.readers.usage.list(system, channelId, {}, everything);

  it('takes a batch in once, however often it is sent', async () => {
    const channelId = await makeChannel(db.persistence);
    const batch = [
      usage(1),
      usage(2, {
        properties: [
          { name: 'b', value: null },
          { name: 'a', value: 'x' },
        ],
      }),
      usage(3),
    ];
    expect(await ingest(db.persistence, channelId, batch)).toMatchObject({
      accepted: 3,
      duplicates: [],
      conflicts: [],
    });
    expect(await ingest(db.persistence, channelId, [...batch, usage(4)])).toMatchObject({
      accepted: 1,
      duplicates: [0, 1, 2],
      conflicts: [],
    });
    expect((await all(channelId)).map(({ transactionId }) => transactionId)).toEqual([1n, 2n, 3n, 4n]);
    expect((await all(channelId))[1]!.properties).toEqual([
      { name: 'b', value: null },
      { name: 'a', value: 'x' },
    ]);
  });

  it('tells what contradicts an earlier record, and keeps that one and all others', async () => {
    const channelId = await makeChannel(db.persistence);
    await ingest(db.persistence, channelId, [usage(1), usage(2)]);
    const again = [usage(2, { serviceName: 'Payment' }), usage(3), usage(3, { info: 'other' }), usage(3)];
    expect(await ingest(db.persistence, channelId, again)).toMatchObject({
      accepted: 1,
      duplicates: [3],
      conflicts: [0, 2],
    });
    expect((await all(channelId)).map(({ serviceName, info }) => [serviceName, info])).toEqual([
      ['Short Messaging', ''],
      ['Short Messaging', ''],
      ['Short Messaging', ''],
    ]);
  });

  it('knows a transaction by channel and provider, to its last digit', async () => {
    const [one, two] = [await makeChannel(db.persistence, 'one'), await makeChannel(db.persistence, 'two')];
    const numbers = [9_007_199_254_740_992n, 9_007_199_254_740_993n, 2n ** 63n - 1n, -(2n ** 63n)];
    const at = { occurredAt: start };
    const batch = numbers.flatMap((number) => [usage(number, at), usage(number, { ...at, providerExternalId: 'sp2' })]);
    for (const channelId of [one, two]) {
      expect(await ingest(db.persistence, channelId, batch)).toMatchObject({ accepted: 8, conflicts: [] });
      expect(await ingest(db.persistence, channelId, batch)).toMatchObject({ accepted: 0, conflicts: [] });
    }
    const { usage: reader } = db.persistence.readers;
    for (const number of numbers) {
      const found = await reader.byTransaction(system, one, 'sp2', number);
      expect(found).toMatchObject({ transactionId: number, providerExternalId: 'sp2', channelId: one });
    }
    expect(await reader.byTransaction(system, one, 'sp2', 5n)).toBeNull();
    expect(await reader.byTransaction(system, one, 'sp2 ', numbers[0]!)).toBeNull();
    expect(await reader.byTransaction(system, 'é', 'sp2', numbers[0]!)).toBeNull();
  });

  it('refuses a batch with a record that cannot be, and names it', async () => {
    const channelId = await makeChannel(db.persistence);
    const refused = async (record: ReturnType<typeof usage>, field: string) => {
      await expect(ingest(db.persistence, channelId, [usage(1), record])).rejects.toMatchObject({
        code: 'invalid_value',
        params: { field: `records[1].${field}` },
      });
    };
    await refused(usage(2, { transactionId: 2n ** 63n }), 'transactionId');
    await refused(usage(2, { completionStatus: 'DONE' }), 'completionStatus');
    await refused(usage(2, { serviceName: ' x' }), 'serviceName');
    await refused(usage(2, { providerExternalId: '' }), 'providerExternalId');
    await refused(usage(2, { occurredAt: 'yesterday' }), 'occurredAt');
    await refused(usage(2, { statisticType: 7_777 }), 'statisticType');
    await refused(usage(2, { info: 'x'.repeat(2_001) }), 'info');
    await expect(ingest(db.persistence, channelId, [])).rejects.toMatchObject({ code: 'invalid_value' });
    expect(await rows('usage_records')).toBe(0);
  });

  it('is for the operator and the operator’s accounts of the channel', async () => {
    const channelId = await makeChannel(db.persistence);
    const other = await makeChannel(db.persistence, 'other');
    const { tenantId } = await makeProvider(db.persistence, channelId, 'sp1');
    const outcome = (actor: Actor) =>
      ingest(db.persistence, channelId, [usage(1)], actor).then(
        () => 'done',
        (error: { code: string }) => error.code,
      );
    expect(await outcome(operator(333))).toBe('forbidden');
    expect(await outcome(account(channelId, null, 333))).toBe('forbidden');
    expect(await outcome(account(channelId, null, null))).toBe('forbidden');
    expect(await outcome(account(other, null, 1000))).toBe('not_found');
    expect(await outcome(account(channelId, tenantId))).toBe('not_found');
    expect(await outcome(admin(tenantId))).toBe('not_found');
    expect(await outcome({ kind: 'anonymous' })).toBe('not_found');
    expect(await rows('usage_records')).toBe(0);
    expect(await outcome(account(channelId, null, 666))).toBe('done');
    expect(await outcome(operator(666))).toBe('done');
    await expect(ingest(db.persistence, 'chn_none', [usage(1)])).rejects.toMatchObject({ code: 'not_found' });
  });

  it('leaves one journal entry for a batch, none for what was there, and no events', async () => {
    const channelId = await makeChannel(db.persistence);
    const [entries, events] = [await rows('journal_entries'), await rows('outbox_events')];
    await ingest(db.persistence, channelId, [usage(1), usage(2), usage(3)]);
    await ingest(db.persistence, channelId, [usage(1), usage(2), usage(3)]);
    expect([await rows('journal_entries'), await rows('outbox_events')]).toEqual([entries + 1, events]);
    const { nodes } = await db.persistence.readers.journal.page(system, {
      first: 1,
      orderBy: { field: 'id', direction: 'DESC' },
    });
    expect(nodes[0]).toMatchObject({
      objectKind: 'channel',
      objectId: channelId,
      after: { usageRecords: 3, duplicates: 0, unattributed: 3, from: shift(start, minute), conflicts: [] },
    });
  });

  it('fixes whose a record is: who had the id when it occurred, and before all of them the first', async () => {
    const channelId = await makeChannel(db.persistence);
    const first = await makeProvider(db.persistence, channelId, 'sp1');
    db.clock.advance(10 * day);
    await endProvider(db.persistence, first);
    db.clock.advance(day);
    const second = await makeProvider(db.persistence, channelId, 'sp1');
    const at = (occurredAt: string) => ({ occurredAt });
    const batch = [
      usage(1, at(shift(start, -day))),
      usage(2, at(shift(start, 9 * day))),
      usage(3, at(shift(start, 11 * day - hour))),
      usage(4, at(shift(start, 11 * day))),
      usage(5, { ...at(shift(start, 12 * day)), applicationExternalId: 'app-unknown' }),
      usage(6, { ...at(shift(start, 12 * day)), providerExternalId: 'sp-unknown' }),
      usage(7, { ...at(shift(start, 12 * day)), applicationExternalId: '' }),
    ];
    expect(await ingest(db.persistence, channelId, batch)).toMatchObject({ accepted: 7, unattributed: [4, 5] });
    expect((await all(channelId)).map((one) => [one.transactionId, one.tenantId, one.applicationId])).toEqual([
      [1n, first.tenantId, first.applicationId],
      [2n, first.tenantId, first.applicationId],
      [3n, first.tenantId, first.applicationId],
      [4n, second.tenantId, second.applicationId],
      [5n, second.tenantId, ''],
      [6n, '', ''],
      [7n, second.tenantId, ''],
    ]);
    const own = async (tenantId: string) =>
      (await db.persistence.readers.usage.list(account(channelId, tenantId), channelId, {}, everything)).map(
        ({ transactionId }) => Number(transactionId),
      );
    expect([await own(first.tenantId), await own(second.tenantId)]).toEqual([
      [1, 2, 3],
      [4, 5, 7],
    ]);
  });

  it('never gives records to somebody whose registration was turned down', async () => {
    const channelId = await makeChannel(db.persistence);
    const { tenantId } = await makeProvider(db.persistence, channelId, 'sp1');
    await db.raw.execute('UPDATE tenants SET activated = 0 WHERE id = ?', [tenantId]);
    await ingest(db.persistence, channelId, [usage(1)]);
    expect((await all(channelId))[0]!.tenantId).toBe('');
  });
});
