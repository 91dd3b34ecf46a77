import { type Actor, operatorLevels, requireEverywhere, rights } from '../../shared/actor.js';
import { DomainError } from '../../shared/errors.js';
import type { Tx } from '../../shared/unit-of-work.js';
import type { User } from '../model.js';
import type { IdentityRepositories } from '../ports.js';

/**
 * What an operator does to another operator's account (password, address, hold, sessions) needs level ADMINISTRATOR: otherwise a
 * lower level could take a higher one's account. Throws `forbidden`.
 */
export function requireRankOver(tx: Pick<Tx, 'actor'>, user: Pick<User, 'id' | 'operatorLevel'>): void {
  const { actor } = tx;
  if (user.operatorLevel !== null && !isSelf(actor, user.id)) requireEverywhere(actor, 'admin');
}

/**
 * The hub keeps one ADMINISTRATOR who can act. All of them are locked, in the order of their ids, so that two cannot step down at
 * once. Throws `in_use`.
 */
export async function requireOtherAdministrator(tx: IdentityRepositories, leavingId: string): Promise<void> {
  const top = operatorLevels.ADMINISTRATOR;
  let leaves = false;
  let others = 0;
  for (const { id } of await tx.users.findMany({ operatorLevel: top, terminatedAt: null })) {
    const user = await tx.users.lock(id);
    if (user?.operatorLevel !== top || user.terminatedAt !== null || user.holds.length > 0) continue;
    if (id === leavingId) leaves = true;
    else others += 1;
  }
  if (leaves && others === 0) throw new DomainError('in_use', { kind: 'the last ADMINISTRATOR', by: 'the hub' });
}

export function isSelf(actor: Actor, userId: string): actor is Extract<Actor, { kind: 'operator' | 'user' }> {
  return (actor.kind === 'operator' || actor.kind === 'user') && actor.userId === userId;
}

/** People may act for themselves at any level and role, but not with a token that was given for reading. Throws `forbidden`. */
export function requireOwnWrite(actor: { readonly ceiling?: number }): void {
  if ((actor.ceiling ?? 0) < rights.write) throw new DomainError('forbidden', { right: 'write' });
}
