import fc from 'fast-check';
import type { UsageInput } from '../../src/core/usage/index.js';
import { onEveryDatabase } from '../support/databases.js';
import { ingest, makeChannel, makeProvider, system, usage } from './support.js';

onEveryDatabase('ingestion at the same time', (db) => {
  const one = async (sql: string, params: string[]) =>
    Number((await db.raw.read.all<{ n: number | null }>(sql, params))[0]?.n ?? 0);

  it('takes every record in exactly once, and every counter agrees with the rows', async () => {
    const other = await db.open();
    let round = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 700 }), {
          minLength: 4,
          maxLength: 6,
        }),
        async (batches) => {
          round += 1;
          const channelId = await makeChannel(db.persistence, `gateway-${round}`);
          await makeProvider(db.persistence, channelId, 'sp1', `app-${round}`);
          const processes = [db.persistence, other];
          const answers = await Promise.all(
            batches.flatMap((numbers) =>
              // the same batch through both processes at once
              processes.map((process) => ingest(process, channelId, numbers.map(recordOf))),
            ),
          );
          const numbers = new Set(batches.flat());
          expect(answers.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(numbers.size);
          expect(answers.flatMap(({ conflicts }) => conflicts)).toEqual([]);
          await agree(channelId, numbers.size);
        },
      ),
      { numRuns: 4 },
    );
  });

  function recordOf(number: number): UsageInput {
    return usage(number, {
      providerExternalId: `sp${number % 2}`,
      serviceName: number % 3 === 0 ? 'Payment' : 'Short Messaging',
    });
  }

  async function agree(channelId: string, expected: number): Promise<void> {
    const { usage: reader } = db.persistence.readers;
    const ofChannel = [channelId];
    expect(await one('SELECT COUNT(*) AS n FROM usage_records WHERE channel_id = ?', ofChannel)).toBe(expected);
    expect(await reader.count(system, channelId, {})).toBe(BigInt(expected));
    expect(await one('SELECT SUM(transactions) AS n FROM usage_statistics WHERE channel_id = ?', ofChannel)).toBe(
      expected,
    );
    for (const provider of ['sp0', 'sp1']) {
      const there = 'SELECT COUNT(*) AS n FROM usage_records WHERE channel_id = ? AND provider_external_id = ?';
      const filter = { providerExternalId: provider };
      expect(await reader.count(system, channelId, filter)).toBe(BigInt(await one(there, [channelId, provider])));
    }
    const kinds = await db.raw.read.all<{ kind: string; records: number }>(
      'SELECT kind, CAST(SUM(records) AS CHAR) AS records FROM usage_streams WHERE channel_id = ? GROUP BY kind',
      ofChannel,
    );
    expect(kinds.map(({ records }) => Number(records))).toEqual(kinds.map(() => expected));
  }
});
