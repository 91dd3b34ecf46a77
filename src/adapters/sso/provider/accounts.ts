import type { Account, AccountClaims, KoaContextWithOIDC } from 'oidc-provider';
import { type Client, claimsOf, isLiveUser, judgeSignIn, type UserEmail } from '../../../core/identity/index.js';
import type { Lookups } from '../../../core/repositories.js';
import type { SsoPorts } from '../ports.js';
import type { Vouching } from '../recheck.js';

/** Which claims a scope brings. `tenant`, `roles` and `entitlements` come with every sign-in (docs/design.md 5). */
export const claimsByScope = {
  openid: ['sub', 'tenant', 'roles', 'entitlements'],
  email: ['email', 'email_verified'],
  profile: ['name', 'given_name', 'family_name', 'locale'],
};

/**
 * The person behind a session or token. Wherever a token is used or exchanged, the person must still be allowed to use the
 * client, and a marketplace that vouched for the sign-in must still do: a revocation that is on its way cannot be outrun.
 */
export function createFindAccount(
  { readers, lookups }: Pick<SsoPorts, 'readers' | 'lookups'>,
  vouching: Pick<Vouching, 'ensureToken'>,
) {
  return async (ctx: KoaContextWithOIDC, userId: string, token?: unknown): Promise<Account | undefined> => {
    const clientId = ctx.oidc.client?.clientId;
    if (token !== undefined && !(await vouching.ensureToken(sessionOf(token)))) return undefined;
    const user = await lookups.users.find(userId);
    if (!user || !isLiveUser(user)) return undefined;
    const client = clientId === undefined ? undefined : await lookups.clients.findOne({ clientId });
    if (token !== undefined && client) {
      const verdict = await judgeSignIn(lookups, { userId, client, preferInstanceId: '' });
      if (!verdict.allowed) return undefined;
    }
    return { accountId: userId, claims: () => readClaims(readers, lookups, userId, client) };
  };
}

/** The hub's session a token came from, as every token of a person names it; undefined for a machine's. */
export function sessionOf(token: unknown): unknown {
  return (token as { readonly sessionUid?: unknown }).sessionUid;
}

const unbound = { applicationId: '', instanceId: '' };

async function readClaims(
  readers: SsoPorts['readers'],
  lookups: Lookups,
  userId: string,
  client: Client | undefined,
): Promise<AccountClaims> {
  const [chains, user, emails] = await Promise.all([
    readers.chainsOfUser.load(userId),
    lookups.users.find(userId),
    lookups.userEmails.findMany({ userId }),
  ]);
  const verified =
    emails.find((e) => e.primary && e.verifiedKey !== null) ?? emails.find((e) => e.verifiedKey !== null);
  const email = verified?.email ?? (await unverifiedEmail(lookups, userId, emails));
  const claims = await claimsOf(lookups, { userId, client: client ?? unbound, tenantId: '', chains });
  return {
    sub: userId,
    ...(user && {
      name: user.displayName,
      given_name: user.givenName,
      family_name: user.familyName,
      ...(user.locale !== '' && { locale: user.locale }),
    }),
    ...(email !== '' && { email, email_verified: verified !== undefined }),
    ...claims,
  };
}

/** What a marketplace says of somebody whose address nobody verified; '' when it says nothing. */
async function unverifiedEmail(lookups: Lookups, userId: string, emails: readonly UserEmail[]): Promise<string> {
  const own = emails.find((e) => e.primary) ?? emails[0];
  if (own) return own.email;
  const memberships = await lookups.memberships.findMany({ userId, terminatedAt: null });
  return memberships.find(({ email, holds }) => email !== '' && holds.length === 0)?.email ?? '';
}
