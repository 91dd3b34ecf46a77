import { type Instant, minute, toInstant, toMilliseconds } from '../shared/clock.js';
import type { NewUsageRecord, UsageStatistic } from './model.js';

/** Length of an interval in milliseconds. Fixed: intervals that were counted are not cut anew. */
export const statisticInterval = 5 * minute;

export type StatisticCount = Omit<UsageStatistic, 'id'>;

/** The interval an instant lies in; intervals begin at full multiples of their length from midnight UTC. */
export function intervalOf(instant: Instant): { readonly startsAt: Instant; readonly endsAt: Instant } {
  const at = toMilliseconds(instant);
  const start = at - (at % statisticInterval);
  return { startsAt: toInstant(start), endsAt: toInstant(start + statisticInterval) };
}

/** What the records add to the statistics: each counts once, whatever became of it. */
export function statisticsOf(records: readonly NewUsageRecord[]): StatisticCount[] {
  const counts = new Map<string, StatisticCount>();
  for (const record of records) {
    const { channelId, tenantId, applicationId, providerExternalId, applicationExternalId, statisticType } = record;
    const { startsAt, endsAt } = intervalOf(record.occurredAt);
    const key = [providerExternalId, tenantId, applicationExternalId, applicationId, statisticType, startsAt].join(
      '\n',
    );
    const transactions = (counts.get(key)?.transactions ?? 0) + 1;
    const of = { channelId, tenantId, applicationId, providerExternalId, applicationExternalId, statisticType };
    counts.set(key, { ...of, startsAt, endsAt, transactions });
  }
  return [...counts.values()];
}
