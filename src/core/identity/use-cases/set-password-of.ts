import type { Unit } from '../../repositories.js';
import { reachOf } from '../../shared/actor.js';
import { checkVersion, found } from '../../shared/checks.js';
import { DomainError } from '../../shared/errors.js';
import type { User } from '../model.js';
import { isSelf, requireRankOver } from './guard-operators.js';
import { type PasswordAuthority, setPassword } from './set-password.js';
import { requirePerson } from './update-user.js';

/**
 * Sets somebody else's password in the right the actor has over them: an operator's, or that of an administrator in whose subtree
 * they have all their places. One's own is set through a link, which proves more than a token.
 * Errors: not_found, forbidden, version_conflict, password_not_yours.
 */
export async function setPasswordOf(
  tx: Unit,
  input: {
    readonly userId: string;
    readonly passwordHash: string;
    readonly mustChange: boolean;
    readonly expectedVersion?: number | null;
  },
): Promise<User> {
  const user = found('user', await tx.users.lock(input.userId));
  const authority = await passwordAuthority(tx, user);
  checkVersion('user', user, input.expectedVersion);
  const { userId, passwordHash, mustChange } = input;
  return setPassword(tx, { userId, passwordHash, mustChange, authority });
}

/** In whose right the actor decides about this person's password. Throws `not_found`, `forbidden`, `password_not_yours`. */
export async function passwordAuthority(tx: Unit, user: User): Promise<PasswordAuthority> {
  const { actor } = tx;
  if (isSelf(actor, user.id)) throw new DomainError('forbidden', { right: 'set a password without a link' });
  const reach = reachOf(actor, 'admin');
  if (reachOf(actor, 'write').everywhere) {
    requireRankOver(tx, user);
    return { kind: 'operator' };
  }
  await requirePerson(tx, user.id).catch((error: unknown) => {
    if (error instanceof DomainError && error.code === 'forbidden') throw new DomainError('password_not_yours');
    throw error;
  });
  if (actor.kind === 'serviceAccount' && actor.tenantId === null) {
    return { kind: 'channel', channelId: actor.channelId };
  }
  return { kind: 'tenants', tenantIds: reach.everywhere ? [] : reach.tenantIds };
}
