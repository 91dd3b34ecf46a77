import { endSessions, type Membership } from '../../identity/index.js';
import { giveBackLicenses } from '../../licensing/index.js';
import { findChannelRecord, findExternalRef } from '../../marketplace/index.js';
import type { Unit } from '../../repositories.js';
import { checkChannel, found } from '../../shared/checks.js';
import { requireReach } from '../../tenancy/index.js';
import type { Instance } from '../model.js';
import { deleteVirtualPeople, endPlaces } from './leave.js';
import { maskUid, unmaskUidIn } from './masked-uid.js';
import { findUserRef } from './person.js';
import { findSeats, shrinkPools } from './place.js';
import { endProfiles, launchProfileKey } from './profile-records.js';
import { voidLinks } from './void-links.js';

export interface CancelGroupMember {
  readonly channelId: string;
  readonly groupUid: string;
  /** Plain or virtual; whichever way the person is known in the group is found. */
  readonly userUid: string;
}

const reason = 'removed at the marketplace';

/**
 * Somebody was removed from the business (spec Maestrano 1.6): their place, the last OWNER's too, and seat of the group go, what was
 * bought shrinks by it, their sign-ins there end; a virtual user is deleted. A place somebody else gave them stays, without the seat.
 * Unknown ids, and somebody removed before, are a success in which nothing happens. Answers our ids of those who went.
 * Errors: forbidden, not_found (what the group names is not the channel's).
 */
export async function cancelGroupMember(tx: Unit, input: CancelGroupMember): Promise<string[]> {
  const { channelId, groupUid, userUid } = input;
  checkChannel(tx.actor, channelId);
  const ref = await findExternalRef(tx, { channelId, kind: 'instance', externalId: groupUid });
  const seen = ref && (await tx.instances.find(ref.targetId));
  if (seen === undefined) return [];
  await tx.tenants.rely(seen.tenantId);
  const instance = found('instance', await tx.instances.find(seen.id));
  await requireReach(tx, 'write', 'instance', { tenantId: instance.tenantId, channelId: instance.channelId });
  const gone: string[] = [];
  const uids = [maskUid(userUid, groupUid), unmaskUidIn(userUid, groupUid)];
  await voidLinks(tx, instance.id, uids);
  for (const uid of uids) {
    const person = await findUserRef(tx, { channelId, userUid: uid });
    if (person === undefined) continue;
    await leave(tx, { channelId, userUid: uid, userId: person.targetId, instance });
    await deleteVirtualPeople(tx, [person.targetId], { channelId, groupUid, reason });
    gone.push(person.targetId);
  }
  return gone;
}

interface Leaving {
  readonly channelId: string;
  readonly userUid: string;
  readonly userId: string;
  readonly instance: Instance;
}

/** Lock order: the tenant is locked; pools, licenses, memberships, sessions. */
async function leave(tx: Unit, { channelId, userUid, userId, instance }: Leaving): Promise<void> {
  const { id: instanceId, tenantId } = instance;
  await giveBackLicenses(tx, await findSeats(tx, userId, instanceId));
  if (instance.terminatedAt === null) await shrinkPools(tx, instance);
  const places = await placesOf(tx, { channelId, userId, tenantId });
  if (places.length > 0) await endPlaces(tx, places, { instanceId, reason });
  else await endSessions(tx, { userId, instanceId, reason });
  const profile = await findChannelRecord(tx, launchProfileKey({ channelId, userUid }, instanceId));
  if (profile !== undefined) await endProfiles(tx, [profile]);
}

/** What the channel gave the person in the tenant; none while another of its instances seats them there. */
async function placesOf(
  tx: Unit,
  { channelId, userId, tenantId }: { readonly channelId: string; readonly userId: string; readonly tenantId: string },
): Promise<Membership[]> {
  const seats = await tx.licenses.findMany({ userId, liveKey: '0' });
  if (seats.some((seat) => seat.tenantId === tenantId)) return [];
  const seen = await tx.memberships.findMany({ userId, tenantId, channelId, liveKey: '0' });
  const locked = await tx.memberships.lockAll(seen.map(({ id }) => id));
  return locked.filter(({ terminatedAt }) => terminatedAt === null);
}
