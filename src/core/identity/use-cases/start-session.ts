import type { Unit } from '../../repositories.js';
import { shift } from '../../shared/clock.js';
import type { Session } from '../model.js';
import { endSessions } from './end-sessions.js';

export interface StartSession {
  readonly userId: string;
  /** SHA-256 of the new cookie: every sign-in gets one nobody has seen before. */
  readonly cookieHash: string;
  readonly method: string;
  readonly ttlMs: number;
  /** The session this browser had until now. */
  readonly replaces?: string;
}

type StartSessionUnit = Pick<Unit, 'now' | 'ids' | 'sessions'> & Parameters<typeof endSessions>[0];

/**
 * A person proved who they are at the hub. The same person's session of this browser goes on under the new cookie (what it is
 * signed in to stays signed in); another person's is ended.
 */
export async function startSession(tx: StartSessionUnit, input: StartSession): Promise<Session> {
  const { userId, cookieHash, method } = input;
  const expiresAt = shift(tx.now, input.ttlMs);
  const previous = input.replaces === undefined ? undefined : await tx.sessions.lock(input.replaces);
  if (previous?.state === 'ACTIVE' && previous.userId === userId && previous.expiresAt > tx.now) {
    return tx.sessions.save(previous, { cookieHash, method, expiresAt });
  }
  if (previous) await endSessions(tx, { sessionId: previous.id, reason: 'replaced' });
  return tx.sessions.insert({
    id: tx.ids.next('session'),
    createdAt: tx.now,
    userId,
    cookieHash,
    handleHash: '',
    channelId: '',
    instanceId: '',
    state: 'ACTIVE',
    method,
    expiresAt,
    endedAt: null,
    endReason: '',
    recheckAt: null,
    voucher: null,
  });
}
