import { shift } from '../../src/core/shared/clock.js';
import { statisticTypes } from '../../src/core/usage/index.js';
import { type CommandServer, refusal, startCommands } from '../graphql/support/commands.js';
import { client, type MercatorServer, member, operator, startMercator } from '../graphql/support/mercator.js';
import { onEveryDatabase } from '../support/databases.js';
import { ingest, makeChannel, makeProvider, start, usage } from './support.js';

interface Answer {
  readonly usageRecords: {
    readonly totalCount: number;
    readonly nodes: readonly { readonly id: string }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

onEveryDatabase('usage in GraphQL', (db) => {
  let server: CommandServer;
  let reading: MercatorServer;
  beforeAll(async () => {
    server = await startCommands(db);
    reading = await startMercator(db.persistence.readers, db.clock);
  });
  afterAll(() => Promise.all([server.close(), reading.close()]));

  const machine = client({ level: 1000 });
  const input = (transactionId: string, more: object = {}) => ({
    transactionId,
    providerExternalId: 'sp1',
    applicationExternalId: 'app1',
    serviceName: 'Third Party Call',
    occurredAt: '2026-01-15T09:00:00',
    completionStatus: 'COMPLETED',
    ...more,
  });
  const payload = `{ accepted duplicates { index transactionId } conflicts { index providerExternalId transactionId }
    unattributed { index } }`;
  const send = (given: object, actor = machine) => server.mutate(actor, 'ingestUsageRecords', given, payload);

  it('takes records in, tells what became of each, and answers a repeated key the same', async () => {
    const channelId = await makeChannel(db.persistence);
    await makeProvider(db.persistence, channelId, 'sp1');
    const wide = '9223372036854775807';
    const first = {
      channelId,
      idempotencyKey: 'k1',
      records: [input(wide), input('2', { providerExternalId: 'sp9' })],
    };
    const expected = { accepted: 2, duplicates: [], conflicts: [], unattributed: [{ index: 1 }] };
    for (let time = 0; time < 2; time += 1) {
      expect((await send(first)).data).toEqual({ ingestUsageRecords: expected });
    }
    const second = {
      channelId,
      records: [input(wide), input('2', { providerExternalId: 'sp9', info: 'x' }), input('3')],
    };
    expect((await send(second)).data).toEqual({
      ingestUsageRecords: {
        accepted: 1,
        duplicates: [{ index: 0, transactionId: wide }],
        conflicts: [{ index: 1, providerExternalId: 'sp9', transactionId: '2' }],
        unattributed: [],
      },
    });
    const tooWide = await send({ channelId, records: [input('9223372036854775808')] });
    expect(tooWide.errors![0]!.message).toContain('records[0].transactionId');
    const many = await send({ channelId, records: Array.from({ length: 1_001 }, (_, n) => input(String(n))) });
    expect(refusal(many)).toMatch(/^INVALID/);
  });

  it('shows them with their owners, types and statistics, to whom they belong', async () => {
    const channelId = await makeChannel(db.persistence);
    const sp1 = await makeProvider(db.persistence, channelId, 'sp1');
    const sp2 = await makeProvider(db.persistence, channelId, 'sp2', 'app2');
    await ingest(db.persistence, channelId, [
      usage(1, { serviceName: 'Payment', properties: [{ name: 'a', value: null }] }),
      usage(2, { providerExternalId: 'sp2', applicationExternalId: 'app2' }),
      usage(7),
    ]);
    const query = `query ($channelId: ID!) {
      usageRecords(first: 10) { totalCount nodes { transactionId completionStatus properties { name value }
        statisticType { id name } tenant { id } application { id } channel { name } } }
      usageStatistics(first: 10) { totalCount nodes { startsAt endsAt transactions statisticType { name } } }
      usageRecordByTransaction(channelId: $channelId, providerExternalId: "sp1", transactionId: "1") { serviceName }
    }`;
    const ask = async (actor: Parameters<typeof reading.read>[0]) => reading.read(actor, query, { channelId });
    const everything = await ask(operator(333));
    expect(everything.usageRecords.totalCount).toBe(3);
    expect(everything.usageStatistics.nodes).toHaveLength(3);
    const own = await ask(member('usr_00000000000000000000000001', sp1.tenantId, ['VIEWER']));
    expect(own.usageRecords).toEqual({
      totalCount: 2,
      nodes: [
        {
          transactionId: '1',
          completionStatus: 'COMPLETED',
          properties: [{ name: 'a', value: null }],
          statisticType: { id: 12, name: 'PAYMENT' },
          tenant: { id: sp1.tenantId },
          application: { id: sp1.applicationId },
          channel: null,
        },
        expect.objectContaining({ transactionId: '7', statisticType: { id: 1, name: 'SMS_SEND' } }),
      ],
    });
    expect(own.usageRecordByTransaction).toEqual({ serviceName: 'Payment' });
    expect(own.usageStatistics.nodes.map((one: { transactions: number }) => one.transactions)).toEqual([1, 1]);
    const foreign = await ask(client({ tenantId: sp2.tenantId }));
    expect(foreign.usageRecords.totalCount).toBe(1);
    expect(foreign.usageRecordByTransaction).toBeNull();
  });

  it('pages and counts under every way to ask', async () => {
    const channelId = await makeChannel(db.persistence);
    await makeProvider(db.persistence, channelId, 'sp1');
    const other = await makeChannel(db.persistence, 'other');
    await ingest(
      db.persistence,
      channelId,
      Array.from({ length: 30 }, (_, n) => usage(n, { providerExternalId: `sp${n % 3}` })),
    );
    await ingest(
      db.persistence,
      other,
      Array.from({ length: 10 }, (_, n) => usage(n)),
    );
    const within = `occurredAt: { gte: "${shift(start, 5 * 60_000)}", lt: "${shift(start, 20 * 60_000)}" }`;
    const cases: [string, number][] = [
      ['', 40],
      [`channelId: { eq: "${channelId}" }`, 30],
      [`channelId: { eq: "${channelId}" }, providerExternalId: { eq: "sp1" }`, 10],
      ['providerExternalId: { eq: "sp1" }', 20],
      ['providerExternalId: { eq: "nobody" }', 0],
      [within, 20],
      [`${within}, channelId: { eq: "${channelId}" }`, 15],
      [`occurredAt: { gt: "${start}", lte: "${shift(start, 60_000)}" }`, 2],
      [`occurredAt: { eq: "${start}" }, providerExternalId: { eq: "sp1" }`, 1],
      [`${within}, serviceName: { startsWith: "Short" }, channelId: { in: ["${other}"] }`, 5],
    ];
    for (const [filter, total] of cases) {
      const seen: string[] = [];
      let after: string | null = null;
      do {
        const { usageRecords }: Answer = await reading.read(
          operator(333),
          `query ($after: Cursor) { usageRecords(first: 7, after: $after, filter: { ${filter} }) {
            totalCount nodes { id } pageInfo { hasNextPage endCursor } } }`,
          { after },
        );
        expect([filter, usageRecords.totalCount]).toEqual([filter, total]);
        seen.push(...usageRecords.nodes.map(({ id }) => id));
        after = usageRecords.pageInfo.hasNextPage ? usageRecords.pageInfo.endCursor : null;
      } while (after !== null);
      expect([filter, new Set(seen).size, seen]).toEqual([filter, total, [...seen].sort()]);
    }
  });

  it('lists the statistic types', async () => {
    const { statisticTypes: listed } = await reading.read(operator(333), '{ statisticTypes { id name description } }');
    expect(listed).toEqual(statisticTypes.map(({ id, name, description }) => ({ id, name, description })));
  });
});
