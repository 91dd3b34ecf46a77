import { createUser, type User } from '../../identity/index.js';
import { bindExternalRef, type ExternalRef, findExternalRef } from '../../marketplace/index.js';
import type { Unit } from '../../repositories.js';
import { found } from '../../shared/checks.js';
import type { LaunchFacts } from './facts.js';
import { hasPower, isOperator, linkPerson, ownerOfAddress, uidsOf } from './link-person.js';
import { namesOf } from './person-names.js';

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
    const userId = ref.targetId;
    if (await isOperator(tx, userId)) {
      const others = (await uidsOf(tx, userId, facts.channelId)).filter((uid) => uid !== facts.userUid);
      return { how: 'unproven', userId, uids: others };
    }
    await reopenPerson(tx, userId);
    return { how: 'known', userId };
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

export function emitUser(tx: Unit, type: string, user: User): void {
  tx.emit({
    type,
    aggregate: { kind: 'user', id: user.id, version: user.version },
    tenantId: '',
    payload: { displayName: user.displayName },
  });
}
