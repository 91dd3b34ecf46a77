import { addEmail, emitEmailsChanged, type Membership } from '../../identity/index.js';
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
  const moved = await moveAddress(tx, userId, { from: before?.email, to: email });
  if (after.version !== user.version) emitUser(tx, 'user.updated', after);
  else if (moved) emitEmailsChanged(tx, found('user', await tx.users.rely(userId)));
}

/** Without `from` the one they have makes way. What they have already, and what is verified, stays. */
async function moveAddress(
  tx: Unit,
  userId: string,
  { from, to }: { readonly from: string | undefined; readonly to: string },
): Promise<boolean> {
  const key = emailKey(to);
  const addresses = await tx.userEmails.findMany({ userId });
  if (to === '' || addresses.some((address) => address.emailKey === key)) return false;
  if (addresses.length === 0) {
    await addEmail(tx, userId, to, false, true);
    return true;
  }
  const isMeant = from === undefined ? () => addresses.length === 1 : (email: string) => email === from;
  const old = addresses.find(({ email, verifiedKey }) => verifiedKey === null && isMeant(email));
  if (old === undefined) return false;
  await tx.userEmails.save(old, { email: to, emailKey: key });
  return true;
}
