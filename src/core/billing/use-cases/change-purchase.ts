import { type LicensePool, setPoolQuantity } from '../../licensing/index.js';
import type { Unit } from '../../repositories.js';
import { checkNotTerminated, checkVersion, found } from '../../shared/checks.js';
import { DomainError } from '../../shared/errors.js';
import { requireReach } from '../../tenancy/index.js';
import { changeSubscriptionPlan } from './change-subscription.js';
import type { PurchaseChange } from './schedule-change.js';

/**
 * Changes what was bought with an instance: the plan and absolute quantities of its pools, all or nothing.
 * Errors: not_found, forbidden, terminated, version_conflict, wrong_state, quantity_below_use, invalid_value.
 */
export async function changePurchase(
  tx: Unit,
  input: PurchaseChange & { readonly instanceId: string; readonly expectedVersion?: number | null },
): Promise<readonly LicensePool[]> {
  const instance = found('instance', await tx.instances.find(input.instanceId));
  await requireReach(tx, 'write', 'instance', { tenantId: instance.tenantId, channelId: instance.channelId });
  checkNotTerminated('instance', instance);
  checkVersion('instance', instance, input.expectedVersion);
  await tx.tenants.rely(instance.tenantId); // lock order: tenant, subscription, pool
  if (input.planId !== undefined) {
    const open = (await tx.subscriptions.findMany({ instanceId: instance.id })).find((s) => s.status !== 'ENDED');
    if (open === undefined) {
      throw new DomainError('wrong_state', { kind: 'subscription', state: 'ENDED', command: 'change plan' });
    }
    await changeSubscriptionPlan(tx, { id: open.id, planId: input.planId });
  }
  const pools: LicensePool[] = [];
  const inOrder = [...input.quantities].sort((a, b) => (a.licenseTypeId < b.licenseTypeId ? -1 : 1));
  for (const { licenseTypeId, quantity } of inOrder) {
    pools.push(
      await setPoolQuantity(tx, {
        tenantId: instance.tenantId,
        licenseTypeId,
        instanceId: instance.id,
        channelId: instance.channelId,
        quantity,
      }),
    );
  }
  return pools;
}
