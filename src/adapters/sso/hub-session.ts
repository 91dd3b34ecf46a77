import type { Session, User } from '../../core/identity/index.js';
import { isLiveUser } from '../../core/identity/index.js';
import type { Lookups } from '../../core/repositories.js';
import { hashToken } from '../../platform/secrets.js';

export interface SignedIn {
  readonly session: Session;
  readonly user: User;
}

/** The live session of a browser's cookie and its person; undefined when it ended, expired, or the person is stopped. */
export async function findSignedIn(lookups: Lookups, cookie: string | undefined): Promise<SignedIn | undefined> {
  if (!cookie || cookie.length > 200) return undefined;
  const [session] = await lookups.sessions.findMany({ cookieHash: hashToken(cookie), state: 'ACTIVE' }, 1);
  if (!session || session.expiresAt <= lookups.now) return undefined;
  const user = await lookups.users.find(session.userId);
  return user && isLiveUser(user) ? { session, user } : undefined;
}
