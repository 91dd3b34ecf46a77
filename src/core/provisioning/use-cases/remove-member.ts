import {
  checkOtherOwner,
  closeMembership,
  grantsPower,
  lockMembership,
  type Membership,
} from '../../identity/index.js';
import { giveBackLicense, type License, lockPools } from '../../licensing/index.js';
import { freeIdsOfPeople } from '../../marketplace/index.js';
import type { Unit } from '../../repositories.js';
import { requireReach } from '../../tenancy/index.js';

/**
 * Takes a person out of a tenant or instance for good: seats go back to their pools, sessions and tokens there end, and ids of channels
 * under which they have no place any more are free, where the protocol reuses ids. Who administers is taken out by those who may
 * make somebody administer.
 * Errors: not_found, forbidden, terminated, version_conflict, in_use (the last OWNER).
 */
export async function removeMember(
  tx: Unit,
  input: { readonly id: string; readonly expectedVersion?: number | null },
): Promise<Membership> {
  const seen = await tx.memberships.find(input.id);
  if (seen !== undefined) {
    await tx.tenants.rely(seen.tenantId); // no seat and no other owner comes or goes meanwhile
    const seats = await seatsOf(tx, seen);
    await lockPools(
      tx,
      seats.map(({ poolId }) => poolId),
    );
  }
  const before = await lockMembership(tx, input);
  await requireRankOf(tx, before);
  if (before.roles.includes('OWNER') && before.instanceId === '') await checkOtherOwner(tx, before);
  for (const seat of await seatsOf(tx, before)) {
    // A seat goes with the membership that carried it; the tenant-wide one carries all but those of an instance's own.
    const ownMembership = await tx.memberships.findOne({
      userId: before.userId,
      tenantId: before.tenantId,
      instanceId: seat.instanceId,
      liveKey: '0',
    });
    if (ownMembership?.id === before.id || (before.instanceId === '' && ownMembership === undefined)) {
      await giveBackLicense(tx, seat.id);
    }
  }
  const after = await closeMembership(tx, before, 'membership removed');
  await freeIdsOfPeople(tx, [after.userId]);
  return after;
}

async function requireRankOf(tx: Unit, { roles, tenantId, channelId }: Membership): Promise<void> {
  if (grantsPower(roles)) await requireReach(tx, 'admin', 'membership', { tenantId, channelId });
}

/** By the person: a tenant has many more, and a database that knows no better would read them all. */
async function seatsOf(tx: Unit, { userId, tenantId }: Membership): Promise<License[]> {
  const held = await tx.licenses.findMany({ userId, liveKey: '0' });
  return held.filter((seat) => seat.tenantId === tenantId);
}
