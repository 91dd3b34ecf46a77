import type { Session, User } from '../../core/identity/index.js';
import { isLiveUser } from '../../core/identity/index.js';
import { hashToken } from '../../platform/secrets.js';
import type { Runner } from './person-unit.js';

export interface SignedIn {
  readonly session: Session;
  readonly user: User;
}

/** The live session of a browser's cookie and its person; undefined when it ended, expired, or the person is stopped. */
export async function findSignedIn(runner: Runner, cookie: string | undefined): Promise<SignedIn | undefined> {
  if (!cookie || cookie.length > 200) return undefined;
  return runner.asHub('sso.readSession', async (tx) => {
    const [session] = await tx.sessions.findMany({ cookieHash: hashToken(cookie), state: 'ACTIVE' }, 1);
    if (!session || session.expiresAt <= tx.now) return undefined;
    const user = await tx.users.find(session.userId);
    return user && isLiveUser(user) ? { session, user } : undefined;
  });
}
