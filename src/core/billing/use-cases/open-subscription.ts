import { checkOnSale } from '../../catalog/index.js';
import { checkChannel, checkInstanceOf, checkNotTerminated, found, type InstanceLookup } from '../../shared/checks.js';
import { day, type Instant, shift } from '../../shared/clock.js';
import { DomainError } from '../../shared/errors.js';
import { checkInstant } from '../../shared/text.js';
import type { Tx } from '../../shared/unit-of-work.js';
import { requireReach, requireSeller, type TenancyRepositories } from '../../tenancy/index.js';
import { type RepriceTx, repriceWritten } from '../charges/reprice-subscription.js';
import type { Subscription } from '../model.js';

export interface OpenSubscriptionInput {
  readonly tenantId: string;
  readonly planId: string;
  /** '' or absent: for the application as such. */
  readonly instanceId?: string;
  readonly channelId?: string;
  /** Absent: the plan's trial counted from now; null: no trial. */
  readonly trialEndsAt?: Instant | null;
}

/**
 * Opens the commercial agreement, copying the plan's price and period; it starts now, and is billed where a marketplace does that
 * (`repriceSubscription`). A longer trial than the plan's is for the
 * one who sells to give.
 * Errors: not_found, forbidden, terminated, wrong_state (plan retired, application not on sale), invalid_value, already_exists (a live one for the instance).
 */
export async function openSubscription(
  tx: RepriceTx & TenancyRepositories & InstanceLookup,
  input: OpenSubscriptionInput,
): Promise<Subscription> {
  const tenant = found('tenant', await tx.tenants.rely(input.tenantId));
  await requireReach(tx, 'write', 'tenant', { tenantId: tenant.id, channelId: tenant.channelId });
  checkNotTerminated('tenant', tenant);
  const plan = found('plan', await tx.plans.find(input.planId));
  if (plan.retiredAt !== null)
    throw new DomainError('wrong_state', { kind: 'plan', state: 'RETIRED', command: 'subscribe' });
  await checkOnSale(tx, plan.applicationId, tenant.id);
  const instanceId = input.instanceId ?? '';
  await checkInstanceOf(tx, instanceId, tenant.id, plan.applicationId);
  const open = await tx.subscriptions.findMany({ tenantId: tenant.id, applicationId: plan.applicationId, instanceId });
  if (open.some((s) => s.status !== 'ENDED'))
    throw new DomainError('already_exists', { kind: 'subscription', key: plan.key });
  const planned = plan.trialDays > 0 ? shift(tx.now, plan.trialDays * day) : null;
  const asked = input.trialEndsAt === undefined ? planned : input.trialEndsAt;
  const trialEndsAt = asked === null ? null : checkInstant('trialEndsAt', asked);
  if (trialEndsAt !== null && trialEndsAt > (planned ?? tx.now)) {
    await requireSeller(
      tx,
      'subscription',
      tenant,
      tenant.channelId === '' ? (input.channelId ?? '') : tenant.channelId,
    );
  }
  const subscription = await tx.subscriptions.insert({
    id: tx.ids.next('subscription'),
    createdAt: tx.now,
    tenantId: tenant.id,
    applicationId: plan.applicationId,
    instanceId,
    planId: plan.id,
    channelId: checkChannel(tx.actor, input.channelId ?? ''),
    status: 'ACTIVE',
    startedAt: tx.now,
    trialEndsAt,
    endsAt: null,
    endedAt: null,
    priceMinor: plan.priceMinor,
    currency: plan.currency,
    interval: plan.interval,
    seats: plan.seats,
  });
  emitSubscription(tx, 'subscription.opened', subscription);
  if (subscription.priceMinor > 0n) await repriceWritten(tx, [subscription]);
  return subscription;
}

export function emitSubscription(tx: Tx, type: string, subscription: Subscription): void {
  tx.emit({
    type,
    aggregate: { kind: 'subscription', id: subscription.id, version: subscription.version },
    tenantId: subscription.tenantId,
    payload: {
      planId: subscription.planId,
      applicationId: subscription.applicationId,
      instanceId: subscription.instanceId,
      status: subscription.status,
      endedAt: subscription.endedAt,
    },
  });
}
