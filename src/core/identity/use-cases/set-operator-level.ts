import { operatorLevels, requireEverywhere } from '../../shared/actor.js';
import { checkLevel } from '../../shared/checks.js';
import type { User } from '../model.js';
import { requireOtherAdministrator } from './guard-operators.js';
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
  checkLevel('level', level);
  if (level !== operatorLevels.ADMINISTRATOR) await requireOtherAdministrator(tx, input.id);
  return updateUser(tx, { ...target, operatorLevel: level });
}
