import { createHash } from 'node:crypto';
import type { Passwords, SeenStore, Throttles } from '../core/identity/index.js';
import {
  authenticateInterfaceUser,
  authenticateServiceAccount,
  type ServiceAccountLookup,
} from '../core/marketplace/index.js';
import type { Units } from '../core/repositories.js';
import type { Clock } from '../core/shared/clock.js';
import { isLoopback, parseAddressList } from '../platform/address.js';
import { createBoundedCache } from '../platform/bounded-cache.js';
import type { CredentialCache } from '../platform/credential-cache.js';
import { constantTimeEqual, hashToken } from '../platform/secrets.js';

export interface ServiceAccountWiring {
  readonly lookup: ServiceAccountLookup;
  readonly passwords: Passwords;
  readonly credentials: CredentialCache;
  readonly throttles: Throttles;
  readonly seen: SeenStore;
  readonly clock: Clock;
}

/** The core's authentication of service accounts with the technical parts it asks for. */
export function wireServiceAccounts({ credentials, passwords, ...ports }: ServiceAccountWiring) {
  return authenticateServiceAccount({
    ...ports,
    addressMatches: createAddressMatcher(),
    isLoopback,
    passwords: {
      verify: passwords.verify,
      verifyCached: (account, password) =>
        credentials.verify({ accountId: account.id, version: account.credentialVersion, password }, () =>
          passwords.verify(account.passwordHash, password),
        ),
    },
    digestMatches: (secret, { nonce, created, digest }) =>
      // SHA-1 is what WSS UsernameToken profile 1.1 section 3.1 defines; the secret is a generated one.
      constantTimeEqual(
        createHash('sha1').update(Buffer.from(nonce, 'base64')).update(created).update(secret).digest(),
        Buffer.from(digest, 'base64'),
      ),
    hash: hashToken,
  });
}

export type InterfaceUserWiring = Omit<ServiceAccountWiring, 'seen'> & { readonly units: Units };

/** The same for accounts that lock at the first failure. */
export function wireInterfaceUsers({ credentials, ...ports }: InterfaceUserWiring) {
  return authenticateInterfaceUser({
    ...ports,
    addressMatches: createAddressMatcher(),
    isLoopback,
    remembered: (account, password, prove) =>
      credentials.verify({ accountId: account.id, version: account.credentialVersion, password }, prove),
  });
}

/** Lists are parsed once: they are looked at on every call. */
function createAddressMatcher(): (address: string, list: readonly string[]) => boolean {
  const lists = createBoundedCache<string, ReturnType<typeof parseAddressList>>({ max: 1_000, ttl: 3_600_000 });
  return (address, list) => {
    const key = list.join();
    let parsed = lists.get(key);
    if (parsed === undefined) {
      parsed = parseAddressList(list);
      lists.set(key, parsed);
    }
    return parsed.contains(address);
  };
}
