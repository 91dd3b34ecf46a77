import type { Actor } from '../shared/actor.js';
import type { Instant } from '../shared/clock.js';
import type { Window } from '../shared/window.js';
import type { CompletionStatus, NewUsageRecord, UsageRecord, UsageStatistic } from './model.js';
import type { StatisticCount } from './statistics.js';
import type { Tenure } from './tenure.js';

/**
 * The records of a channel and everything counted of them. Records are not journaled one by one
 * (docs/adr/0015-usage-records-are-not-journaled.md).
 */
export interface UsageLedger {
  /** Ingestions of one channel follow one another: waits for the one under way, and holds until the unit ends. Comes first. */
  open(channelId: string): Promise<void>;
  /** What is there already of these transactions. */
  present(
    channelId: string,
    keys: readonly Pick<UsageRecord, 'providerExternalId' | 'transactionId'>[],
  ): Promise<UsageRecord[]>;
  /** Everybody approved who ever had one of the external ids on the channel, under one of the parents. */
  tenures(
    channelId: string,
    kind: 'tenant' | 'application',
    parentIds: readonly string[],
    externalIds: readonly string[],
  ): Promise<Tenure[]>;
  /** Adds records that are not there, and counts them. */
  add(channelId: string, records: readonly NewUsageRecord[], statistics: readonly StatisticCount[]): Promise<void>;
}

export interface UsageRepositories {
  readonly usageLedger: UsageLedger;
}

/** All that is given must hold; comparisons are byte-exact. */
export interface UsageFilter {
  readonly serviceName?: string;
  /** This instant or later. */
  readonly from?: Instant;
  /** Before this instant. */
  readonly to?: Instant;
  readonly completionStatus?: CompletionStatus;
  readonly providerExternalId?: string;
  readonly applicationExternalId?: string;
}

export interface StatisticsFilter {
  readonly statisticType?: number;
  /** Intervals that begin then or later. */
  readonly from?: Instant;
  /** Intervals that begin before. */
  readonly to?: Instant;
  readonly providerExternalId?: string;
  readonly applicationExternalId?: string;
}

/** Intervals one question may have as its answer. */
export const largestStatistics = 50_000;

/**
 * The records of one channel by position, for protocols that page so. Operators and the operator's accounts of the channel see
 * all of it, a provider's people and accounts its own; for everybody else nothing is there.
 */
export interface UsageReader {
  /** How many records there are. */
  count(actor: Actor, channelId: string, filter: UsageFilter): Promise<bigint>;
  /**
   * The records at these positions in the order (occurredAt, id). Each call sees one state of the ledger; records that arrive
   * between two calls move the later positions.
   */
  list(actor: Actor, channelId: string, filter: UsageFilter, window: Window): Promise<UsageRecord[]>;
  /**
   * By begin, provider, application and type. Throws `invalid_value` when more than `largestStatistics` intervals match:
   * a part of them would be a wrong sum.
   */
  statistics(actor: Actor, channelId: string, filter: StatisticsFilter): Promise<UsageStatistic[]>;
  /** The one record of a transaction. */
  byTransaction(
    actor: Actor,
    channelId: string,
    providerExternalId: string,
    transactionId: bigint,
  ): Promise<UsageRecord | null>;
}
