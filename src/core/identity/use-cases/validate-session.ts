import type { Unit } from '../../repositories.js';
import type { Instant } from '../../shared/clock.js';
import { whyNotUsable } from './issue-marketplace-login.js';

export interface SessionValidity {
  readonly valid: boolean;
  /** null for a session this channel does not know. */
  readonly expiresAt: Instant | null;
}

/** Is the session of this handle signed in, in time and its chain usable? False before its sign-in URL was used. */
export async function validateSession(
  tx: Pick<Unit, 'now' | 'sessions' | 'instances' | 'chains'>,
  input: { handleHash: string; channelId: string },
): Promise<SessionValidity> {
  const { handleHash, channelId } = input;
  const [session] = handleHash === '' ? [] : await tx.sessions.findMany({ handleHash, channelId }, 1);
  if (!session) return { valid: false, expiresAt: null };
  const live = session.state === 'ACTIVE' && session.expiresAt > tx.now;
  const usable = live && (await whyNotUsable(tx, session.userId, session.instanceId)) === undefined;
  return { valid: usable, expiresAt: session.expiresAt };
}
