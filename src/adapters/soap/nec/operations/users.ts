import { changeMembership } from '../../../../core/identity/index.js';
import { releaseLicense } from '../../../../core/licensing/index.js';
import { removeMember } from '../../../../core/provisioning/index.js';
import { randomToken } from '../../../../platform/secrets.js';
import { runCommand } from '../command.js';
import type { Operation } from '../context.js';
import { required, unknownUser } from '../faults.js';
import { findUser, lockRealm, needUser } from '../lookup.js';
import { addUser, changesOf, setSeats } from '../members.js';
import { type CreateUserInput, need, type UpdateUserInput, type UserKey } from '../messages.js';

/** Use case 1C. */
export const createUser: Operation = async (input: CreateUserInput, call) => {
  const { delegatedAuthentication, initialPassword } = call.settings;
  const password = delegatedAuthentication && initialPassword ? randomToken() : undefined;
  // outside of the unit: hashing takes longer than a transaction should
  const passwordHash = password === undefined ? undefined : await call.ports.passwords.hash(password);
  return runCommand(call, input, async (tx) => {
    const instance = await lockRealm(tx, call, input);
    if (input.user === undefined) throw required('user');
    const { userId, created } = await addUser(tx, call, instance, {
      fields: input.user,
      ...(passwordHash !== undefined && { passwordHash }),
    });
    const person = password === undefined ? undefined : await findUser(tx, call, instance, userId);
    const isSet = person !== undefined && (await tx.users.find(person.userId))?.passwordHash === passwordHash;
    return { userId, ...(created && isSet && { initialPassword: password }) };
  });
};

/** Use case 4: the changed fields stand flat beside realmId and userId; absent ones stay. */
export const updateUser: Operation = (input: UpdateUserInput, call) =>
  runCommand(call, input, async (tx) => {
    const instance = await lockRealm(tx, call, input);
    const membership = await needUser(tx, call, instance, input);
    await changeMembership(tx, { id: membership.id, ...changesOf(input) });
    if (input.licenceCodes !== undefined) {
      await setSeats(tx, instance, membership.userId, input.licenceCodes, (id) => releaseLicense(tx, { id }));
    }
    return {};
  });

/** Use case 9 for one user: seat and membership go, sessions end. Deleting again answers 0; the id stays taken. */
export const deleteUser: Operation = (input: UserKey, call) =>
  runCommand(call, input, async (tx) => {
    const instance = await lockRealm(tx, call, input);
    const found = await findUser(tx, call, instance, need('userId', input.userId));
    if (!found) throw unknownUser();
    if (found.membership) await removeMember(tx, { id: found.membership.id });
    return {};
  });
