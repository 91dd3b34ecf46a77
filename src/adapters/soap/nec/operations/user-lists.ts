import { removeMember } from '../../../../core/provisioning/index.js';
import { DomainError, invalid, isDomainError } from '../../../../core/shared/errors.js';
import { runCommand } from '../command.js';
import type { Fields, NecCall, Operation, Work } from '../context.js';
import { outcomeOf, resultCodes, UserRefused } from '../faults.js';
import { lockRealm, needUser } from '../lookup.js';
import { addUser } from '../members.js';
import { type CreateUsersInput, needList, type ReplaceUsersInput, type UserFields } from '../messages.js';

const done = { resultCode: resultCodes.done, resultMessage: 'OK' };

/**
 * Use case 1C for many. Each user is made in a unit of its own, whose answer is kept under the requestId and the place in the list:
 * when the hub stops in between, the retry gets the kept answers of what was done and goes on with the rest. Without a requestId
 * natural keys do the same.
 */
export const createUsers: Operation = async (input: CreateUsersInput, call) => {
  const accepted = await runCommand(call, input, async (tx) => {
    await lockRealm(tx, call, input);
    needList('users', input.users);
    return {};
  });
  if ('resultCode' in accepted) return accepted; // refused before, and kept
  const results: Fields[] = [];
  for (const [place, fields] of (input.users ?? []).entries()) {
    results.push(await createOne(call, input, fields, String(place)));
  }
  return { results };
};

async function createOne(call: NecCall, input: CreateUsersInput, fields: UserFields, place: string): Promise<Fields> {
  const { userId } = fields;
  const work: Work = async (tx) => {
    const instance = await lockRealm(tx, call, input);
    await addUser(tx, call, instance, { fields });
    return {};
  };
  try {
    return { userId, ...done, ...(await runCommand(call, input, work, place)) };
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
