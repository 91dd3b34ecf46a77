import { type Reach, type Right, reachOf } from '../shared/actor.js';
import { DomainError, notFound } from '../shared/errors.js';
import type { Tx } from '../shared/unit-of-work.js';
import type { TenancyRepositories } from './ports.js';

/** Where an object stands: the tenant it belongs to ('' = the hub's own) and the channel that manages it. */
export interface Place {
  readonly tenantId: string;
  readonly channelId: string;
}

/**
 * Throws unless the actor has the right over an object at that place: `forbidden` when the actor may at least see it,
 * `not_found` (the answer for a missing one) when not. The only place where commands are authorized by tenant.
 */
export async function requireReach(
  tx: Tx & TenancyRepositories,
  right: Right,
  kind: string,
  place: Place,
): Promise<void> {
  if (await covers(tx, reachOf(tx.actor, right), place)) return;
  if (right !== 'read' && (await covers(tx, reachOf(tx.actor, 'read'), place)))
    throw new DomainError('forbidden', { right });
  throw notFound(kind);
}

async function covers(tx: TenancyRepositories, reach: Reach, place: Place): Promise<boolean> {
  if (reach.everywhere) return true;
  if (reach.channelId !== null && reach.channelId === place.channelId) return true;
  if (place.tenantId === '') return false;
  if (reach.memberTenantIds.includes(place.tenantId)) return true;
  return reach.tenantIds.length > 0 && (await tx.tenantTree.isWithin(place.tenantId, reach.tenantIds));
}
