import type { Account, AccountClaims, KoaContextWithOIDC } from 'oidc-provider';
import { type Client, claimsOf, isLiveUser, judgeSignIn } from '../../../core/identity/index.js';
import type { Lookups } from '../../../core/repositories.js';
import type { SsoPorts } from '../ports.js';

/** Which claims a scope brings. `tenant`, `roles` and `entitlements` come with every sign-in (docs/design.md 5). */
export const claimsByScope = {
  openid: ['sub', 'tenant', 'roles', 'entitlements'],
  email: ['email', 'email_verified'],
  profile: ['name', 'given_name', 'family_name', 'locale'],
};

/**
 * The person behind a session or token. Wherever a token is used or exchanged, the person must still be allowed to use the
 * client: a revocation that is on its way cannot be outrun.
 */
export function createFindAccount({ readers, lookups }: Pick<SsoPorts, 'readers' | 'lookups'>) {
  return async (ctx: KoaContextWithOIDC, userId: string, token?: unknown): Promise<Account | undefined> => {
    const clientId = ctx.oidc.client?.clientId;
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
  const email = emails.find((e) => e.primary && e.verifiedKey !== null) ?? emails.find((e) => e.verifiedKey !== null);
  const claims = await claimsOf(lookups, { userId, client: client ?? unbound, tenantId: '', chains });
  return {
    sub: userId,
    ...(user && {
      name: user.displayName,
      given_name: user.givenName,
      family_name: user.familyName,
      ...(user.locale !== '' && { locale: user.locale }),
    }),
    ...(email && { email: email.email, email_verified: true }),
    ...claims,
  };
}
