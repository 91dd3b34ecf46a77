import type { Unit } from '../../repositories.js';
import { DomainError } from '../../shared/errors.js';
import type { ClientSession } from '../model.js';

export interface RecordClientSession {
  readonly sessionId: string;
  /** `Client.clientId`. */
  readonly clientId: string;
  readonly instanceId: string;
}

/**
 * Remembers that a session signed in to an application, so that its end is told there. Signing in again is the
 * same sign-in; its id is the `sid` of the client's ID tokens.
 * Throws `session_ended` when the session is not live.
 */
export async function recordClientSession(
  tx: Pick<Unit, 'now' | 'ids' | 'sessions' | 'clientSessions'>,
  input: RecordClientSession,
): Promise<ClientSession> {
  const { sessionId, clientId, instanceId } = input;
  const session = await tx.sessions.lock(sessionId);
  if (session?.state !== 'ACTIVE' || session.expiresAt <= tx.now) throw new DomainError('session_ended');
  const [open] = await tx.clientSessions.findMany({ sessionId, clientId, endedAt: null });
  if (open) return open.instanceId === instanceId ? open : tx.clientSessions.save(open, { instanceId });
  const id = tx.ids.next('clientSession');
  return tx.clientSessions.insert({
    id,
    createdAt: tx.now,
    sessionId,
    userId: session.userId,
    clientId,
    instanceId,
    sid: id,
    endedAt: null,
  });
}
