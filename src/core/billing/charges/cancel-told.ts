import type { CatalogRepositories } from '../../catalog/index.js';
import { found } from '../../shared/checks.js';
import { hour, type Instant, shift } from '../../shared/clock.js';
import type { Charge } from '../model.js';
import { periodContaining } from '../period.js';
import { shortened } from './collect.js';
import { describeDifference } from './descriptions.js';
import { recordDifference } from './offset.js';
import { periodOf, worth } from './prorate.js';
import { type ChargeTx, emitCharge } from './rows.js';

type CancelTx = ChargeTx & CatalogRepositories;

/** Their clock and ours may differ by this much; what they do at the begin of a period may be seen here before it. */
const clockDifference = hour;

export interface CancelTold {
  readonly id: string;
  /** What the marketplace bills all the same. */
  readonly failure?: string;
  /** When the marketplace billed a recurring one the last time; null = never. Absent: every period that had begun. */
  readonly lastBilledAt?: Instant | null | undefined;
}

/**
 * The marketplace knows that it is canceled, or has no bill of it. Whoever finds a bill whose id was not known tells it first
 * (`chargeSubmitted`). Where the marketplace billed other periods of a recurring charge than those that were counted as paid when it was
 * withdrawn, because it heard of it late or bills later than a period begins, the difference is billed by itself, or credited. Telling
 * it again changes nothing. Errors: not_found.
 */
export async function chargeCancelTold(tx: CancelTx, { id, failure = '', lastBilledAt }: CancelTold): Promise<Charge> {
  const seen = found('charge', await tx.charges.find(id));
  if (seen.subscriptionId !== '') await tx.subscriptions.lock(seen.subscriptionId); // lock order: before the charge
  const before = found('charge', await tx.charges.lock(id));
  if (before.cancelDueAt === null) return before;
  const after = await tx.charges.save(before, {
    cancelDueAt: null,
    leaseOwner: '',
    leasedUntil: null,
    failure: shortened(failure),
  });
  emitCharge(tx, 'charge.canceled', after);
  const billedAt = before.externalId === '' ? null : lastBilledAt;
  if (billedAt !== undefined) await billDifference(tx, after, billedAt);
  return after;
}

/** Of a subscription that goes on whole periods, because nothing else bills the rest of them; otherwise what was used. */
async function billDifference(tx: CancelTx, charge: Charge, billedAt: Instant | null): Promise<void> {
  const { subscriptionId, startsAt, canceledAt, interval, priceMinor, currency } = charge;
  if (startsAt === null || canceledAt === null || interval === null) return;
  const counted = periodOf(charge, canceledAt)?.endsAt ?? startsAt;
  const billed =
    billedAt === null ? startsAt : periodContaining(startsAt, interval, shift(billedAt, clockDifference)).endsAt;
  const subscription = found('subscription', await tx.subscriptions.find(subscriptionId));
  const owed = billed < counted && subscription.status === 'ENDED' ? canceledAt : counted;
  const minor = worth(priceMinor, interval, startsAt, owed) - worth(priceMinor, interval, startsAt, billed);
  if (minor === 0n) return;
  const [begin, end] = billed < owed ? [billed, owed] : [owed, billed];
  const difference = { minor, currency, startsAt: begin, endsAt: end };
  await recordDifference(tx, subscription, difference, await describeDifference(tx, subscription, difference));
}
