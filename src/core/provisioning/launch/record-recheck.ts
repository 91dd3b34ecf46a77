import { endSessions, type Session } from '../../identity/index.js';
import type { Unit } from '../../repositories.js';
import type { Instant } from '../../shared/clock.js';

export interface RecheckAnswer {
  readonly valid: boolean;
  /** When to ask again; null when not valid. */
  readonly recheckAt: Instant | null;
}

/** Why sessions end whose marketplace stopped vouching. */
export const unvouched = 'marketplace recheck';

type RecheckUnit = Pick<Unit, 'sessions'> & Parameters<typeof endSessions>[0];

/**
 * What a marketplace answered when it was asked whether a sign-in still holds: it goes on until the next time, or ends with
 * everything signed in to from it (spec Maestrano 1.4). One that ended stays so; of two answers the later time to ask again counts.
 * Answers the session as it is now; undefined for an unknown one.
 */
export async function recordRecheck(
  tx: RecheckUnit,
  input: { readonly sessionId: string; readonly recheck: RecheckAnswer },
): Promise<Session | undefined> {
  const { sessionId, recheck } = input;
  const session = await tx.sessions.lock(sessionId);
  if (session === undefined || session.state === 'ENDED' || session.recheckAt === null) return session;
  if (!recheck.valid || recheck.recheckAt === null) {
    await endSessions(tx, { sessionId, reason: unvouched });
    return tx.sessions.find(sessionId);
  }
  if (recheck.recheckAt <= session.recheckAt) return session;
  return tx.sessions.save(session, { recheckAt: recheck.recheckAt });
}
