import { ingestAlarms, type ReportedAlarm } from '../../src/core/alarms/index.js';
import { configureChannel } from '../../src/core/marketplace/index.js';
import type { Unit } from '../../src/core/repositories.js';
import { type Actor, systemActor } from '../../src/core/shared/actor.js';
import { hour, shift } from '../../src/core/shared/clock.js';
import { createTenant } from '../../src/core/tenancy/index.js';
import { onEveryDatabase } from '../support/databases.js';
import { accountOf, operator } from './support/callers.js';

const system = systemActor('test');

onEveryDatabase('alarms of gateways', (db) => {
  const as = <T>(actor: Actor, work: (tx: Unit) => Promise<T>): Promise<T> =>
    db.persistence.uow.run(actor, { name: 'test.write', requestId: 'test' }, work);
  const channel = (name: string) => as(system, (tx) => configureChannel(tx, { name, protocol: 'prm', settings: {} }));
  const ingest = (channelId: string, alarms: readonly ReportedAlarm[], actor: Actor = operator(666)) =>
    as(actor, (tx) => ingestAlarms(tx, { channelId, alarms }));
  const all = () => as(system, (tx) => tx.alarms.findMany({}));
  const down: ReportedAlarm = { externalId: '77', typeNumber: 5002, source: 'smsc@10.1.2.3', info: 'no answer' };

  it('are taken over as they were reported, with numbers of the hub', async () => {
    const { id: channelId } = await channel('gate');
    const occurredAt = shift(db.clock.now(), -hour);
    const tenant = await as(system, (tx) => createTenant(tx, { kind: 'reseller', name: 'Acme', channelId }));
    const full = {
      ...down,
      severity: 'CRITICAL',
      occurredAt,
      additionalInfo: 'line 1\nline 2',
      tenantId: tenant.id,
    } as const;
    const { raised, known } = await ingest(channelId, [full, { typeNumber: 5001, source: 'x', info: '' }]);
    expect(known).toBe(0);
    expect(raised).toEqual([
      expect.objectContaining({ ...full, instanceNumber: 1n, channelId, repeatCount: 1, lastAt: occurredAt }),
      expect.objectContaining({ instanceNumber: 2n, severity: 'MINOR', externalId: null, occurredAt: db.clock.now() }),
    ]);
    expect(await all()).toEqual(raised);
  });

  it('are known by source and external id, and cleared when a report says so', async () => {
    const [{ id: one }, { id: two }] = [await channel('one'), await channel('two')];
    await ingest(one, [down]);
    expect(await ingest(one, [down, down])).toMatchObject({ raised: [], cleared: [], known: 2 });
    expect(await ingest(two, [down])).toMatchObject({ raised: [{ instanceNumber: 2n }] });
    expect(await ingest(one, [{ ...down, source: 'mmsc' }])).toMatchObject({ raised: [{ instanceNumber: 3n }] });
    db.clock.advance(hour);
    const clearedAt = db.clock.now();
    const over = await ingest(one, [{ ...down, clearedAt }]);
    expect(over).toMatchObject({
      raised: [],
      known: 0,
      cleared: [{ instanceNumber: 1n, clearedAt, clearedBy: 'usr_1' }],
    });
    expect(await ingest(one, [{ ...down, clearedAt }])).toMatchObject({ raised: [], cleared: [], known: 1 });
    expect(await all()).toHaveLength(3);
  });

  it('that begin and end in one batch are one alarm', async () => {
    const end = shift(db.clock.now(), hour);
    const { raised, known } = await ingest('', [down, { ...down, clearedAt: end, occurredAt: end }, down]);
    expect(raised).toEqual([expect.objectContaining({ occurredAt: db.clock.now(), clearedAt: end, channelId: '' })]);
    expect(known).toBe(2);
  });

  it('without an id of their own are an alarm each', async () => {
    const anonymous = { typeNumber: 5001, source: 'smsc', info: 'odd' };
    expect((await ingest('', [anonymous, anonymous])).raised).toHaveLength(2);
    expect((await ingest('', [anonymous])).raised).toHaveLength(1);
  });

  it('reported by ten processes at once are there once', async () => {
    const batch = Array.from({ length: 5 }, (_, at) => ({ ...down, externalId: `e${at}` }));
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => ingest('', batch)));
    expect(outcomes.reduce((sum, { raised }) => sum + raised.length, 0)).toBe(5);
    expect(outcomes.reduce((sum, { known }) => sum + known, 0)).toBe(45);
    expect((await all()).map(({ instanceNumber }) => instanceNumber)).toEqual([1n, 2n, 3n, 4n, 5n]);
  });

  it('are refused as a whole when one of them is wrong', async () => {
    const wrong: [Partial<ReportedAlarm>, string, object][] = [
      [{ typeNumber: 3001 }, 'unknown_reference', { kind: 'alarmType', key: '3001' }],
      [{ typeNumber: 1 }, 'unknown_reference', { kind: 'alarmType', key: '1' }],
      [{ source: '' }, 'invalid_value', { field: 'alarms.1.source' }],
      [{ source: ' smsc' }, 'invalid_value', { field: 'alarms.1.source' }],
      [{ info: 'a\u0001' }, 'invalid_value', { field: 'alarms.1.info' }],
      [{ info: 'x'.repeat(2_001) }, 'invalid_value', { field: 'alarms.1.info' }],
      [{ severity: 'LOW' as never }, 'invalid_value', { field: 'alarms.1.severity' }],
      [{ occurredAt: 'yesterday' }, 'invalid_value', { field: 'alarms.1.occurredAt' }],
      [
        { occurredAt: db.clock.now(), clearedAt: shift(db.clock.now(), -1) },
        'invalid_value',
        { field: 'alarms.1.clearedAt' },
      ],
      [{ tenantId: 'ten_00000000000000000000000000' }, 'unknown_reference', { kind: 'tenant' }],
    ];
    for (const [change, code, params] of wrong) {
      const refused = ingest('', [down, { ...down, externalId: '78', ...change }]);
      await expect(refused).rejects.toMatchObject({ code, params });
    }
    await expect(ingest('', [])).rejects.toMatchObject({ code: 'invalid_value' });
    await expect(ingest('', new Array(501).fill(down))).rejects.toMatchObject({ code: 'invalid_value' });
    await expect(ingest('chn_00000000000000000000000000', [down])).rejects.toMatchObject({ code: 'unknown_reference' });
    expect(await all()).toEqual([]);
  });

  it('come from operators, from clients with a level, and from the operator’s accounts of the channel', async () => {
    const [{ id: own }, { id: other }] = [await channel('own'), await channel('other')];
    const client = (level: number, ceiling: number): Actor => ({
      kind: 'client',
      clientId: 'gw',
      level,
      tenantId: null,
      ceiling,
    });
    const tenant = await as(system, (tx) => createTenant(tx, { kind: 'reseller', name: 'Acme', channelId: own }));
    const far = await as(system, (tx) => createTenant(tx, { kind: 'reseller', name: 'Far', channelId: other }));
    const refusals: [Actor, string, string][] = [
      [operator(333), own, 'forbidden'],
      [client(1000, 333), own, 'forbidden'],
      [accountOf(own, { level: 333 }), own, 'forbidden'],
      [accountOf(own, { level: 1000 }), '', 'forbidden'],
      [accountOf(own, { level: 1000 }), other, 'not_found'],
      [accountOf(own, { level: null }), own, 'not_found'],
      [accountOf(own, { level: 1000, tenantId: tenant.id }), own, 'not_found'],
      [{ kind: 'client', clientId: 'app', level: null, tenantId: tenant.id, ceiling: 1000 }, own, 'not_found'],
    ];
    for (const [actor, channelId, code] of refusals) {
      await expect(ingest(channelId, [down], actor)).rejects.toMatchObject({ code });
    }
    expect(await all()).toEqual([]);
    const account = accountOf(own, { level: 666 });
    expect((await ingest(own, [{ ...down, tenantId: tenant.id }], account)).raised).toHaveLength(1);
    // what the account may not see is not there for it
    await expect(ingest(own, [{ ...down, tenantId: far.id }], account)).rejects.toMatchObject({
      code: 'unknown_reference',
    });
    expect((await ingest('', [down], client(666, 666))).raised).toHaveLength(1);
  });
});
