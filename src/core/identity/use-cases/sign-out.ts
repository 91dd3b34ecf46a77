import type { Unit } from '../../repositories.js';
import { found } from '../../shared/checks.js';
import { notFound } from '../../shared/errors.js';
import type { User } from '../model.js';
import { endSessions } from './end-sessions.js';
import { isSelf, requireOwnWrite, requireRankOver } from './guard-operators.js';
import { requirePerson } from './update-user.js';

export interface SignOutInput {
  readonly userId: string;
  /** Only this session of the person; absent: everywhere, tokens too. */
  readonly sessionId?: string;
}

/**
 * Signs a person out, everywhere or of one session: themself, an operator, or whoever reaches all their places.
 * Returns how many sessions of the hub ended. Errors: not_found, forbidden.
 */
export async function signOut(tx: Unit, input: SignOutInput): Promise<{ readonly user: User; readonly ended: number }> {
  const { userId, sessionId } = input;
  const user = found('user', await tx.users.find(userId));
  if (isSelf(tx.actor, userId)) requireOwnWrite(tx.actor);
  else await requirePerson(tx, userId);
  requireRankOver(tx, user);
  if (sessionId !== undefined && (await tx.sessions.find(sessionId))?.userId !== userId) throw notFound('session');
  const ended = await endSessions(tx, {
    userId,
    ...(sessionId === undefined ? {} : { sessionId }),
    reason: 'signed out by command',
  });
  tx.note({ objectKind: 'user', objectId: userId, tenantId: '', after: { sessionsEnded: ended, sessionId } });
  return { user, ended };
}
