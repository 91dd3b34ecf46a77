import type { Session, User } from '../../core/identity/index.js';
import { isLiveUser } from '../../core/identity/index.js';
import type { Lookups } from '../../core/repositories.js';
import { hashToken } from '../../platform/secrets.js';
import type { Vouching } from './recheck.js';

export interface SignedIn {
  readonly session: Session;
  readonly user: User;
}

/**
 * Who the browser of this cookie is signed in as; undefined when the session ended, expired, the marketplace that vouched for it
 * no longer does, or the person is stopped.
 */
export async function findSignedIn(
  lookups: Lookups,
  vouching: Pick<Vouching, 'ensure'>,
  cookie: string | undefined,
): Promise<SignedIn | undefined> {
  const found = await findBrowserSession(lookups, cookie);
  const session = found && (await vouching.ensure(found.session));
  return found && session && { ...found, session };
}

/** The same without asking whoever vouched: for replacing or ending a session, not for using it. */
export async function findBrowserSession(lookups: Lookups, cookie: string | undefined): Promise<SignedIn | undefined> {
  if (!cookie || cookie.length > 200) return undefined;
  const [session] = await lookups.sessions.findMany({ cookieHash: hashToken(cookie), state: 'ACTIVE' }, 1);
  if (!session || session.expiresAt <= lookups.now) return undefined;
  const user = await lookups.users.find(session.userId);
  return user && isLiveUser(user) ? { session, user } : undefined;
}
