import { createUser, emitEmailsChanged, grantsPower, type Membership, type User } from '../../identity/index.js';
import { bindExternalRef, type ExternalRef, findExternalRef } from '../../marketplace/index.js';
import type { Unit } from '../../repositories.js';
import { found } from '../../shared/checks.js';
import { checkEmail, emailKey } from '../../shared/text.js';
import { cleanText, validOrNone } from './clean-text.js';
import type { LaunchFacts } from './facts.js';
import { maskUid } from './masked-uid.js';

export interface PersonNames {
  readonly givenName: string;
  readonly familyName: string;
  /** '' when what was said is no address. */
  readonly email: string;
}

/** What the marketplace calls the person, so far as the hub can keep it. */
export function namesOf(facts: LaunchFacts): PersonNames {
  return {
    givenName: cleanText(facts.givenName),
    familyName: cleanText(facts.familyName),
    email: validOrNone(cleanText(facts.email, 400), (value) => checkEmail('email', value)),
  };
}

/** The facts with the id under which the person is known: in virtual mode one of this group alone, however it came. */
export function withKnownUid(facts: LaunchFacts): LaunchFacts {
  return facts.virtual ? { ...facts, userUid: maskUid(facts.userUid, facts.groupUid) } : facts;
}

export function findUserRef(
  tx: Unit,
  { channelId, userUid }: Pick<LaunchFacts, 'channelId' | 'userUid'>,
): Promise<ExternalRef | undefined> {
  return findExternalRef(tx, { channelId, kind: 'user', externalId: userUid });
}

export type PersonFound =
  | { readonly how: 'known' | 'linked' | 'created'; readonly userId: string }
  /** With the ids by which the channel knows the owner already. */
  | { readonly how: 'unproven'; readonly userId: string; readonly uids: readonly string[] };

/**
 * Who the marketplace means: the user of its id; else the owner of the address, when that may be believed; else somebody new (spec
 * Maestrano 1.4 linking 2 to 4). `unproven`: the address is this user's, who must say so first; nothing was written.
 */
export async function findPerson(tx: Unit, facts: LaunchFacts, tenantId: string): Promise<PersonFound> {
  const ref = await findUserRef(tx, facts);
  if (ref !== undefined) {
    await reopenPerson(tx, ref.targetId);
    return { how: 'known', userId: ref.targetId };
  }
  const owner = await ownerOfAddress(tx, facts);
  if (owner === undefined) return { how: 'created', userId: await makePerson(tx, facts) };
  const uids = await uidsOf(tx, owner.id, facts.channelId);
  if (facts.linkByEmail !== 'verified' || uids.length > 0 || (await hasPower(tx, owner, tenantId))) {
    return { how: 'unproven', userId: owner.id, uids };
  }
  await linkPerson(tx, facts, owner);
  return { how: 'linked', userId: owner.id };
}

/** Whose verified address it is; nobody's where people are not found by address. */
async function ownerOfAddress(tx: Unit, facts: LaunchFacts): Promise<User | undefined> {
  const { email } = namesOf(facts);
  if (facts.virtual || facts.linkByEmail === 'never' || email === '') return undefined;
  const address = await tx.userEmails.findOne({ verifiedKey: emailKey(email) });
  if (address === undefined) return undefined;
  const user = await tx.users.lock(address.userId);
  return user?.terminatedAt === null ? user : undefined;
}

/** Of an operator, and of whoever administers another tenant, nobody's word is enough (docs/design.md 10.22). */
async function hasPower(tx: Unit, user: User, tenantId: string): Promise<boolean> {
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

async function makePerson(tx: Unit, facts: LaunchFacts): Promise<string> {
  const { givenName, familyName, email } = namesOf(facts);
  const user = await createUser(tx, {
    givenName,
    familyName,
    emails: email === '' ? [] : [{ email, verified: false }],
  });
  const { channelId, userUid } = facts;
  await bindExternalRef(tx, { channelId, kind: 'user', externalId: userUid, targetId: user.id });
  return user.id;
}

/** Who was deleted with a virtual user comes back as the same one. */
async function reopenPerson(tx: Unit, userId: string): Promise<void> {
  const user = found('user', await tx.users.find(userId));
  if (user.terminatedAt === null) return;
  const locked = found('user', await tx.users.lock(userId));
  if (locked.terminatedAt === null) return;
  emitUser(tx, 'user.reopened', await tx.users.save(locked, { terminatedAt: null }));
}

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

export function emitUser(tx: Unit, type: string, user: User): void {
  tx.emit({
    type,
    aggregate: { kind: 'user', id: user.id, version: user.version },
    tenantId: '',
    payload: { displayName: user.displayName },
  });
}
