import type { OpenPasswordSession, Session } from '../../../core/identity/index.js';
import type { Unit } from '../../../core/repositories.js';
import { hashToken, randomToken } from '../../../platform/secrets.js';
import { setCookie } from '../cookies.js';
import { lifetimesOf } from '../ports.js';
import type { ChangeTicket } from './change-ticket.js';
import type { SignInContext } from './context.js';
import type { PageRequest } from './exchange.js';

type Open = (tx: Unit, input: OpenPasswordSession) => Promise<Session | undefined>;

/**
 * The cookie of a session that `open` starts, or undefined when it starts none. It is new at every sign-in: one an attacker
 * planted before never becomes a session.
 */
export async function openSession(
  context: SignInContext,
  request: PageRequest,
  { userId, credentialVersion, method }: ChangeTicket & Pick<OpenPasswordSession, 'method'>,
  open: Open,
): Promise<string | undefined> {
  const { ports, runner, names } = context;
  const before = await context.signedIn(request);
  const cookie = randomToken();
  const ttl = lifetimesOf(ports).session;
  const input: OpenPasswordSession = {
    userId,
    credentialVersion,
    cookieHash: hashToken(cookie),
    ttlMs: ttl * 1_000,
    ...(before && { replaces: before.session.id }),
    ...(method && { method }),
  };
  const address = ports.addressOf(request.raw);
  const session = await runner.asPerson(userId, 'sso.signIn', (tx) => open(tx, input), { address });
  if (!session) return undefined;
  await context.touchLogin(session.id);
  return setCookie(names, names.session, cookie, ttl);
}
