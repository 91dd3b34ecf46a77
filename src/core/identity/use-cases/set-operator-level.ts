import { operatorLevels, requireEverywhere } from '../../shared/actor.js';
import { checkLevel } from '../../shared/checks.js';
import { DomainError } from '../../shared/errors.js';
import type { User } from '../model.js';
import { updateUser } from './update-user.js';

/**
 * Makes a person an operator, changes their level, or (null) takes it away; what they are signed in to ends. The hub keeps one
 * live ADMINISTRATOR. Level ADMINISTRATOR. Errors: not_found, forbidden, terminated, version_conflict, invalid_value, in_use.
 */
export async function setOperatorLevel(
  tx: Parameters<typeof updateUser>[0],
  input: { readonly id: string; readonly expectedVersion?: number | null; readonly level: number | null },
): Promise<User> {
  requireEverywhere(tx.actor, 'admin');
  const { level, ...target } = input;
  const top = operatorLevels.ADMINISTRATOR;
  checkLevel('level', level);
  const others = (await tx.users.findMany({ operatorLevel: top, terminatedAt: null })).filter(
    (user) => user.id !== input.id && user.holds.length === 0,
  );
  const before = await tx.users.lock(input.id);
  if (before?.operatorLevel === top && level !== top && others.length === 0) {
    throw new DomainError('in_use', { kind: 'the last ADMINISTRATOR', by: 'the hub' });
  }
  return updateUser(tx, { ...target, operatorLevel: level });
}
