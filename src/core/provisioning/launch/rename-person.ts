import { emitEmailsChanged, type Membership } from '../../identity/index.js';
import type { Unit } from '../../repositories.js';
import { found } from '../../shared/checks.js';
import { emailKey } from '../../shared/text.js';
import { emitUser } from './person.js';
import type { PersonNames } from './person-names.js';

/**
 * The person's own names and unverified address follow the marketplace while nobody else gave them a place: otherwise they are for
 * the membership alone (docs/design.md 10.4). Verified addresses are the person's.
 */
export async function renamePerson(
  tx: Unit,
  userId: string,
  {
    channelId,
    names,
    before,
  }: { readonly channelId: string; readonly names: PersonNames; readonly before?: Membership },
): Promise<void> {
  const places = await tx.memberships.findMany({ userId, liveKey: '0' });
  if (places.some((place) => place.channelId !== channelId)) return;
  const user = found('user', await tx.users.lock(userId));
  if (user.operatorLevel !== null) return;
  const { givenName, familyName, email } = names;
  const displayName = [givenName, familyName].filter(Boolean).join(' ');
  const after = await tx.users.save(user, { givenName, familyName, displayName });
  const moved = before !== undefined && (await moveAddress(tx, userId, before.email, email));
  if (after.version !== user.version) emitUser(tx, 'user.updated', after);
  else if (moved) emitEmailsChanged(tx, found('user', await tx.users.rely(userId)));
}

async function moveAddress(tx: Unit, userId: string, from: string, to: string): Promise<boolean> {
  if (from === to || to === '') return false;
  const addresses = await tx.userEmails.findMany({ userId });
  const old = addresses.find(({ email, verifiedKey }) => verifiedKey === null && email === from);
  if (old === undefined) return false;
  await tx.userEmails.save(old, { email: to, emailKey: emailKey(to) });
  return true;
}
