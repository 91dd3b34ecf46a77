import { ingestAlarms } from '../../../src/core/alarms/index.js';
import { ingestUsageRecords } from '../../../src/core/usage/index.js';
import { at, nil, type Visit } from './visit.js';

/** Beyond what a double can hold, and the last one there is. */
const transactionIds = [9_007_199_254_740_993n, 9_223_372_036_854_775_807n] as const;

/** Charging data records, statistics and alarms as both sides are shown them. */
export async function readUsage({ hub, channelId, ok, subject }: Visit): Promise<void> {
  const { sp, app } = subject;
  const since = hub.clock.now();
  const record = { providerExternalId: sp, applicationExternalId: app, occurredAt: since, serviceName: 'SendSms' };
  await hub.model((tx) =>
    ingestUsageRecords(tx, {
      channelId,
      records: [
        {
          ...record,
          transactionId: transactionIds[0],
          completionStatus: 'COMPLETED',
          originAddress: 'tel:+1',
          destinationAddress: 'tel:+2',
          info: 'Größe',
          properties: [{ name: 'parts', value: '2' }],
        },
        { ...record, transactionId: transactionIds[1], completionStatus: 'FAILED' },
      ],
    }),
  );

  const own = { serviceName: 'SendSms', fromDate: at(since), toDate: nil, appAccountId: app };
  expect(await ok('SpCdrUtil.countCdrs', { ...own, completionStatus: 'FAILED' })).toBe(1n);
  expect(await ok('OpCdrUtil.countCdrs', { spAccountId: sp })).toBe(2n);
  const first = {
    $type: 'CdrInfo',
    transactionId: transactionIds[0],
    serviceName: 'SendSms',
    timeStamp: new Date(since),
    origAddr: 'tel:+1',
    destAddr: 'tel:+2',
    completionStatus: 'COMPLETED',
    info: 'Größe',
    additionalProperties: {
      $type: 'ArrayOf_tns1_Property',
      item: [{ $type: 'Property', Name: 'parts', Value: '2' }],
    },
  };
  const last = { $type: 'CdrInfo', transactionId: transactionIds[1], completionStatus: 'FAILED' };
  expect(await ok('SpCdrUtil.listCdrs', own)).toEqual([
    { ...first, spAccountID: sp, appAccountID: app },
    expect.objectContaining(last),
  ]);
  expect(await ok('OpCdrUtil.listCdrs', { spAccountId: sp, maxEntries: 1 })).toEqual([
    { ...first, spAccountId: sp, appAccountId: app },
  ]);
  expect(await ok('OpCdrUtil.listCdrs', { spAccountId: sp, startIndex: 1, maxEntries: 1 })).toEqual([
    expect.objectContaining(last),
  ]);
  expect(await ok('OpCdrUtil.listCdrs', { spAccountId: sp, startIndex: transactionIds[1] })).toEqual([]);

  const types = await ok('OpStatisticsUtil.listStatisticTypes');
  expect(types).toContainEqual({
    $type: 'StatisticTypeDescriptor',
    transactionTypeId: 1n,
    transactionTypeName: 'SMS_SEND',
  });
  expect(await ok('SpStatisticsUtil.listStatisticTypes')).toContainEqual({
    $type: 'StatisticTypeDescriptor',
    transactionTypeID: 1n,
    transactionTypeName: 'SMS_SEND',
  });
  const counted = { $type: 'StatisticsInfo', statisticsType: 'SMS_SEND', numberOfTransactions: 2n };
  expect(await ok('SpStatisticsUtil.getStatistics', { statisticType: nil })).toEqual([
    expect.objectContaining({ ...counted, spAccountID: sp, appAccountID: app, timeStampStart: expect.any(Date) }),
  ]);
  expect(await ok('OpStatisticsUtil.getStatistics', { spAccountId: sp })).toEqual([
    expect.objectContaining({ ...counted, spAccountId: sp, appAccountId: app, timeStampEnd: expect.any(Date) }),
  ]);

  const alarm = { source: 'gw-1', info: 'no answer', additionalInfo: 'smsc', occurredAt: since } as const;
  await hub.model((tx) => ingestAlarms(tx, { channelId, alarms: [{ ...alarm, typeNumber: 5002 }] }));
  const alarms = { alarmId: 5002, severity: 'MAJOR', fromDate: at(since) };
  expect(await ok('OpAlarmUtil.countAlarms', alarms)).toBe(1n);
  expect(await ok('OpAlarmUtil.listAlarms', alarms)).toEqual([
    {
      $type: 'AlarmInfo',
      alarmInstanceId: expect.any(BigInt),
      alarmId: 5002n,
      source: 'gw-1',
      severity: 'MAJOR',
      timeStamp: new Date(since),
      info: 'no answer',
      additional_info: 'smsc',
    },
  ]);
}
