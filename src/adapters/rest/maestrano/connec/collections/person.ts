import type { Membership, User } from '../../../../../core/identity/index.js';
import type { Unit } from '../../../../../core/repositories.js';
import type { SharingPlace } from './collection.js';

export interface Person {
  readonly user: User;
  readonly membership: Membership;
  /** All their places are in this tenant: then their own name is what Connec! and we agree on. */
  readonly isOurs: boolean;
}

/** A member of the group's tenant; undefined when there is none of that id. */
export async function findPerson(
  tx: Unit,
  { tenant, instance }: SharingPlace,
  id: string,
): Promise<Person | undefined> {
  const places = await tx.memberships.findMany({ userId: id, liveKey: '0' });
  const here = places.filter(({ tenantId }) => tenantId === tenant.id);
  const membership =
    here.find(({ instanceId }) => instanceId === '') ??
    here.find(({ instanceId }) => instanceId === instance.id) ??
    here[0];
  const user = membership === undefined ? undefined : await tx.users.find(id);
  if (membership === undefined || user === undefined || user.terminatedAt !== null) return undefined;
  let isOurs = user.operatorLevel === null;
  for (const { tenantId } of places) isOurs &&= await tx.tenantTree.isWithin(tenantId, [tenant.id]);
  return { user, membership, isOurs };
}

export function nameOf({ user, membership, isOurs }: Person): { givenName: string; familyName: string } {
  const inProfile = membership.givenName !== '' || membership.familyName !== '';
  return isOurs || !inProfile ? user : membership;
}

/** A verified address is the person's own word; then comes what is known of them in this tenant. */
export async function emailOf(tx: Unit, { uid }: SharingPlace, { user, membership }: Person): Promise<string> {
  const emails = await tx.userEmails.findMany({ userId: user.id });
  const verified = emails.find(({ primary, verifiedKey }) => primary && verifiedKey !== null)?.email ?? '';
  const primary = emails.find((one) => one.primary)?.email ?? '';
  const usual = [verified, membership.email, primary].filter((email) => email !== '' && !isVirtual(email, uid));
  return usual[0] ?? '';
}

/** An address the marketplace made up for one person and group (spec Maestrano 1.1): not one to tell as somebody's. */
function isVirtual(email: string, uid: string): boolean {
  return email.slice(0, email.lastIndexOf('@')).endsWith(`.${uid}`);
}

export function fullName({ givenName, familyName }: Pick<User, 'givenName' | 'familyName'>): string {
  return [givenName, familyName].filter(Boolean).join(' ');
}

/** Nothing but what Connec! said: nobody who was ever let in, or whom anything else here knows. */
export async function isFromConnec(
  tx: Unit,
  { channel }: SharingPlace,
  { user, membership, isOurs }: Person,
): Promise<boolean> {
  const made = membership.channelId === channel.id && membership.roles.join() === 'VIEWER';
  if (!isOurs || !made || user.passwordHash !== null) return false;
  const places = await tx.memberships.findMany({ userId: user.id, liveKey: '0' });
  const emails = await tx.userEmails.findMany({ userId: user.id });
  const refs = await tx.externalRefs.findMany({ targetId: user.id, liveKey: '0' });
  return (
    places.length === 1 &&
    emails.every(({ verifiedKey }) => verifiedKey === null) &&
    refs.every(({ kind }) => kind === 'record')
  );
}
