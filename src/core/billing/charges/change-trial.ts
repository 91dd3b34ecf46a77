import { checkVersion, found } from '../../shared/checks.js';
import type { Instant } from '../../shared/clock.js';
import { DomainError } from '../../shared/errors.js';
import { checkInstant } from '../../shared/text.js';
import { requireSeller, type TenancyRepositories } from '../../tenancy/index.js';
import type { Charge, Subscription } from '../model.js';
import { emitSubscription } from '../use-cases/open-subscription.js';
import { type RepriceTx, repriceWritten } from './reprice-subscription.js';
import { mayBeBilled } from './rows.js';

/**
 * Moves the end of a trial, for the one who sells; null = no trial. What was to be billed from then on begins at the new end, or now
 * when that has passed. Time that was billed cannot become a trial again. The end it has already changes nothing.
 * Errors: not_found, forbidden, version_conflict, invalid_value, wrong_state (ended, or billed for a time before the new end).
 */
export async function changeTrial(
  tx: RepriceTx & TenancyRepositories,
  input: { readonly id: string; readonly trialEndsAt: Instant | null; readonly expectedVersion?: number | null },
): Promise<Subscription> {
  const before = found('subscription', await tx.subscriptions.lock(input.id));
  const tenant = found('tenant', await tx.tenants.find(before.tenantId));
  await requireSeller(tx, 'subscription', tenant, before.channelId);
  checkVersion('subscription', before, input.expectedVersion);
  const trialEndsAt = input.trialEndsAt === null ? null : checkInstant('trialEndsAt', input.trialEndsAt);
  if (trialEndsAt === before.trialEndsAt) return before;
  if (before.status === 'ENDED') throw refused('ENDED');
  if (trialEndsAt !== null) await checkNotBilled(tx, before, trialEndsAt);
  const after = await tx.subscriptions.save(before, { trialEndsAt });
  emitSubscription(tx, 'subscription.trial_changed', after);
  if (after.priceMinor > 0n) await repriceWritten(tx, [after]);
  return after;
}

async function checkNotBilled(tx: RepriceTx, { id }: Subscription, trialEndsAt: Instant): Promise<void> {
  for (const charge of await tx.charges.findAll({ subscriptionId: id })) {
    const from = billedFrom(charge, tx.now);
    if (from !== null && from < trialEndsAt) throw refused('billed for that time');
  }
}

/** The first moment it bills; null for what has not begun, was withdrawn before it began, or is no bill. */
function billedFrom(charge: Charge, now: Instant): Instant | null {
  if (charge.kind === 'RECURRING') {
    const until = charge.canceledAt ?? now;
    return mayBeBilled(charge) && charge.startsAt !== null && charge.startsAt <= until ? charge.startsAt : null;
  }
  return charge.status === 'CANCELED' || charge.priceMinor < 0n ? null : (charge.periodStartsAt ?? charge.createdAt);
}

function refused(state: string): DomainError {
  return new DomainError('wrong_state', { kind: 'subscription', state, command: 'change trial' });
}
