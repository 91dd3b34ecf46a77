import { DomainError } from '../../shared/errors.js';
import type { Client } from '../model.js';
import { judgeSignIn, type SignInVerdict } from './judge-sign-in.js';
import { recordClientSession } from './record-client-session.js';

export interface CompleteLogin {
  readonly sessionId: string;
  readonly client: Pick<Client, 'clientId' | 'applicationId' | 'instanceId'>;
  readonly sid: string;
}

type CompleteLoginUnit = Parameters<typeof recordClientSession>[0] & Parameters<typeof judgeSignIn>[0];

/**
 * The last step of signing in to an application: judges whether the person may, and remembers the sign-in when so.
 * Throws `session_ended` when the hub's own session is not live.
 */
export async function completeLogin(tx: CompleteLoginUnit, input: CompleteLogin): Promise<SignInVerdict> {
  const { sessionId, client, sid } = input;
  const session = await tx.sessions.lock(sessionId);
  if (!session) throw new DomainError('session_ended');
  const verdict = await judgeSignIn(tx, { userId: session.userId, client, preferInstanceId: session.instanceId });
  if (verdict.allowed) {
    await recordClientSession(tx, { sessionId, clientId: client.clientId, sid, instanceId: verdict.instanceId });
  }
  return verdict;
}
