import type { Interval } from '../../catalog/index.js';
import type { Instant } from '../../shared/clock.js';
import type { Charge } from '../model.js';
import type { Period } from '../period.js';
import { periodOf, prorate, worth } from './prorate.js';
import { isStanding, mayBeBilled } from './rows.js';

/** What a subscription costs per interval, with all seats. */
export interface Rate {
  /** 0 = nothing. */
  readonly priceMinor: bigint;
  readonly seats: number;
  readonly currency: string;
  readonly interval: Interval;
}

/** A difference for a stretch of time; negative for a credit. */
export interface Difference {
  readonly minor: bigint;
  readonly currency: string;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
}

export interface RecurringPlan {
  readonly withdraw: Charge | null;
  readonly differences: readonly Difference[];
  /** A rate of 0 is kept as a settled charge: what the next difference is counted from. */
  readonly create: (Rate & { readonly startsAt: Instant }) | null;
}

export interface RecurringFacts {
  /** All RECURRING charges of the subscription, in the order they were made. */
  readonly charges: readonly Charge[];
  /** Null = nothing is to be billed: suspended or ended. */
  readonly wanted: Rate | null;
  readonly trialEndsAt: Instant | null;
  readonly now: Instant;
}

interface Paid extends Period {
  readonly interval: Interval;
}

const nothing: RecurringPlan = { withdraw: null, differences: [], create: null };

/**
 * What brings a subscription's recurring charge in line: pure. The price of the charge made last is the rate up to
 * which the running period is paid, whether or not it was withdrawn, because every change of rate within a period brings a difference for
 * the rest of it. A period is paid when the marketplace may have billed it: a charge that never left is replaced from now on, and what
 * it was worth until now is billed by itself.
 */
export function planRecurring(facts: RecurringFacts): RecurringPlan {
  const { charges, wanted, trialEndsAt, now } = facts;
  const withdraw = charges.find(isStanding) ?? null;
  const last = withdraw ?? charges.at(-1);
  const standing = last !== undefined && last.status !== 'CANCELED' ? last : undefined;
  if (wanted === null) {
    return withdraw === null ? nothing : { withdraw, differences: unsent(withdraw, trialEndsAt, now), create: null };
  }
  if (standing !== undefined && isInLine(standing, facts, wanted)) return nothing;
  const paid = paidPeriod(charges, now);
  const startsAt = latest(now, trialEndsAt, paid?.endsAt ?? null);
  const differences = [
    ...(withdraw === null ? [] : unsent(withdraw, trialEndsAt, now)),
    ...(paid === null || last === undefined ? [] : differencesOf(last, wanted, paid, now)),
  ];
  // Nothing at all is remembered only where something is paid that a later rate is compared with.
  const kept = wanted.priceMinor > 0n || (paid !== null && last !== undefined && last.priceMinor !== 0n);
  return { withdraw, differences, create: kept ? { ...wanted, startsAt } : null };
}

/** The latest period that a bill may be there for and that is not over. */
function paidPeriod(charges: readonly Charge[], now: Instant): Paid | null {
  let paid: Paid | null = null;
  for (const charge of charges) {
    const period = mayBeBilled(charge) ? periodOf(charge, now) : null;
    if (period === null || charge.interval === null || period.endsAt <= now) continue;
    if (paid === null || period.endsAt > paid.endsAt) paid = { ...period, interval: charge.interval };
  }
  return paid;
}

/** The right price, and from the right moment on as long as that lies ahead. */
function isInLine(standing: Charge, { charges, trialEndsAt, now }: RecurringFacts, wanted: Rate): boolean {
  const { priceMinor, currency, interval, startsAt, status } = standing;
  if (priceMinor !== wanted.priceMinor || currency !== wanted.currency || interval !== wanted.interval) return false;
  if (startsAt === null || status === 'SETTLED') return true;
  if (startsAt > now) return startsAt === latest(now, trialEndsAt, paidPeriod(charges, now)?.endsAt ?? null);
  return mayBeBilled(standing) || trialEndsAt === null || trialEndsAt <= startsAt;
}

/** What a charge that began but never left was worth until now; one that was refused was worth nothing. */
function unsent(charge: Charge, trialEndsAt: Instant | null, now: Instant): readonly Difference[] {
  const { priceMinor, currency, interval, startsAt } = charge;
  if (charge.status !== 'DUE' || mayBeBilled(charge) || interval === null || startsAt === null) return [];
  const from = latest(startsAt, trialEndsAt);
  return difference(worth(priceMinor, interval, from, now), currency, from, now);
}

/** From the rate that is paid to the one wanted, for the rest of the paid period. One currency's credit never pays another's cost. */
function differencesOf(before: Charge, wanted: Rate, paid: Paid, now: Instant): readonly Difference[] {
  const was: Rate = { ...wanted, ...pick(before), interval: before.interval ?? paid.interval };
  const until = paid.endsAt;
  if (was.currency === wanted.currency) {
    const minor =
      was.interval === wanted.interval
        ? rest(wanted.priceMinor - was.priceMinor, wanted.interval, paid, now)
        : rest(wanted.priceMinor, wanted.interval, paid, now) - rest(was.priceMinor, was.interval, paid, now);
    return difference(minor, wanted.currency, now, until);
  }
  return [
    ...difference(-rest(was.priceMinor, was.interval, paid, now), was.currency, now, until),
    ...difference(rest(wanted.priceMinor, wanted.interval, paid, now), wanted.currency, now, until),
  ];
}

function rest(minor: bigint, interval: Interval, paid: Paid, now: Instant): bigint {
  return interval === paid.interval ? prorate(minor, paid, now) : worth(minor, interval, now, paid.endsAt);
}

function pick({ priceMinor, currency }: Charge): Pick<Rate, 'priceMinor' | 'currency'> {
  return { priceMinor, currency };
}

function difference(minor: bigint, currency: string, startsAt: Instant, endsAt: Instant): readonly Difference[] {
  return minor === 0n || endsAt <= startsAt ? [] : [{ minor, currency, startsAt, endsAt }];
}

function latest(first: Instant, ...others: readonly (Instant | null)[]): Instant {
  return others.reduce<Instant>((found, other) => (other !== null && other > found ? other : found), first);
}
