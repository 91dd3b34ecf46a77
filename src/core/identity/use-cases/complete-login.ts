import { DomainError } from '../../shared/errors.js';
import type { Client } from '../model.js';
import { judgeSignIn, type SignInVerdict } from './judge-sign-in.js';
import { recordClientSession } from './record-client-session.js';

export interface CompleteLogin {
  readonly sessionId: string;
  readonly client: Pick<Client, 'clientId' | 'applicationId' | 'instanceId'>;
}

export type CompletedLogin =
  | (Extract<SignInVerdict, { allowed: true }> & { readonly sid: string })
  | Extract<SignInVerdict, { allowed: false }>;

type CompleteLoginUnit = Parameters<typeof recordClientSession>[0] & Parameters<typeof judgeSignIn>[0];

/**
 * The last step of signing in to an application: judges whether the person may, and remembers the sign-in when so.
 * Throws `session_ended` when the hub's own session is not live.
 */
export async function completeLogin(tx: CompleteLoginUnit, input: CompleteLogin): Promise<CompletedLogin> {
  const { sessionId, client } = input;
  const session = await tx.sessions.lock(sessionId);
  if (!session) throw new DomainError('session_ended');
  const verdict = await judgeSignIn(tx, { userId: session.userId, client, preferInstanceId: session.instanceId });
  if (!verdict.allowed) return verdict;
  const { instanceId } = verdict;
  const signIn = await recordClientSession(tx, { sessionId, clientId: client.clientId, instanceId });
  return { ...verdict, sid: signIn.sid };
}
