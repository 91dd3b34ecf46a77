import type { Interval } from '../../catalog/index.js';
import { type Instant, toMilliseconds } from '../../shared/clock.js';
import type { Charge } from '../model.js';
import { type Period, periodAt, periodContaining } from '../period.js';
import { divideHalfEven } from './amounts.js';

/** What an amount for a whole period comes to from an instant to the period's end, to the millisecond, rounded once and half to even. */
export function prorate(minor: bigint, period: Period, from: Instant): bigint {
  const [left, whole] = remaining(period, from);
  return whole === 0n ? 0n : divideHalfEven(minor * left, whole);
}

/** What a price per interval comes to from one instant to another, however many intervals lie between; rounded once. */
export function worth(minor: bigint, interval: Interval, from: Instant, until: Instant): bigint {
  if (until <= from) return 0n;
  const last = periodContaining(from, interval, until);
  let whole = 0n;
  while (periodAt(from, interval, Number(whole)).startsAt < last.startsAt) whole += 1n;
  const [left, length] = remaining(last, until);
  return divideHalfEven(minor * (whole * length + (length - left)), length);
}

type Recurring = Pick<Charge, 'interval' | 'startsAt' | 'canceledAt'>;

/**
 * The period of a RECURRING charge that contains the instant, or the one it was canceled in when that was before: periods begin when
 * the charge starts, and each is billed when it begins. Null when none had begun by then.
 */
export function periodOf({ interval, startsAt, canceledAt }: Recurring, at: Instant): Period | null {
  const until = canceledAt !== null && canceledAt < at ? canceledAt : at;
  if (interval === null || startsAt === null || startsAt > until) return null;
  return periodContaining(startsAt, interval, until);
}

function remaining({ startsAt, endsAt }: Period, from: Instant): readonly [left: bigint, whole: bigint] {
  const begin = toMilliseconds(startsAt);
  const end = toMilliseconds(endsAt);
  const at = Math.min(end, Math.max(begin, toMilliseconds(from)));
  return [BigInt(end - at), BigInt(end - begin)];
}
