import fc from 'fast-check';
import type { UsageFilter, UsageInput } from '../../src/core/usage/index.js';
import { onEveryDatabase } from '../support/databases.js';
import { account, everything, ingest, makeChannel, makeProvider, system, usage } from './support.js';

const services = ['Short Messaging', 'Payment', 'Presence'];
const statuses = ['COMPLETED', 'FAILED', 'POLICY_DENIED'];

/** Few different instants, so that many records share one. */
const records = fc.array(
  fc.record({
    providerExternalId: fc.constantFrom('sp1', 'sp1', 'sp2', 'unknown'),
    applicationExternalId: fc.constantFrom('app1', 'app2', ''),
    serviceName: fc.constantFrom(...services),
    completionStatus: fc.constantFrom(...statuses),
    minute: fc.integer({ min: 0, max: 400 }),
  }),
  { minLength: 1_500, maxLength: 2_600 },
);
const optional = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
const instant = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
const filters = fc
  .record({
    serviceName: optional(services),
    completionStatus: optional(statuses),
    providerExternalId: optional(['sp1', 'sp2', 'nobody']),
    applicationExternalId: optional(['app1', 'app2', '']),
    from: optional([instant(0), instant(57), instant(399)]),
    to: optional([instant(0), instant(230), instant(399), instant(401)]),
  })
  .map((given) => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as UsageFilter);

onEveryDatabase('records by position', (db) => {
  it('are what a plain OFFSET gives, whatever order they came in', async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(
        records,
        fc.array(filters, { minLength: 6, maxLength: 6 }),
        fc.array(fc.nat(2_600), { minLength: 4, maxLength: 4 }),
        fc.integer({ min: 1, max: 300 }),
        async (given, asked, starts, size) => {
          round += 1;
          const channelId = await makeChannel(db.persistence, `gateway-${round}`);
          const { tenantId } = await makeProvider(db.persistence, channelId, 'sp1');
          const inputs: UsageInput[] = given.map(({ minute, ...rest }, at) =>
            usage(at, { ...rest, occurredAt: instant(minute) }),
          );
          for (let at = 0; at < inputs.length; at += 400) {
            await ingest(db.persistence, channelId, inputs.slice(at, at + 400));
          }
          const { usage: reader } = db.persistence.readers;
          const actors = [system, account(channelId), account(channelId, tenantId)];
          for (const [place, filter] of [{}, { providerExternalId: 'sp1' }, ...asked].entries()) {
            const actor = actors[place % actors.length]!;
            const own = actor === actors[2] ? tenantId : undefined;
            const expected = await plain(channelId, filter, own);
            expect(await reader.count(actor, channelId, filter)).toBe(BigInt(expected.length));
            for (const start of [0, ...starts, expected.length - 1, expected.length].filter((at) => at >= 0)) {
              const page = await reader.list(actor, channelId, filter, { start: BigInt(start), size });
              expect(page.map(({ id }) => id)).toEqual(expected.slice(start, start + size));
            }
          }
        },
      ),
      { numRuns: 4 },
    );
  });

  /** With SQL of its own, over columns the reader does not order by. */
  async function plain(channelId: string, filter: UsageFilter, tenantId?: string): Promise<string[]> {
    const { from, to, ...equal } = filter;
    const names = {
      serviceName: 'service_name',
      completionStatus: 'completion_status',
      providerExternalId: 'provider_external_id',
      applicationExternalId: 'application_external_id',
    };
    const parts: [string, string][] = [['channel_id = ?', channelId]];
    for (const [name, value] of Object.entries(equal)) parts.push([`${names[name as keyof typeof names]} = ?`, value]);
    if (from !== undefined) parts.push(['occurred_at >= ?', from]);
    if (to !== undefined) parts.push(['occurred_at < ?', to]);
    if (tenantId !== undefined) parts.push(['tenant_id = ?', tenantId]);
    const rows = await db.raw.read.all<{ id: string }>(
      `SELECT id FROM usage_records WHERE ${parts.map(([text]) => text).join(' AND ')} ORDER BY occurred_at, id`,
      parts.map(([, value]) => value),
    );
    return rows.map(({ id }) => id);
  }

  it('are all of a channel in the order they occurred in', async () => {
    const channelId = await makeChannel(db.persistence);
    await ingest(db.persistence, channelId, [usage(3), usage(1), usage(2)]);
    await ingest(db.persistence, channelId, [usage(0)]);
    const all = await db.persistence.readers.usage.list(system, channelId, {}, everything);
    expect(all.map(({ transactionId }) => transactionId)).toEqual([0n, 1n, 2n, 3n]);
  });
});
