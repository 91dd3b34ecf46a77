import { actorName } from '../../shared/actor.js';
import { checkVersion, found } from '../../shared/checks.js';
import { DomainError, invalid } from '../../shared/errors.js';
import { checkInstant } from '../../shared/text.js';
import { requireReach, requireSeller, type TenancyRepositories } from '../../tenancy/index.js';
import { type RepriceTx, repriceWritten } from '../charges/reprice-subscription.js';
import type { Subscription, SubscriptionStatus } from '../model.js';
import { emitSubscription } from './open-subscription.js';

type Repositories = RepriceTx & TenancyRepositories;

interface Target {
  readonly id: string;
  readonly expectedVersion?: number | null;
}

/** Moves a subscription to another plan of the same application, from now on. Errors: not_found, forbidden, wrong_state, invalid_value. */
export async function changeSubscriptionPlan(
  tx: Repositories,
  input: Target & { readonly planId: string },
): Promise<Subscription> {
  const before = await lockOpen(tx, input, 'change plan');
  const plan = found('plan', await tx.plans.find(input.planId));
  if (plan.applicationId !== before.applicationId) throw invalid('planId', 'belongs to another application');
  if (plan.id === before.planId) return before;
  if (plan.retiredAt !== null)
    throw new DomainError('wrong_state', { kind: 'plan', state: 'RETIRED', command: 'subscribe' });
  return told(tx, 'subscription.plan_changed', before, {
    planId: plan.id,
    priceMinor: plan.priceMinor,
    currency: plan.currency,
    interval: plan.interval,
    seats: plan.seats,
  });
}

/** Stops use and billing until resumed (non-payment). Idempotent. Errors: not_found, forbidden, wrong_state. */
export async function suspendSubscription(tx: Repositories, input: Target): Promise<Subscription> {
  return moveTo(tx, input, 'suspend', 'SUSPENDED', 'subscription.suspended');
}

export async function resumeSubscription(tx: Repositories, input: Target): Promise<Subscription> {
  return moveTo(tx, input, 'resume', 'ACTIVE', 'subscription.resumed');
}

/** Ends it now, or at `endsAt` when that lies ahead (a later answer replaces it). Ended ones stay as they are. Errors: not_found, forbidden, version_conflict, invalid_value. */
export async function endSubscription(
  tx: Repositories,
  input: Target & { readonly endsAt?: string | null },
): Promise<Subscription> {
  const before = await lockSubscription(tx, input);
  if (before.status === 'ENDED') return before;
  const endsAt = input.endsAt === undefined || input.endsAt === null ? null : checkInstant('endsAt', input.endsAt);
  if (endsAt !== null && endsAt > tx.now) {
    if (endsAt === before.endsAt) return before;
    await scheduleEnd(tx, before, endsAt);
    return told(tx, 'subscription.end_scheduled', before, { endsAt });
  }
  return told(tx, 'subscription.ended', before, { status: 'ENDED', endedAt: tx.now });
}

/** The worker ends it when due; what was agreed before for the same subscription is closed. */
async function scheduleEnd(tx: Repositories, { id, channelId }: Subscription, dueAt: string): Promise<void> {
  for (const open of await tx.scheduledCommands.findMany({ objectId: id, command: 'endSubscription', doneAt: null })) {
    const locked = await tx.scheduledCommands.lock(open.id);
    if (locked?.doneAt === null) await tx.scheduledCommands.save(locked, { doneAt: tx.now, failure: 'replaced' });
  }
  await tx.scheduledCommands.insert({
    id: tx.ids.next('scheduledCommand'),
    createdAt: tx.now,
    command: 'endSubscription',
    objectId: id,
    channelId,
    requestId: tx.command.requestId,
    requestedBy: actorName(tx.actor),
    input: {},
    dueAt,
    doneAt: null,
    failure: '',
  });
}

/** Ends all of these now, whichever state they are in, without asking who: for a command that has been allowed and ends what they are for. */
export async function endSubscriptions(tx: RepriceTx, ids: readonly string[]): Promise<void> {
  const open = (await tx.subscriptions.lockAll(ids)).filter(({ status }) => status !== 'ENDED');
  const all = await tx.subscriptions.saveAll(open, () => ({ status: 'ENDED', endedAt: tx.now }));
  for (const ended of all) emitSubscription(tx, 'subscription.ended', ended);
  await repriceWritten(tx, all.filter(isPriced));
}

async function moveTo(
  tx: Repositories,
  input: Target,
  command: string,
  status: SubscriptionStatus,
  event: string,
): Promise<Subscription> {
  const before = await lockOpen(tx, input, command);
  // The one who sells suspends and resumes, not the customer who has not paid.
  const tenant = found('tenant', await tx.tenants.find(before.tenantId));
  await requireSeller(tx, 'subscription', tenant, before.channelId);
  return before.status === status ? before : told(tx, event, before, { status });
}

async function lockOpen(tx: Repositories, input: Target, command: string): Promise<Subscription> {
  const subscription = await lockSubscription(tx, input);
  if (subscription.status === 'ENDED')
    throw new DomainError('wrong_state', { kind: 'subscription', state: 'ENDED', command });
  return subscription;
}

async function lockSubscription(tx: Repositories, input: Target): Promise<Subscription> {
  const subscription = found('subscription', await tx.subscriptions.lock(input.id));
  await requireReach(tx, 'write', 'subscription', {
    tenantId: subscription.tenantId,
    channelId: subscription.channelId,
  });
  checkVersion('subscription', subscription, input.expectedVersion);
  return subscription;
}

async function told(
  tx: RepriceTx,
  event: string,
  before: Subscription,
  change: Partial<Omit<Subscription, 'id' | 'version'>>,
): Promise<Subscription> {
  const after = await tx.subscriptions.save(before, change);
  if (after.version === before.version) return after;
  emitSubscription(tx, event, after);
  if (isPriced(before) || isPriced(after)) await repriceWritten(tx, [after]);
  return after;
}

/** One without a price has no recurring charge. */
function isPriced({ priceMinor }: Subscription): boolean {
  return priceMinor > 0n;
}
