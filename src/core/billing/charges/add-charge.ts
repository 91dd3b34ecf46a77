import { checkNotTerminated, found } from '../../shared/checks.js';
import { DomainError, invalid } from '../../shared/errors.js';
import { parseMoney } from '../../shared/money.js';
import { checkInstant, checkText } from '../../shared/text.js';
import { requireSeller, type TenancyRepositories } from '../../tenancy/index.js';
import type { Charge, Subscription } from '../model.js';
import type { Period } from '../period.js';
import { checkUnits } from './amounts.js';
import { channelCollects } from './collects.js';
import { mostDescription } from './limits.js';
import type { RepriceTx } from './reprice-subscription.js';
import { insertCharge } from './rows.js';

export interface AddChargeInput {
  /** Exactly one of these: what it is for; '' is none. */
  readonly subscriptionId?: string;
  readonly instanceId?: string;
  readonly tenantId?: string;
  /** Price of one unit: minor units as text, above 0. */
  readonly amount: string;
  /** Absent or '': the subscription's. */
  readonly currency?: string;
  /** A decimal with up to two places, above 0; absent: '1'. */
  readonly units?: string;
  /** Up to 200 characters; what the bill says. */
  readonly description: string;
  /** What time it is for; both or neither. */
  readonly periodStartsAt?: string | null;
  readonly periodEndsAt?: string | null;
  /** A cost passed through: the marketplace takes no commission. */
  readonly thirdParty?: boolean;
}

export type AddChargeTx = RepriceTx &
  TenancyRepositories & {
    readonly instances: {
      find(id: string): Promise<(InstancePlace & { readonly terminatedAt: string | null }) | undefined>;
    };
  };

interface InstancePlace {
  readonly id: string;
  readonly tenantId: string;
  readonly channelId: string;
}

interface Target {
  readonly tenantId: string;
  readonly instanceId: string;
  readonly channelId: string;
  readonly subscription: Subscription | undefined;
  /** Of the instance. */
  readonly terminatedAt?: string | null;
}

/**
 * Charges an amount once; for the one who sells. Where a marketplace bills it is sent there, elsewhere it waits until somebody has
 * billed it (`settleCharge`). A charge for an instance belongs to its subscription when it has one. Nothing is billed for a trial, so
 * while one lasts only what is for a time after it can be charged.
 * Errors: not_found, forbidden, terminated, invalid_value, wrong_state (the subscription has ended, or is in its trial).
 */
export async function addCharge(tx: AddChargeTx, input: AddChargeInput): Promise<Charge> {
  const target = await targetOf(tx, input);
  const { subscription } = target;
  const tenant = found('tenant', await tx.tenants.find(target.tenantId));
  await requireSeller(tx, kindOf(input), tenant, target.channelId);
  if (subscription?.status === 'ENDED') {
    throw new DomainError('wrong_state', { kind: 'subscription', state: subscription.status, command: 'a charge' });
  }
  checkNotTerminated('instance', { terminatedAt: target.terminatedAt ?? null });
  checkNotTerminated('tenant', tenant);
  const currency = input.currency || (subscription?.currency ?? '');
  if (currency === '') throw invalid('currency', 'must be given where there is no subscription');
  const price = parseMoney('amount', input.amount, currency);
  if (price.minor <= 0n) throw invalid('amount', 'must be above 0');
  const units = checkUnits('units', input.units ?? '1');
  const description = checkText('description', input.description, mostDescription);
  const period = checkPeriod(input);
  if (subscription !== undefined) checkAfterTrial(subscription, period, tx.now);
  return insertCharge(tx, {
    kind: 'AD_HOC',
    status: 'DUE',
    tenantId: tenant.id,
    instanceId: target.instanceId,
    subscriptionId: subscription?.id ?? '',
    channelId: (await channelCollects(tx, target.channelId)) ? target.channelId : '',
    description,
    priceMinor: price.minor,
    units,
    currency: price.currency,
    periodStartsAt: period?.startsAt ?? null,
    periodEndsAt: period?.endsAt ?? null,
    thirdParty: input.thirdParty ?? false,
  });
}

function kindOf({ subscriptionId = '', instanceId = '' }: AddChargeInput): string {
  if (subscriptionId !== '') return 'subscription';
  return instanceId === '' ? 'tenant' : 'instance';
}

async function targetOf(tx: AddChargeTx, input: AddChargeInput): Promise<Target> {
  const { subscriptionId = '', instanceId = '', tenantId = '' } = input;
  if ([subscriptionId, instanceId, tenantId].filter((id) => id !== '').length !== 1) {
    throw invalid('subscriptionId', 'exactly one of subscriptionId, instanceId and tenantId must be given');
  }
  if (subscriptionId !== '') {
    const subscription = found('subscription', await tx.subscriptions.lock(subscriptionId));
    return { ...subscription, subscription };
  }
  if (instanceId !== '') {
    const instance = found('instance', await tx.instances.find(instanceId));
    const seen = await tx.subscriptions.findMany({ instanceId });
    const open = seen.find(({ status }) => status !== 'ENDED') ?? seen.at(-1);
    const subscription = open && (await tx.subscriptions.lock(open.id));
    const { terminatedAt, channelId } = instance;
    return { tenantId: instance.tenantId, instanceId, channelId, subscription, terminatedAt };
  }
  const tenant = found('tenant', await tx.tenants.find(tenantId));
  return { tenantId, instanceId: '', channelId: tenant.channelId, subscription: undefined };
}

function checkPeriod({ periodStartsAt, periodEndsAt }: AddChargeInput): Period | undefined {
  const from = periodStartsAt ?? null;
  const until = periodEndsAt ?? null;
  if (from === null && until === null) return undefined;
  if (from === null || until === null) {
    const missing = from === null ? 'periodStartsAt' : 'periodEndsAt';
    throw invalid(missing, 'periodStartsAt and periodEndsAt must both be given, or neither');
  }
  const startsAt = checkInstant('periodStartsAt', from);
  const endsAt = checkInstant('periodEndsAt', until);
  if (endsAt <= startsAt) throw invalid('periodEndsAt', 'must be after periodStartsAt');
  return { startsAt, endsAt };
}

function checkAfterTrial({ trialEndsAt }: Subscription, period: Period | undefined, now: string): void {
  if (trialEndsAt === null || (period?.startsAt ?? now) >= trialEndsAt) return;
  const state = `in its trial until ${trialEndsAt}`;
  throw new DomainError('wrong_state', { kind: 'subscription', state, command: 'a charge for a period before then' });
}
