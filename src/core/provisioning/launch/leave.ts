import { endMemberships, endSessions, type Membership, type User } from '../../identity/index.js';
import type { Unit } from '../../repositories.js';
import { anyOf } from '../../shared/repository.js';
import { isMaskedFor } from './masked-uid.js';
import { emitUser } from './person.js';

/**
 * Ends places in a group, locked and live, of however many people. Whoever has no place left is signed out of everything; who has
 * one elsewhere, and operators, only of this instance.
 */
export async function endPlaces(
  tx: Unit,
  places: readonly Membership[],
  from: { readonly instanceId: string; readonly reason: string },
): Promise<void> {
  const ended = await endMemberships(tx, places);
  const people = [...new Set(ended.map(({ userId }) => userId))];
  const elsewhere = await withPlaces(tx, people);
  const users = await tx.users.findAll({ id: anyOf(people) });
  const staying = users.filter((user) => elsewhere.has(user.id) || user.operatorLevel !== null).map(({ id }) => id);
  const kept = new Set(staying);
  const { instanceId, reason } = from;
  await endSessions(tx, { userId: people.filter((id) => !kept.has(id)), reason });
  await endSessions(tx, { userId: staying, instanceId, reason });
  await tx.tokenRevocations.revokeAll(staying.map((id) => ({ kind: 'user', id, clientIds: [] })));
}

/**
 * Deletes those of these people whom the channel knows in this group alone (creation mode virtual) and who have no place any more.
 * Everybody else stays a person of the hub without a place, who gets in nowhere: a channel stops memberships, not people
 * (docs/design.md 10.4), so nothing has to be undone when the marketplace adds them again.
 */
export async function deleteVirtualPeople(
  tx: Unit,
  userIds: readonly string[],
  of: { readonly channelId: string; readonly groupUid: string; readonly reason: string },
): Promise<void> {
  const { channelId, groupUid, reason } = of;
  const refs = await tx.externalRefs.findAll({ targetId: anyOf(userIds), channelId, kind: 'user', liveKey: '0' });
  const virtual = refs.filter(({ externalId }) => isMaskedFor(externalId, groupUid)).map(({ targetId }) => targetId);
  const elsewhere = await withPlaces(tx, virtual);
  const locked = await tx.users.lockAll(virtual.filter((id) => !elsewhere.has(id)));
  const isEnding = (user: User) => user.terminatedAt === null && user.operatorLevel === null;
  const ended = await tx.users.saveAll(locked.filter(isEnding), () => ({ terminatedAt: tx.now }));
  await endSessions(tx, { userId: ended.map(({ id }) => id), reason });
  for (const user of ended) emitUser(tx, 'user.terminated', user);
}

async function withPlaces(tx: Unit, userIds: readonly string[]): Promise<ReadonlySet<string>> {
  const places = await tx.memberships.findAll({ userId: anyOf(userIds), liveKey: '0' });
  return new Set(places.map(({ userId }) => userId));
}
