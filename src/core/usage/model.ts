import type { Instant } from '../shared/clock.js';
import type { Property } from '../shared/properties.js';

export const completionStatuses = [
  'COMPLETED',
  'FAILED',
  'PARTIAL',
  'COMPLETED_NOTIFICATION_FAILED',
  'POLICY_DENIED',
] as const;
export type CompletionStatus = (typeof completionStatuses)[number];

/**
 * One charging data record: a fact about one use of a service, never changed and never deleted. It outlives the accounts it
 * names, so who it belongs to is fixed when it arrives.
 */
export interface UsageRecord {
  /** Carries `occurredAt`: ids order by it, and among equal ones are unique. */
  readonly id: string;
  readonly channelId: string;
  /** The provider it is charged to; '' when nobody had that id on the channel. */
  readonly tenantId: string;
  /** '' when the provider had no such application. */
  readonly applicationId: string;
  /** The channel's own id of the provider (PRM spAccountId), as it came. */
  readonly providerExternalId: string;
  /** The channel's own id of the application (PRM appAccountId), as it came; '' when none was named. */
  readonly applicationExternalId: string;
  /** An int64; unique by (channelId, providerExternalId). */
  readonly transactionId: bigint;
  readonly serviceName: string;
  readonly occurredAt: Instant;
  /** When the hub took it in. */
  readonly recordedAt: Instant;
  readonly originAddress: string;
  readonly destinationAddress: string;
  readonly completionStatus: CompletionStatus;
  readonly info: string;
  /** In their order. */
  readonly properties: readonly Property[];
  /** A number of the catalogue of statistic types. */
  readonly statisticType: number;
}

/** A record before it has an id. */
export type NewUsageRecord = Omit<UsageRecord, 'id'>;

/** How many records of one type came from one application within one interval. */
export interface UsageStatistic {
  /** Carries `startsAt`. */
  readonly id: string;
  readonly channelId: string;
  readonly tenantId: string;
  readonly applicationId: string;
  readonly providerExternalId: string;
  readonly applicationExternalId: string;
  readonly statisticType: number;
  readonly startsAt: Instant;
  /** The first instant that is not in it. */
  readonly endsAt: Instant;
  readonly transactions: number;
}
