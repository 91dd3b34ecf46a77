import { grantsPower, type User } from '../../identity/index.js';
import { bindExternalRef } from '../../marketplace/index.js';
import type { Unit } from '../../repositories.js';
import { emailKey } from '../../shared/text.js';
import type { LaunchFacts } from './facts.js';
import { namesOf } from './person-names.js';

/** Whose verified address it is; nobody's where people are not found by address. */
export async function ownerOfAddress(tx: Unit, facts: LaunchFacts): Promise<User | undefined> {
  const { email } = namesOf(facts);
  if (facts.virtual || facts.linkByEmail === 'never' || email === '') return undefined;
  const address = await tx.userEmails.findOne({ verifiedKey: emailKey(email) });
  if (address === undefined) return undefined;
  const user = await tx.users.lock(address.userId);
  return user?.terminatedAt === null ? user : undefined;
}

/** No marketplace's word alone lets an operator in, whenever they became one: they prove it every time (docs/design.md 10.22). */
export async function isOperator(tx: Unit, userId: string): Promise<boolean> {
  return ((await tx.users.find(userId))?.operatorLevel ?? null) !== null;
}

/** Of an operator, and of whoever administers another tenant, nobody's word is enough (docs/design.md 10.22). */
export async function hasPower(tx: Unit, user: User, tenantId: string): Promise<boolean> {
  if (user.operatorLevel !== null) return true;
  const places = await tx.memberships.findMany({ userId: user.id, liveKey: '0' });
  return places.some((place) => place.tenantId !== tenantId && grantsPower(place.roles));
}

/** The ids by which a channel knows somebody. */
export async function uidsOf(tx: Unit, userId: string, channelId: string): Promise<string[]> {
  const refs = await tx.externalRefs.findMany({ targetId: userId, channelId, kind: 'user', liveKey: '0' });
  return refs.map(({ externalId }) => externalId).sort();
}

/**
 * The marketplace's id means this person from now on. They are told (`account.linked`), because it was done on the word of others:
 * at the address that was matched, else at the one they made primary.
 */
export async function linkPerson(tx: Unit, facts: LaunchFacts, user: User): Promise<void> {
  const { channelId, userUid } = facts;
  const ref = await bindExternalRef(tx, { channelId, kind: 'user', externalId: userUid, targetId: user.id });
  const verified = (await tx.userEmails.findMany({ userId: user.id })).filter(
    ({ verifiedKey }) => verifiedKey !== null,
  );
  const key = emailKey(namesOf(facts).email);
  const told = verified.find(({ verifiedKey }) => verifiedKey === key) ?? verified.find(({ primary }) => primary);
  tx.emit({
    type: 'account.linked',
    aggregate: { kind: 'externalRef', id: ref.id, version: ref.version },
    tenantId: '',
    payload: { userId: user.id, channelId, email: (told ?? verified[0])?.email ?? '' },
  });
}
