import { invalid } from '../shared/errors.js';
import { checkProperties, type Property } from '../shared/properties.js';
import { checkInstant, checkOptionalText, checkProse, checkText } from '../shared/text.js';
import { type CompletionStatus, completionStatuses, type UsageRecord } from './model.js';
import { findStatisticType, statisticTypeOf } from './statistic-types.js';

/** A charging data record as it comes in. */
export interface UsageInput {
  readonly transactionId: bigint;
  readonly providerExternalId: string;
  readonly applicationExternalId?: string;
  readonly serviceName: string;
  /** Any ISO 8601 instant; without a zone it is UTC. */
  readonly occurredAt: string;
  readonly originAddress?: string;
  readonly destinationAddress?: string;
  readonly completionStatus: string;
  readonly info?: string;
  readonly properties?: readonly Property[];
  /** A number of the catalogue; without it the service's own. */
  readonly statisticType?: number;
}

/** What a record says, as it is kept: everything but what the hub adds. */
export type Usage = Omit<UsageRecord, 'id' | 'channelId' | 'tenantId' | 'applicationId' | 'recordedAt'>;

const largestInt64 = 2n ** 63n - 1n;

/** Throws `invalid_value` that names the field. */
export function checkUsage(input: UsageInput): Usage {
  const { transactionId, completionStatus } = input;
  if (transactionId > largestInt64 || transactionId < -largestInt64 - 1n) {
    throw invalid('transactionId', 'must be a 64-bit integer');
  }
  if (!isCompletionStatus(completionStatus)) {
    throw invalid('completionStatus', `must be one of ${completionStatuses.join(', ')}`);
  }
  const serviceName = checkText('serviceName', input.serviceName, 100);
  const statisticType = input.statisticType ?? statisticTypeOf(serviceName);
  if (findStatisticType(statisticType) === undefined) throw invalid('statisticType', 'is not in the catalogue');
  return {
    transactionId,
    providerExternalId: checkText('providerExternalId', input.providerExternalId),
    applicationExternalId: checkOptionalText('applicationExternalId', input.applicationExternalId ?? ''),
    serviceName,
    occurredAt: checkInstant('occurredAt', withZone(input.occurredAt)),
    originAddress: checkOptionalText('originAddress', input.originAddress ?? ''),
    destinationAddress: checkOptionalText('destinationAddress', input.destinationAddress ?? ''),
    completionStatus,
    info: checkProse('info', input.info ?? '', 2_000),
    properties: checkProperties(input.properties ?? []),
    statisticType,
  };
}

/** Whether both say the same of one transaction. */
export function saysTheSame(a: Usage, b: Usage): boolean {
  return (
    a.applicationExternalId === b.applicationExternalId &&
    a.serviceName === b.serviceName &&
    a.occurredAt === b.occurredAt &&
    a.originAddress === b.originAddress &&
    a.destinationAddress === b.destinationAddress &&
    a.completionStatus === b.completionStatus &&
    a.info === b.info &&
    a.statisticType === b.statisticType &&
    JSON.stringify(a.properties) === JSON.stringify(b.properties)
  );
}

function isCompletionStatus(value: string): value is CompletionStatus {
  return (completionStatuses as readonly string[]).includes(value);
}

const zoneless = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/;

function withZone(instant: string): string {
  return zoneless.test(instant) ? `${instant}Z` : instant;
}
