import { requireEverywhere } from '../../shared/actor.js';
import type { Membership, User } from '../model.js';
import { type AddMembershipInput, addMembership } from './add-membership.js';
import { type CreateUserInput, createUser } from './create-user.js';

export interface CreateMemberInput extends Omit<CreateUserInput, 'operatorLevel'> {
  /** Their first place; only operators make people who have none. */
  readonly membership?: Omit<AddMembershipInput, 'userId'> | null;
}

/**
 * Makes a person and gives them their place in a tenant or instance, both or neither.
 * Errors: as `createUser` and `addMembership`.
 */
export async function createMember(
  tx: Parameters<typeof addMembership>[0],
  input: CreateMemberInput,
): Promise<{ readonly user: User; readonly membership: Membership | null }> {
  const { membership, ...person } = input;
  if (membership === undefined || membership === null) requireEverywhere(tx.actor, 'write');
  const user = await createUser(tx, person);
  if (membership === undefined || membership === null) return { user, membership: null };
  return { user, membership: await addMembership(tx, { ...membership, userId: user.id }) };
}
