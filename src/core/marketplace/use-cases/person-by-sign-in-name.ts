import type { Membership } from '../../identity/index.js';
import type { Lookups } from '../../repositories.js';
import { isLive } from '../../shared/lifecycle.js';
import { findSignInName } from './find-sign-in-name.js';

type Rows = Pick<Lookups, 'channels' | 'externalRefs' | 'memberships' | 'tenants'>;

/**
 * Whom a name typed at the hub's pages means: the one person some channel that is not disabled calls so, and who has a place there
 * that nothing stops, neither a hold on it nor on a tenant above. Undefined when two channels mean different people.
 */
export async function personBySignInName(rows: Rows, name: string): Promise<string | undefined> {
  const channels = await rows.channels.findMany({ disabledAt: null });
  const found = await Promise.all(channels.map(({ id }) => findSignInName(rows, { channelId: id, name })));
  const people = new Set<string>();
  for (const one of found) {
    if (one !== undefined && (await anyOpen(rows, one.places))) people.add(one.ref.targetId);
  }
  return people.size === 1 ? [...people][0] : undefined;
}

async function anyOpen(rows: Rows, places: readonly Membership[]): Promise<boolean> {
  for (const { holds, tenantId } of places) {
    if (holds.length === 0 && (await isOpen(rows, tenantId))) return true;
  }
  return false;
}

/** The tenant and all above it; the tree is at most 16 levels deep. */
async function isOpen(rows: Rows, tenantId: string): Promise<boolean> {
  for (let id = tenantId; id !== ''; ) {
    const tenant = await rows.tenants.find(id);
    if (tenant === undefined || !isLive(tenant)) return false;
    id = tenant.parentId;
  }
  return true;
}
