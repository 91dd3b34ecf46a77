import { reachOf } from '../../shared/actor.js';
import { notFound } from '../../shared/errors.js';
import type { Membership } from '../model.js';
import { type AddMembershipInput, addMembership } from './add-membership.js';

/**
 * Gives somebody the hub knows a further place. Only operators may name any person; others name people who already have a place
 * within their reach, because whoever brings a stranger in would learn who that is.
 * Errors: as `addMembership`.
 */
export async function admitPerson(
  tx: Parameters<typeof addMembership>[0],
  input: AddMembershipInput,
): Promise<Membership> {
  const reach = reachOf(tx.actor, 'write');
  if (reach.everywhere) return addMembership(tx, input);
  for (const { tenantId } of await tx.memberships.findMany({ userId: input.userId, liveKey: '0' })) {
    if (reach.tenantIds.length > 0 && (await tx.tenantTree.isWithin(tenantId, reach.tenantIds))) {
      return addMembership(tx, input);
    }
  }
  throw notFound('user');
}
