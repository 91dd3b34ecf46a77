import { removeMember } from '../../../../core/provisioning/index.js';
import { DomainError, invalid, isDomainError } from '../../../../core/shared/errors.js';
import { runCommand, runUnkept } from '../command.js';
import type { Fields, NecCall, Operation } from '../context.js';
import { outcomeOf, resultCodes, UserRefused } from '../faults.js';
import { lockRealm, needUser } from '../lookup.js';
import { addUser } from '../members.js';
import { type CreateUsersInput, needList, type ReplaceUsersInput, type UserFields } from '../messages.js';

/** Nothing was answered under this requestId yet. */
class NotAnsweredYet extends Error {}

const done = { resultCode: resultCodes.done, resultMessage: 'OK' };

/**
 * Use case 1C for many: each user in a unit of its own, the answer of the whole kept under the requestId. When the hub stops in
 * between, the retry finds no answer, goes through the list again, and what was made is found by its natural key (code 0).
 */
export const createUsers: Operation = async (input: CreateUsersInput, call) => {
  const known = await answeredBefore(call, input);
  if (known) return known;
  const results: Fields[] = [];
  for (const fields of needList('users', input.users)) results.push(await createOne(call, input, fields));
  return runCommand(call, input, async () => ({ results }));
};

/** The kept answer; or undefined when the list is to be worked through. Refuses what is wrong with the whole. */
async function answeredBefore(call: NecCall, input: CreateUsersInput): Promise<Fields | undefined> {
  try {
    return await runCommand(call, input, async (tx) => {
      await lockRealm(tx, call, input);
      needList('users', input.users);
      throw new NotAnsweredYet();
    });
  } catch (error) {
    if (error instanceof NotAnsweredYet) return undefined;
    throw error;
  }
}

async function createOne(call: NecCall, input: CreateUsersInput, fields: UserFields): Promise<Fields> {
  const { userId } = fields;
  try {
    await runUnkept(call, input, async (tx) => {
      const instance = await lockRealm(tx, call, input);
      await addUser(tx, call, instance, { fields });
      return {};
    });
    return { userId, ...done };
  } catch (error) {
    if (!isDomainError(error)) throw error;
    const outcome = outcomeOf(error);
    if (outcome.resultCode === resultCodes.internal) throw error; // the whole list is to be sent again
    return { userId, ...outcome };
  }
}

/** Use case 6: all or nothing; seats are given back before they are taken, so it works when every seat is in use. */
export const replaceUsers: Operation = (input: ReplaceUsersInput, call) =>
  runCommand(call, input, async (tx) => {
    const instance = await lockRealm(tx, call, input);
    const { remove = [], add = [], licenceCode } = input;
    if (remove.length + add.length === 0) throw invalid('remove', 'or add is required');
    const results: Fields[] = [];
    for (const userId of remove) {
      await named(userId, async () => removeMember(tx, { id: (await needUser(tx, call, instance, { userId })).id }));
      results.push({ userId, ...done });
    }
    for (const fields of add) {
      await named(fields.userId ?? '', () => addUser(tx, call, instance, { fields: withSeat(fields, licenceCode) }));
      results.push({ userId: fields.userId, ...done });
    }
    return { results };
  });

function withSeat(fields: UserFields, licenceCode: string | undefined): UserFields {
  if (licenceCode === undefined || licenceCode === '' || (fields.licenceCodes?.length ?? 0) > 0) return fields;
  return { ...fields, licenceCodes: [licenceCode] };
}

/** Says which user a refusal is about. */
async function named<T>(userId: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DomainError) throw new UserRefused(userId, error);
    throw error;
  }
}
