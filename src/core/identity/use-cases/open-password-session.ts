import type { Unit } from '../../repositories.js';
import type { Session, User } from '../model.js';
import { isLiveUser } from './judge-sign-in.js';
import { setPassword } from './set-password.js';
import { type StartSession, startSession } from './start-session.js';

export interface OpenPasswordSession extends Omit<StartSession, 'method'> {
  /** Where the password was right; absent = at the hub. */
  readonly method?: 'password' | 'marketplace_password';
  /** Of the password that was typed. */
  readonly credentialVersion: number;
}

type SessionUnit = Pick<Unit, 'users'> & Parameters<typeof startSession>[0];

/**
 * The session of somebody who typed the right password. Checking one takes time outside the unit: undefined when meanwhile the
 * person was stopped or the password changed, and while it is a temporary one.
 */
export async function openPasswordSession(tx: SessionUnit, input: OpenPasswordSession): Promise<Session | undefined> {
  const user = await unchanged(tx, input);
  if (!user || user.mustChangePassword) return undefined;
  const { credentialVersion: _, method = 'password', ...session } = input;
  return startSession(tx, { ...session, method });
}

/**
 * Replaces the temporary password somebody typed by one of their own and opens their session: once, and only while that
 * temporary password is the person's and the person is not stopped; undefined else.
 */
export async function replaceTemporaryPassword(
  tx: Parameters<typeof setPassword>[0] & SessionUnit,
  input: OpenPasswordSession & { readonly passwordHash: string },
): Promise<Session | undefined> {
  const user = await unchanged(tx, input);
  if (!user?.mustChangePassword) return undefined;
  const { credentialVersion: _, passwordHash, ...session } = input;
  await setPassword(tx, { userId: user.id, authority: { kind: 'self' }, passwordHash, mustChange: false });
  return startSession(tx, { ...session, method: 'password' });
}

async function unchanged(
  tx: SessionUnit,
  { userId, credentialVersion }: Pick<OpenPasswordSession, 'userId' | 'credentialVersion'>,
): Promise<User | undefined> {
  const user = await tx.users.lock(userId);
  return user && isLiveUser(user) && user.credentialVersion === credentialVersion ? user : undefined;
}
