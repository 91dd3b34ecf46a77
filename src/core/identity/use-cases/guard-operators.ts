import { type Actor, requireEverywhere, rights } from '../../shared/actor.js';
import { DomainError } from '../../shared/errors.js';
import type { Tx } from '../../shared/unit-of-work.js';
import type { User } from '../model.js';

/**
 * What an operator does to another operator's account (password, address, hold, sessions) needs level ADMINISTRATOR: otherwise a
 * lower level could take a higher one's account. Throws `forbidden`.
 */
export function requireRankOver(tx: Pick<Tx, 'actor'>, user: Pick<User, 'id' | 'operatorLevel'>): void {
  const { actor } = tx;
  if (user.operatorLevel !== null && !isSelf(actor, user.id)) requireEverywhere(actor, 'admin');
}

export function isSelf(actor: Actor, userId: string): actor is Extract<Actor, { kind: 'operator' | 'user' }> {
  return (actor.kind === 'operator' || actor.kind === 'user') && actor.userId === userId;
}

/** People may act for themselves at any level and role, but not with a token that was given for reading. Throws `forbidden`. */
export function requireOwnWrite(actor: { readonly ceiling?: number }): void {
  if ((actor.ceiling ?? 0) < rights.write) throw new DomainError('forbidden', { right: 'write' });
}
