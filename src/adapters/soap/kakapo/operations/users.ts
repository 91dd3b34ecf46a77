import type { LocatedUser } from '../../../../core/hierarchy-reader.js';
import { updateUser } from '../../../../core/identity/index.js';
import { enrollMember, removeMember } from '../../../../core/provisioning/index.js';
import type { Unit } from '../../../../core/repositories.js';
import { isDomainError } from '../../../../core/shared/errors.js';
import { change } from '../command.js';
import type { Input, KakapoCall, Operation } from '../context.js';
import { groupOf, locate, locateUser, ownerName, resellerOf, userName } from '../locate.js';
import { Refusal } from '../refusal.js';
import { nameOf, need, newId, newName } from '../scope.js';
import { addTenant } from './tenants.js';

/** What a call says of a user and where they belong. */
function readUser(input: Input) {
  const externalId = newId(input, 'broadworksUserId');
  return { externalId, displayName: nameOf(input, 'userName', externalId) };
}

function lookUp(call: KakapoCall, input: Input) {
  return locate(call, input, {
    reseller: need(input, 'resellerId'),
    group: need(input, 'groupId'),
    user: need(input, 'broadworksUserId'),
  });
}

function alreadyThere(input: Input, user: LocatedUser): Refusal {
  return new Refusal(`${userName(need(input, 'broadworksUserId'))} already exists in ${ownerName(user)}`);
}

async function enroll(
  tx: Unit,
  call: KakapoCall,
  at: { readonly provider: string; readonly group: string },
  user: ReturnType<typeof readUser>,
): Promise<void> {
  const place = { channelId: call.channel.id, parentId: at.provider, tenantId: at.group };
  const made = await enrollMember(tx, { ...place, ...user });
  if (user.externalId.includes('@')) return;
  const warning = 'the user id names no domain: it must equal the one of BroadWorks exactly';
  tx.note({ objectKind: 'user', objectId: made.user.id, tenantId: at.group, after: { warning, ...user } });
}

const AddUser: Operation = async (input, call) => {
  const user = readUser(input);
  const look = async () => {
    const located = await lookUp(call, input);
    resellerOf(located, input);
    const group = groupOf(located, input);
    if (located.user !== null) throw alreadyThere(input, located.user);
    return { provider: located.provider, group };
  };
  await change(call, look, (tx, at) => enroll(tx, call, at, user));
  return undefined;
};

/** Makes what is missing and keeps what is there, in one step. Refused when the user is somewhere else. */
const AddUserWithHierarchy: Operation = async (input, call) => {
  const user = readUser(input);
  const reseller = newId(input, 'resellerId');
  const group = newId(input, 'groupId');
  const names = { reseller: nameOf(input, 'resellerName', reseller), group: nameOf(input, 'groupName', group) };
  const look = async () => {
    const located = await lookUp(call, input);
    if (located.user !== null && located.user.tenantId !== located.group) throw alreadyThere(input, located.user);
    return located;
  };
  await change(call, look, async (tx, { provider, ...there }) => {
    if (there.user !== null) return;
    const resellerTenant =
      there.reseller ??
      (await addTenant(tx, call, {
        kind: 'reseller',
        parentId: provider,
        externalId: reseller,
        name: names.reseller,
      }));
    const groupTenant =
      there.group ??
      (await addTenant(tx, call, {
        kind: 'group',
        parentId: resellerTenant,
        externalId: group,
        name: names.group,
      }));
    await enroll(tx, call, { provider, group: groupTenant }, user);
  });
  return undefined;
};

const UpdateUser: Operation = async (input, call) => {
  const displayName = newName(input, 'userName');
  const look = () => locateUser(call, input);
  await change(call, look, async (tx, { user }) => {
    try {
      await updateUser(tx, { id: user.userId, displayName });
    } catch (error) {
      if (!isDomainError(error, 'forbidden')) throw error;
      throw new Refusal(
        `${userName(need(input, 'broadworksUserId'))} also belongs elsewhere: only they can change the name`,
      );
    }
  });
  return undefined;
};

/** Licenses return to the levels they were taken from. */
const DeleteUser: Operation = async (input, call) => {
  await change(
    call,
    () => locateUser(call, input),
    (tx, { user }) => removeMember(tx, { id: user.membershipId }),
  );
  return undefined;
};

export const userOperations = { AddUser, AddUserWithHierarchy, UpdateUser, DeleteUser };
