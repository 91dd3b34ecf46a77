import fc from 'fast-check';
import { idAt } from '../../src/core/shared/id-time.js';
import { createStorage } from '../../src/persistence/rows/stored-table.js';
import { type UsageRecordRow, usageBlocks, usageRecords } from '../../src/persistence/tables/usage.js';
import { createBlockSizes } from '../../src/persistence/usage/block-sizes.js';
import { countRecords } from '../../src/persistence/usage/count-records.js';
import { placeOf, rankOf } from '../../src/persistence/usage/places.js';
import type { Stream } from '../../src/persistence/usage/streams.js';
import { writeRows } from '../../src/persistence/usage/write-rows.js';
import { onEveryDatabase } from '../support/databases.js';

/** So small that a thousand records need five levels. */
const sizes = createBlockSizes(4, 4);

onEveryDatabase('blocks of a stream', (db) => {
  let number = 0;

  it('find every position and rank, whatever order the records came in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat(300), { minLength: 1, maxLength: 90 }), { minLength: 1, maxLength: 14 }),
        async (batches) => {
          number += 1;
          const stream = channelStream(number);
          const ids: string[] = [];
          for (const batch of batches) {
            const added = batch.map((second) => idAt(db.ids.next('usageRecord'), instant(second))).sort();
            await insert(stream, added);
            ids.push(...added);
          }
          ids.sort();
          expect(stream.records).toBe(ids.length);
          await holdsTogether(stream);
          const { read } = db.raw;
          for (const position of [0, 1, ids.length >> 1, ids.length - 1, Math.floor(ids.length / 3)]) {
            if (position >= ids.length) continue;
            const { low, offset } = await placeOf(read, stream, position, sizes);
            const begin = ids.findIndex((id) => id >= low);
            expect(begin + offset).toBe(position);
            expect(offset).toBeLessThan(sizes.capacityOf(0));
            expect(await rankOf(read, stream, ids[position]!)).toBe(position);
            expect(await rankOf(read, stream, `${ids[position]}0`)).toBe(position + 1);
          }
          expect(await rankOf(read, stream, 'usg_')).toBe(0);
          expect(await rankOf(read, stream, 'usg_zzz')).toBe(ids.length);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('have the same number of rows to read at every depth', async () => {
    number += 1;
    const stream = channelStream(number);
    for (let batch = 0; batch < 20; batch += 1) {
      await insert(
        stream,
        Array.from({ length: 60 }, (_, place) => idAt(db.ids.next('usageRecord'), instant(batch * 60 + place))).sort(),
      );
    }
    await holdsTogether(stream);
    expect(stream.height).toBe(5);
    const rows = await db.raw.read.all<{ level: number; total: number }>(
      'SELECT level, COUNT(*) AS total FROM usage_blocks WHERE stream = ? GROUP BY level ORDER BY level',
      [stream.number],
    );
    expect(rows.at(-1)!.total).toBeLessThanOrEqual(sizes.mostOf(4));
  });

  /** No block is too large, none is missing, and each has as many records as those below it. */
  async function holdsTogether(stream: Stream): Promise<void> {
    const rows = await db.raw.read.all<{ level: number; low: string; records: number }>(
      'SELECT level, low, records FROM usage_blocks WHERE stream = ? ORDER BY level, low',
      [stream.number],
    );
    for (let level = 0; level < stream.height; level += 1) {
      const blocks = rows.filter((row) => row.level === level);
      expect(blocks[0]!.low).toBe('');
      expect(blocks.reduce((sum, { records }) => sum + records, 0)).toBe(stream.records);
      for (const [place, { low, records }] of blocks.entries()) {
        expect(records).toBeLessThanOrEqual(sizes.capacityOf(level));
        const end = blocks[place + 1]?.low ?? '~';
        const below = rows.filter((row) => row.level === level - 1 && row.low >= low && row.low < end);
        if (level > 0) expect(below.reduce((sum, child) => sum + child.records, 0)).toBe(records);
        if (level > 0) expect(below.length).toBeLessThanOrEqual(sizes.mostOf(level - 1));
      }
    }
    expect(rows.every(({ level }) => level < stream.height)).toBe(true);
  }

  function insert(stream: Stream, ids: readonly string[]): Promise<void> {
    const storage = createStorage(db.dialect, db.keyring);
    return db.raw.transaction(async (sql) => {
      await writeRows(
        sql,
        storage(usageRecords),
        ids.map((id, place) => rowOf(stream, id, BigInt(stream.records + place))),
      );
      await countRecords(sql, storage(usageBlocks), [{ stream, ids }], sizes);
    });
  }
});

function instant(second: number): string {
  return new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
}

function channelStream(number: number): Stream {
  const none = { providerExternalId: '', tenantId: '', parent: 0, records: 0, height: 0, counted: true };
  return { ...none, number, kind: 'channel', channelId: 'chn_1' };
}

function rowOf({ number }: Stream, id: string, transactionId: bigint): UsageRecordRow {
  return {
    id,
    channelStream: number,
    providerStream: number,
    channelId: 'chn_1',
    tenantId: '',
    applicationId: '',
    providerExternalId: 'sp1',
    applicationExternalId: '',
    transactionId,
    serviceName: 'x',
    occurredAt: instant(0),
    recordedAt: instant(0),
    originAddress: '',
    destinationAddress: '',
    completionStatus: 'COMPLETED',
    statisticType: 99,
    info: '',
    properties: [],
  };
}
