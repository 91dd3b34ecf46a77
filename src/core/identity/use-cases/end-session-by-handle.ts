import type { Unit } from '../../repositories.js';
import { endSessions } from './end-sessions.js';

/** Ends the session a marketplace knows by its handle; a handle of another channel is an unknown one. Unknown → 0. */
export async function endSessionByHandle(
  tx: Pick<Unit, 'sessions'> & Parameters<typeof endSessions>[0],
  input: { handleHash: string; channelId: string; reason: string },
): Promise<number> {
  const { handleHash, channelId, reason } = input;
  if (handleHash === '') return 0;
  const [session] = await tx.sessions.findMany({ handleHash, channelId }, 1);
  return session ? endSessions(tx, { sessionId: session.id, reason }) : 0;
}
