import type { Unit } from '../../repositories.js';
import { requireNoApproval, requireReach, requireSeller, type Tenant } from '../../tenancy/index.js';
import { endTenants } from './end-tenants.js';
import { lockObject } from './lock-object.js';

/**
 * Ends a tenant and every tenant below it for good, in one step: as `terminateObject` on each, the deepest first. Answers the
 * tenant. Whoever sells to it decides, not its own people: the administrators above, and its channel. Who may not end every one of
 * them ends none.
 * Errors: not_found, forbidden, terminated, version_conflict, in_use (an application with live instances elsewhere).
 */
export async function terminateTenantTree(
  tx: Unit,
  target: { readonly id: string; readonly expectedVersion?: number | null },
): Promise<Tenant> {
  await lockObject(tx, { ...target, kind: 'tenant' }, 'admin');
  const tenants = await lockTree(tx, target.id);
  const root = tenants[0]!;
  await requireSeller(tx, 'tenant', root, root.channelId, 'admin');
  // within one tree the channel alone makes a difference
  const onePerChannel = new Map(tenants.map((tenant) => [tenant.channelId, tenant]));
  for (const { id, channelId } of onePerChannel.values()) {
    await requireReach(tx, 'admin', 'tenant', { tenantId: id, channelId });
    await requireNoApproval(tx, channelId);
  }
  const ended = await endTenants(tx, tenants.toReversed());
  return ended.at(-1)!;
}

/**
 * The live tenants, each after the one above it, all locked. Whoever adds a tenant, a person or a seat locks the tenant it goes to:
 * when nothing new is found below those that are locked, nothing can come any more.
 */
export async function lockTree(tx: Unit, rootId: string): Promise<Tenant[]> {
  const locked = new Map<string, Tenant>();
  for (;;) {
    const found = await tx.tenantTree.descendants(rootId);
    const fresh = found.filter((id) => !locked.has(id));
    if (fresh.length === 0) {
      return found.map((id) => locked.get(id)!).filter(({ terminatedAt }) => terminatedAt === null);
    }
    const depths = await tx.tenantTree.depths(fresh);
    const levels = [...new Set(depths.values())].sort((a, b) => a - b);
    for (const level of levels) {
      const rows = await tx.tenants.lockAll(fresh.filter((id) => depths.get(id) === level));
      for (const row of rows) locked.set(row.id, row);
    }
  }
}
