import { invalid } from '../../shared/errors.js';
import { parseMoney } from '../../shared/money.js';
import { checkText } from '../../shared/text.js';
import type { Tx } from '../../shared/unit-of-work.js';
import type { TenancyRepositories } from '../../tenancy/index.js';
import type { Interval, Plan, SeatPricing } from '../model.js';
import type { CatalogRepositories } from '../ports.js';
import { lockApplication } from './authorize-application.js';

export interface DefinePlanInput {
  readonly applicationId: string;
  readonly key: string;
  readonly name?: string;
  /** Minor units as text. */
  readonly amount: string;
  readonly currency: string;
  readonly interval: Interval;
  readonly trialDays?: number;
  readonly seats?: SeatPricing;
}

/** Defines a price and period of an application. Errors: as `lockApplication`, invalid_value, already_exists. */
export async function definePlan(
  tx: Tx & TenancyRepositories & CatalogRepositories,
  input: DefinePlanInput,
): Promise<Plan> {
  const application = await lockApplication(tx, input.applicationId, 'write');
  const price = parseMoney('price', input.amount, input.currency);
  if (price.minor < 0n) throw invalid('price', 'must not be negative');
  const plan = await tx.plans.insert({
    id: tx.ids.next('plan'),
    createdAt: tx.now,
    applicationId: application.id,
    key: checkText('key', input.key, 120),
    name: checkText('name', input.name ?? input.key),
    priceMinor: price.minor,
    currency: price.currency,
    interval: input.interval,
    trialDays: checkTrialDays(input.trialDays ?? 0),
    seats: input.seats ?? 'flat',
    retiredAt: null,
  });
  tx.emit({
    type: 'plan.defined',
    aggregate: { kind: 'plan', id: plan.id, version: plan.version },
    tenantId: application.ownerTenantId,
    payload: { key: plan.key, applicationId: application.id },
  });
  return plan;
}

export function checkTrialDays(value: number): number {
  if (!Number.isInteger(value) || value < 0 || value > 730)
    throw invalid('trialDays', 'must be a whole number from 0 to 730');
  return value;
}
