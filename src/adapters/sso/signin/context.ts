import type { AuthenticatePassword } from '../../../core/identity/index.js';
import type { CookieNames } from '../cookies.js';
import type { SignedIn } from '../hub-session.js';
import type { Runner } from '../person-unit.js';
import type { SsoPorts } from '../ports.js';
import type { ChangeTickets } from './change-ticket.js';
import type { Csrf } from './csrf.js';
import type { PageRequest } from './exchange.js';
import type { KnownBrowsers } from './known-browser.js';

/** What every sign-in page works with. */
export interface SignInContext {
  readonly ports: SsoPorts;
  readonly runner: Runner;
  readonly names: CookieNames;
  readonly csrf: Csrf;
  readonly changeTickets: ChangeTickets;
  readonly knownBrowsers: KnownBrowsers;
  readonly authenticate: AuthenticatePassword;
  /** Who this browser is signed in as. */
  signedIn(request: PageRequest): Promise<SignedIn | undefined>;
  /** The same without asking a marketplace that vouched: for replacing or ending the session. */
  browserSession(request: PageRequest): Promise<SignedIn | undefined>;
  /** The person proved again who they are: `auth_time` of this session is now. */
  touchLogin(sessionId: string): Promise<void>;
}

/** How a person is shown to themself and beside others. */
export function nameOf(signedIn: SignedIn, email?: string): string {
  return signedIn.user.displayName || email || signedIn.user.id;
}
