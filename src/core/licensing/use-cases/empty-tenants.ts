import type { CatalogRepositories } from '../../catalog/index.js';
import { anyOf } from '../../shared/repository.js';
import type { Tx } from '../../shared/unit-of-work.js';
import type { TenancyRepositories } from '../../tenancy/index.js';
import { lockPools } from '../lock-pools.js';
import type { LicensingRepositories } from '../ports.js';
import { recordPoolChange } from '../record-pool-change.js';
import { giveBackHeld } from './release-license.js';

/**
 * Everything goes back that tenants hold which end: seats to the pools they came from, and what their pools drew from pools above to
 * those, because nobody could give it back later. For a command that has locked the tenants and been allowed.
 */
export async function emptyTenants(
  tx: Tx & TenancyRepositories & CatalogRepositories & LicensingRepositories,
  tenantIds: readonly string[],
): Promise<void> {
  const pools = await tx.licensePools.findAll({ tenantId: anyOf(tenantIds) });
  const held = await tx.licenses.findAll({ tenantId: anyOf(tenantIds), liveKey: '0' });
  const above = pools.map(({ parentPoolId }) => parentPoolId).filter((id) => id !== '');
  const own = new Set(pools.map(({ id }) => id));
  const locked = await lockPools(tx, [...own, ...above, ...held.map(({ poolId }) => poolId)]);
  await giveBackHeld(tx, held);
  const drawing = locked.filter(({ id, parentPoolId, quantity }) => own.has(id) && parentPoolId !== '' && quantity > 0);
  const drawn = new Map<string, number>();
  for (const { parentPoolId, quantity } of drawing) {
    drawn.set(parentPoolId, (drawn.get(parentPoolId) ?? 0) + quantity);
  }
  for (const [poolId, quantity] of drawn) await tx.licensePools.giveBack(poolId, quantity);
  for (const emptied of await tx.licensePools.saveAll(drawing, () => ({ quantity: 0 }))) {
    await recordPoolChange(tx, emptied);
  }
}
