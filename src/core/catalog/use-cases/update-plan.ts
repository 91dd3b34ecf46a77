import { checkVersion, found } from '../../shared/checks.js';
import { invalid } from '../../shared/errors.js';
import { parseMoney } from '../../shared/money.js';
import { checkText } from '../../shared/text.js';
import type { Tx } from '../../shared/unit-of-work.js';
import type { TenancyRepositories } from '../../tenancy/index.js';
import type { Plan } from '../model.js';
import type { CatalogRepositories } from '../ports.js';
import { lockApplication } from './authorize-application.js';
import { checkTrialDays } from './define-plan.js';

export interface UpdatePlanInput {
  readonly id: string;
  readonly expectedVersion?: number | null;
  readonly name?: string;
  readonly amount?: string;
  readonly trialDays?: number;
  /** true takes it off sale, false puts it back. */
  readonly retired?: boolean;
}

/**
 * Changes what is sold from now on; running subscriptions keep their price.
 * Errors: not_found, forbidden, version_conflict, invalid_value.
 */
export async function updatePlan(
  tx: Tx & TenancyRepositories & CatalogRepositories,
  input: UpdatePlanInput,
): Promise<Plan> {
  const before = found('plan', await tx.plans.lock(input.id));
  const application = await lockApplication(tx, before.applicationId, 'write');
  checkVersion('plan', before, input.expectedVersion);
  const price =
    input.amount === undefined ? before.priceMinor : parseMoney('price', input.amount, before.currency).minor;
  if (price < 0n) throw invalid('price', 'must not be negative');
  const after = await tx.plans.save(before, {
    priceMinor: price,
    ...(input.name === undefined ? {} : { name: checkText('name', input.name) }),
    ...(input.trialDays === undefined ? {} : { trialDays: checkTrialDays(input.trialDays) }),
    ...(input.retired === undefined ? {} : { retiredAt: input.retired ? (before.retiredAt ?? tx.now) : null }),
  });
  if (after.version === before.version) return after;
  tx.emit({
    type: 'plan.updated',
    aggregate: { kind: 'plan', id: after.id, version: after.version },
    tenantId: application.ownerTenantId,
    payload: { key: after.key, retired: after.retiredAt !== null },
  });
  return after;
}
