import { expectEqual } from '../../check.js';
import type { Account } from '../accounts.js';
import { fieldOf, itemsOf } from '../beans.js';
import type { PrmContext, PrmScenario } from '../context.js';
import { type CompletionStatus, reportAlarm, reportUsage, type UsageReport } from '../gateway.js';
import { admitApplication, admitProvider, idOf, openGroups, type Provider } from '../opening.js';
import type { Party } from '../party.js';

/** Retrieving charging data records, statistics and alarms. */
export const usage: PrmScenario = {
  about: 'a gateway reports what was used; operator and providers retrieve records and statistics, the operator alarms',
  async run(context) {
    const groups = await openGroups(context, 'us');
    const provider = await admitProvider(context, 'us', groups);
    const application = await admitApplication(context, provider, groups);
    const other = await admitProvider(context, 'us-2', groups);
    const reported = await reportUsage(context, reportsOf(provider, application));
    await retrieveRecords(context, provider, application, reported);
    await retrieveRecordsOf(other, 'another provider sees none of them', 0);
    await retrieveStatistics(context, provider, reported);
    await retrieveAlarms(context);
  },
};

/** Beyond what a double holds: the first of the numbers the records have. */
const firstTransaction = 9_007_199_254_740_993n;

function reportsOf({ account }: Provider, application: Account): readonly UsageReport[] {
  const sms = ['COMPLETED', 'COMPLETED', 'FAILED'] as const;
  const report = (at: number, serviceName: string, completionStatus: CompletionStatus): UsageReport => ({
    transactionId: String(firstTransaction + BigInt(at)),
    providerExternalId: account.id,
    applicationExternalId: application.id,
    serviceName,
    completionStatus,
    secondsAgo: 600 - at,
  });
  return [
    ...sms.map((status, at) => report(at, 'SendSms', status)),
    report(sms.length, 'TerminalLocation', 'COMPLETED'),
  ];
}

async function retrieveRecords(
  { op }: PrmContext,
  { account, sp }: Provider,
  application: Account,
  reported: boolean,
): Promise<void> {
  const count = (title: string, filter: object, wanted: number) =>
    op.call(title, 'OpCdrUtil.countCdrs', filter, counts(reported ? wanted : 0));
  const { spAccountId } = account.ids.op as { spAccountId: string };
  await op.call(
    'how many records of all providers are there?',
    'OpCdrUtil.countCdrs',
    {},
    {
      check: (value) => expectEqual('a number', typeof value, 'bigint'),
    },
  );
  await count('how many of this provider?', { spAccountId }, 4);
  await count('how many failed?', { completionStatus: 'FAILED', spAccountId }, 1);
  await count('of one service?', { serviceName: 'TerminalLocation', spAccountId, appAccountId: application.id }, 1);
  const page = (startIndex: number) => ({ spAccountId, startIndex, maxEntries: 3 });
  const list = 'OpCdrUtil.listCdrs';
  await op.call('the first three', list, page(0), { check: areTransactions(reported ? [0, 1, 2] : []) });
  await op.call('and the rest', list, page(3), { check: areTransactions(reported ? [3] : []) });
  await op.call('a position below 0', list, page(-1), { fault: 'CommonException' });
  await retrieveRecordsOf({ sp }, 'the provider counts its own', reported ? 4 : 0);
  const own = { appAccountId: application.id, startIndex: 0, maxEntries: 10 };
  await sp.call('and lists them', 'SpCdrUtil.listCdrs', own, {
    check: areTransactions(reported ? [0, 1, 2, 3] : []),
  });
}

async function retrieveRecordsOf({ sp }: { readonly sp: Party }, title: string, wanted: number): Promise<void> {
  await sp.call(title, 'SpCdrUtil.countCdrs', {}, counts(wanted));
}

async function retrieveStatistics({ op }: PrmContext, { account, sp }: Provider, reported: boolean): Promise<void> {
  const types = await op.call('which statistics are there?', 'OpStatisticsUtil.listStatisticTypes', {});
  const sms = itemsOf(types.value).find((type) => fieldOf(type, 'transactionTypeName') === 'SMS_SEND');
  const statisticType = Number(fieldOf(sms, 'transactionTypeId'));
  const transactions = (wanted: number) => (value: unknown) => {
    const numbers = itemsOf(value).map((row) => Number(fieldOf(row, 'numberOfTransactions')));
    return expectEqual(
      'transactions in all intervals',
      numbers.reduce((sum, one) => sum + one, 0),
      reported ? wanted : 0,
    );
  };
  const of = { statisticType, spAccountId: account.id };
  await op.call('short messages of this provider', 'OpStatisticsUtil.getStatistics', of, { check: transactions(3) });
  await sp.call('the provider’s own, of all types', 'SpStatisticsUtil.getStatistics', {}, { check: transactions(4) });
}

async function retrieveAlarms(context: PrmContext): Promise<void> {
  const { op } = context;
  const source = idOf(context, 'gateway');
  const report = await reportAlarm(context, source);
  const filter = { alarmId: report.alarmId, fromDate: report.from };
  await op.call('how many alarms of that kind since?', 'OpAlarmUtil.countAlarms', filter, {
    check: (value) => (report.raised && Number(value) < 1 ? ['there is none'] : []),
  });
  const page = { ...filter, startIndex: 0, maxEntries: 100 };
  await op.call('the operator lists them', 'OpAlarmUtil.listAlarms', page, {
    check: (value) => {
      const found = itemsOf(value).filter((alarm) => fieldOf(alarm, 'source') === source);
      return expectEqual(`alarms of ${source}`, found.length, report.raised ? 1 : 0);
    },
  });
}

const counts = (wanted: number) => ({ check: (value: unknown) => expectEqual('the number', value, wanted) });

/** By (timeStamp, id), which is the order they were reported in. */
const areTransactions = (places: readonly number[]) => (value: unknown) =>
  expectEqual(
    'the transactions',
    itemsOf(value)
      .map((record) => fieldOf(record, 'transactionId'))
      .join(),
    places.map((at) => firstTransaction + BigInt(at)).join(),
  );
