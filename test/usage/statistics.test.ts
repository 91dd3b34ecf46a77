import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { minute, shift } from '../../src/core/shared/clock.js';
import {
  intervalOf,
  largestStatistics,
  statisticInterval,
  statisticTypeOf,
  statisticTypes,
} from '../../src/core/usage/index.js';
import { createStorage } from '../../src/persistence/rows/stored-table.js';
import { usageStatistics } from '../../src/persistence/tables/usage.js';
import { writeRows } from '../../src/persistence/usage/write-rows.js';
import { onEveryDatabase } from '../support/databases.js';
import { account, ingest, makeChannel, makeProvider, start, system, usage } from './support.js';

describe('statistic types', () => {
  it('have these numbers for ever', () => {
    expect(Object.fromEntries(statisticTypes.map(({ id, name }) => [name, id]))).toEqual({
      SMS_SEND: 1,
      SMS_RECEIVE: 2,
      MMS_SEND: 3,
      MMS_RECEIVE: 4,
      PUSH_MESSAGE: 5,
      CALL_BY_APPLICATION: 6,
      CALL_BY_NETWORK: 7,
      AUDIO_CALL: 8,
      TERMINAL_LOCATION: 9,
      TERMINAL_STATUS: 10,
      PRESENCE: 11,
      PAYMENT: 12,
      SUBSCRIBER_PROFILE: 13,
      DEVICE_CAPABILITIES: 14,
      QUALITY_OF_SERVICE: 15,
      OTHER: 99,
    });
  });

  it('are in the documentation', () => {
    const page = readFileSync('docs/usage.md', 'utf8');
    for (const { id, name } of statisticTypes) expect(page).toContain(`| ${id} | \`${name}\` |`);
  });

  it('are told from the name of the service, however it is spelled', () => {
    for (const name of ['Third Party Call', 'ThirdPartyCall', 'third-party call', 'THIRD_PARTY_CALL']) {
      expect(statisticTypeOf(name)).toBe(6);
    }
    expect(statisticTypeOf('Short Messaging')).toBe(1);
    expect(statisticTypeOf('Something new')).toBe(99);
    const services = statisticTypes.flatMap((type) => type.services);
    expect(new Set(services).size).toBe(services.length);
    expect(services.every((name) => /^[a-z0-9]+$/.test(name))).toBe(true);
  });
});

test('an instant lies in the interval that begins not after it and ends after it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), (ms) => {
      const instant = new Date(ms).toISOString();
      const { startsAt, endsAt } = intervalOf(instant);
      expect(startsAt <= instant && instant < endsAt).toBe(true);
      expect(Date.parse(endsAt) - Date.parse(startsAt)).toBe(statisticInterval);
      expect(Date.parse(startsAt) % statisticInterval).toBe(0);
    }),
  );
});

onEveryDatabase('statistics', (db) => {
  const reader = () => db.persistence.readers.usage;

  it('count every record once, late ones too, and by type, application and interval', async () => {
    const channelId = await makeChannel(db.persistence);
    const sp1 = await makeProvider(db.persistence, channelId, 'sp1');
    await makeProvider(db.persistence, channelId, 'sp2', 'app2');
    const at = (minutes: number) => ({ occurredAt: shift(start, minutes * minute) });
    await ingest(db.persistence, channelId, [
      usage(1, at(0)),
      usage(2, { ...at(4), completionStatus: 'FAILED' }),
      usage(3, at(5)),
      usage(4, { ...at(1), serviceName: 'Payment' }),
      usage(5, { ...at(1), statisticType: 2 }),
      usage(6, { ...at(1), applicationExternalId: 'app9' }),
      usage(7, { ...at(2), providerExternalId: 'sp2', applicationExternalId: 'app2' }),
    ]);
    await ingest(db.persistence, channelId, [usage(8, at(3)), usage(1, at(0)), usage(9, at(-1))]);
    const shown = async (...asked: Parameters<ReturnType<typeof reader>['statistics']>) =>
      (await reader().statistics(...asked)).map((one) => [
        (Date.parse(one.startsAt) - Date.parse(start)) / minute,
        one.providerExternalId,
        one.applicationExternalId,
        one.statisticType,
        one.transactions,
      ]);
    const everything = [
      [-5, 'sp1', 'app1', 1, 1],
      [0, 'sp1', 'app1', 1, 3],
      [0, 'sp1', 'app1', 2, 1],
      [0, 'sp1', 'app1', 12, 1],
      [0, 'sp1', 'app9', 1, 1],
      [0, 'sp2', 'app2', 1, 1],
      [5, 'sp1', 'app1', 1, 1],
    ];
    expect(await shown(system, channelId, {})).toEqual(everything);
    expect(await shown(account(channelId), channelId, {})).toEqual(everything);
    const own = account(channelId, sp1.tenantId);
    expect(await shown(own, channelId, {})).toEqual(everything.filter((row) => row[1] === 'sp1'));
    expect(await shown(own, channelId, { providerExternalId: 'sp2' })).toEqual([]);
    expect(await shown(system, channelId, { statisticType: 1, applicationExternalId: 'app1' })).toEqual(
      everything.filter((row) => row[2] === 'app1' && row[3] === 1),
    );
    const between = { from: start, to: shift(start, 5 * minute) };
    expect(await shown(system, channelId, between)).toEqual(everything.filter((row) => row[0] === 0));
    expect(await shown(system, await makeChannel(db.persistence, 'other'), {})).toEqual([]);
    const [first] = await reader().statistics(own, channelId, {});
    expect(first).toMatchObject({ tenantId: sp1.tenantId, applicationId: sp1.applicationId });
    expect(Date.parse(first!.endsAt) - Date.parse(first!.startsAt)).toBe(statisticInterval);
  });

  it('are told whole or not at all', async () => {
    const channelId = await makeChannel(db.persistence);
    const common = { providerStream: 1, channelId, tenantId: '', applicationId: '', providerExternalId: 'sp1' };
    const rows = Array.from({ length: largestStatistics + 1 }, (_, place) => ({
      ...common,
      id: db.ids.next('usageStatistic'),
      applicationExternalId: `app${place}`,
      statisticType: 1,
      startsAt: start,
      endsAt: shift(start, statisticInterval),
      transactions: 1,
    }));
    const storage = createStorage(db.dialect, db.keyring);
    await db.raw.transaction((sql) => writeRows(sql, storage(usageStatistics), rows));
    await expect(reader().statistics(system, channelId, {})).rejects.toMatchObject({ code: 'invalid_value' });
    await db.raw.execute("DELETE FROM usage_statistics WHERE application_external_id = 'app7'");
    expect(await reader().statistics(system, channelId, {})).toHaveLength(largestStatistics);
  });
});
