import { Temporal } from 'temporal-polyfill';
import type { Interval } from '../catalog/index.js';
import type { Instant } from '../shared/clock.js';
import { toInstant } from '../shared/clock.js';
import type { Subscription } from './model.js';

export interface Period {
  readonly startsAt: Instant;
  /** Exclusive. */
  readonly endsAt: Instant;
}

/**
 * The `index`-th period (from 0) counted from `anchor`, in UTC. Always counted from the anchor and never from the previous
 * period, so that a subscription from January 31 renews on February 28 and on March 31 again.
 */
export function periodAt(anchor: Instant, interval: Interval, index: number): Period {
  return { startsAt: boundary(anchor, interval, index), endsAt: boundary(anchor, interval, index + 1) };
}

/** The period that contains the instant; the first one for instants before the anchor. */
export function periodContaining(anchor: Instant, interval: Interval, at: Instant): Period {
  if (at <= anchor) return periodAt(anchor, interval, 0);
  const start = Temporal.Instant.from(anchor).toZonedDateTimeISO('UTC');
  const unit = `${interval}s` as const;
  const passed = start.until(Temporal.Instant.from(at).toZonedDateTimeISO('UTC'), { largestUnit: unit });
  let index = Math.max(0, passed[unit] - 1);
  while (periodAt(anchor, interval, index).endsAt <= at) index += 1;
  return periodAt(anchor, interval, index);
}

/** The period a subscription is in now; null once it has ended. Trials end before the first period is billed, they do not move it. */
export function currentPeriod(subscription: Subscription, now: Instant): Period | null {
  if (subscription.endedAt !== null && subscription.endedAt <= now) return null;
  return periodContaining(subscription.startedAt, subscription.interval, now);
}

export function inTrial(subscription: Pick<Subscription, 'trialEndsAt'>, at: Instant): boolean {
  return subscription.trialEndsAt !== null && at < subscription.trialEndsAt;
}

function boundary(anchor: Instant, interval: Interval, index: number): Instant {
  const start = Temporal.Instant.from(anchor).toZonedDateTimeISO('UTC');
  return toInstant(start.add({ [`${interval}s`]: index }).epochMilliseconds);
}
