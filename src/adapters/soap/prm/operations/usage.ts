import { invalid } from '../../../../core/shared/errors.js';
import { checkWindow } from '../../../../core/shared/window.js';
import { type StatisticsFilter, statisticTypes, type UsageFilter } from '../../../../core/usage/index.js';
import type { Input, Operation, PrmCall } from '../context.js';
import { writeProperties } from '../dialect.js';
import { account, optional } from '../scope.js';

/** Absent filters do not filter. A provider's own records are all it is ever shown, whatever it names. */
function usageFilter(input: Input): UsageFilter {
  return given({
    serviceName: optional(input, 'serviceName'),
    from: optional(input, 'fromDate'),
    to: optional(input, 'toDate'),
    completionStatus: optional(input, 'completionStatus') as UsageFilter['completionStatus'],
    providerExternalId: optional(input, 'spAccountId'),
    applicationExternalId: optional(input, 'appAccountId'),
  });
}

function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

/** '' is what the hub keeps of nothing. */
const orNil = (text: string): string | undefined => (text === '' ? undefined : text);

const usage = (call: PrmCall) => call.ports.readers.usage;

const countCdrs: Operation = (input, call) => usage(call).count(account(call), call.channel.id, usageFilter(input));

const listCdrs: Operation = async (input, call) => {
  const window = checkWindow(input.startIndex as bigint, input.maxEntries as number);
  const records = await usage(call).list(account(call), call.channel.id, usageFilter(input), window);
  return records.map((record) => ({
    transactionId: record.transactionId,
    serviceName: record.serviceName,
    timeStamp: record.occurredAt,
    origAddr: orNil(record.originAddress),
    destAddr: orNil(record.destinationAddress),
    spAccountId: record.providerExternalId,
    appAccountId: orNil(record.applicationExternalId),
    completionStatus: record.completionStatus,
    info: orNil(record.info),
    additionalProperties: writeProperties(record.properties),
  }));
};

const listStatisticTypes: Operation = async () =>
  statisticTypes.map(({ id, name }) => ({ transactionTypeId: id, transactionTypeName: name }));

const typeNames = new Map(statisticTypes.map(({ id, name }) => [id, name]));

const getStatistics: Operation = async (input, call) => {
  const statisticType = input.statisticType as number | undefined;
  if (statisticType !== undefined && !typeNames.has(statisticType)) {
    throw invalid('statisticType', `${statisticType} is not in the catalogue (listStatisticTypes)`);
  }
  const filter: StatisticsFilter = given({
    statisticType,
    from: optional(input, 'fromDate'),
    to: optional(input, 'toDate'),
    providerExternalId: optional(input, 'spAccountId'),
    applicationExternalId: optional(input, 'appAccountId'),
  });
  const statistics = await usage(call).statistics(account(call), call.channel.id, filter);
  return statistics.map((row) => ({
    statisticsType: typeNames.get(row.statisticType) ?? String(row.statisticType),
    timeStampStart: row.startsAt,
    timeStampEnd: row.endsAt,
    numberOfTransactions: row.transactions,
    spAccountId: row.providerExternalId,
    appAccountId: orNil(row.applicationExternalId),
  }));
};

export const cdrOperations = { countCdrs, listCdrs };
export const statisticsOperations = { listStatisticTypes, getStatistics };
