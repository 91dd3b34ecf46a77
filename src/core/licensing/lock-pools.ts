import { anyOf } from '../shared/repository.js';
import type { TenancyRepositories } from '../tenancy/index.js';
import type { LicensePool } from './model.js';
import type { LicensingRepositories } from './ports.js';

/** Locks pools of any tenants of one tree, a pool before the one above it: of the deepest tenants first. Answers those that exist. */
export async function lockPools(
  tx: TenancyRepositories & LicensingRepositories,
  ids: readonly string[],
): Promise<LicensePool[]> {
  const distinct = [...new Set(ids)];
  if (distinct.length <= 1) return tx.licensePools.lockAll(distinct);
  const seen = await tx.licensePools.findAll({ id: anyOf(distinct) });
  const depths = await tx.tenantTree.depths(seen.map(({ tenantId }) => tenantId));
  const byDepth = new Map<number, string[]>();
  for (const { id, tenantId } of seen) {
    const depth = depths.get(tenantId) ?? 0;
    byDepth.set(depth, [...(byDepth.get(depth) ?? []), id]);
  }
  const locked: LicensePool[] = [];
  for (const depth of [...byDepth.keys()].sort((a, b) => b - a)) {
    locked.push(...(await tx.licensePools.lockAll(byDepth.get(depth)!)));
  }
  return locked;
}
