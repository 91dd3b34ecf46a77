import type { CatalogRepositories } from '../../catalog/index.js';
import { found } from '../../shared/checks.js';
import type { Charge } from '../model.js';
import { shortened } from './collect.js';
import { describeDifference } from './descriptions.js';
import { recordDifference } from './offset.js';
import { periodOf, worth } from './prorate.js';
import { type ChargeTx, emitCharge } from './rows.js';

type CancelTx = ChargeTx & CatalogRepositories;

/**
 * The marketplace knows that it is canceled, or has no bill of it. Whoever finds a bill whose id was not known tells it first
 * (`chargeSubmitted`): a recurring charge that began and turns out never to have been there is billed by itself for the period it was
 * counted as paid for. `failure` says what the marketplace bills all the same. Telling it again changes nothing. Errors: not_found.
 */
export async function chargeCancelTold(
  tx: CancelTx,
  { id, failure = '' }: { readonly id: string; readonly failure?: string },
): Promise<Charge> {
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
  if (before.externalId === '') await billMissing(tx, after);
  return after;
}

/** Of a subscription that goes on the whole period, because nothing else bills the rest of it; otherwise what was used. */
async function billMissing(tx: CancelTx, charge: Charge): Promise<void> {
  const { subscriptionId, startsAt, canceledAt, interval, priceMinor, currency } = charge;
  if (startsAt === null || canceledAt === null || interval === null) return;
  const period = periodOf(charge, canceledAt);
  if (period === null) return;
  const subscription = found('subscription', await tx.subscriptions.find(subscriptionId));
  const endsAt = subscription.status === 'ENDED' ? canceledAt : period.endsAt;
  const minor = worth(priceMinor, interval, startsAt, endsAt);
  if (minor === 0n) return;
  const missing = { minor, currency, startsAt, endsAt };
  await recordDifference(tx, subscription, missing, await describeDifference(tx, subscription, missing));
}
