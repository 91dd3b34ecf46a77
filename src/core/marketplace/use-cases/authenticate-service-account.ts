import type { Passwords, SeenStore, ThrottleRule, Throttles } from '../../identity/index.js';
import type { Actor } from '../../shared/actor.js';
import { type Clock, minute, shift, toMilliseconds } from '../../shared/clock.js';
import { DomainError } from '../../shared/errors.js';
import type { ServiceAccount } from '../model.js';
import type { ServiceAccountLookup } from '../ports.js';

export type ServiceCredential =
  | { readonly kind: 'text'; readonly username: string; readonly password: string }
  | {
      readonly kind: 'digest';
      readonly username: string;
      /** Base64, as received. */
      readonly digest: string;
      readonly nonce: string;
      readonly created: string;
    };

export interface AuthenticateServiceAccountPorts {
  readonly lookup: ServiceAccountLookup;
  readonly throttles: Throttles;
  readonly seen: SeenStore;
  readonly clock: Clock;
  /** Verifies, remembering successes for a minute under (account, credential version, password). */
  readonly passwords: Pick<Passwords, 'verify'> & {
    verifyCached(
      account: { id: string; credentialVersion: number; passwordHash: string },
      password: string,
    ): Promise<boolean>;
  };
  readonly addressMatches: (address: string, list: readonly string[]) => boolean;
  readonly isLoopback: (address: string) => boolean;
  /** Base64(SHA-1(nonce + created + secret)), compared in constant time (WSS UsernameToken profile 1.1). */
  readonly digestMatches: (secret: string, credential: { nonce: string; created: string; digest: string }) => boolean;
  readonly hash: (text: string) => string;
}

/** 10 failures in 5 minutes from one address → 15 minutes refusal of that address (spec NEC 4.9). */
export const addressRule: ThrottleRule = { limit: 10, windowMs: 5 * minute, blockMs: 15 * minute };
export const digestWindowMs = 5 * minute;

/**
 * Who calls us on a channel? Address list before password; the same answer and the same work for an unknown name and a wrong
 * password. Errors: authentication_failed, throttled, busy.
 */
export function authenticateServiceAccount(ports: AuthenticateServiceAccountPorts) {
  return async (
    channelId: string,
    credential: ServiceCredential | undefined,
    address: string,
    options: { readonly loopbackWithoutList?: boolean } = {},
  ): Promise<Extract<Actor, { kind: 'serviceAccount' }>> => {
    const throttleKey = `service-account:${channelId}:${address}`;
    const fail = async (): Promise<never> => {
      await ports.throttles.fail(throttleKey, addressRule);
      throw new DomainError('authentication_failed');
    };
    if (credential === undefined) throw new DomainError('authentication_failed');
    const { account, blockedUntil } = await ports.lookup.find(channelId, credential.username, throttleKey);
    const now = ports.clock.now();
    if (blockedUntil !== null && blockedUntil > now) {
      const wait = Math.ceil((toMilliseconds(blockedUntil) - toMilliseconds(now)) / 1000);
      throw new DomainError('throttled', { retryAfterSeconds: wait });
    }
    if (account !== undefined && !fromListedAddress(ports, account, address, options)) return fail();
    if (!(await proves(ports, account, credential)) || account === undefined) return fail();
    if (account.disabledAt !== null || account.lockedAt !== null) return fail();
    return {
      kind: 'serviceAccount',
      serviceAccountId: account.id,
      username: account.username,
      channelId,
      tenantId: account.tenantId,
      level: account.level,
    };
  };
}

function fromListedAddress(
  ports: AuthenticateServiceAccountPorts,
  account: ServiceAccount,
  address: string,
  options: { readonly loopbackWithoutList?: boolean },
): boolean {
  if (account.addresses !== null) return ports.addressMatches(address, account.addresses);
  return options.loopbackWithoutList === true ? ports.isLoopback(address) : true;
}

async function proves(
  ports: AuthenticateServiceAccountPorts,
  account: ServiceAccount | undefined,
  credential: ServiceCredential,
): Promise<boolean> {
  if (credential.kind === 'text') {
    if (account === undefined) return ports.passwords.verify(null, credential.password);
    return ports.passwords.verifyCached(account, credential.password);
  }
  const { nonce, created } = credential;
  const now = ports.clock.now();
  const distance = Math.abs(toMilliseconds(created) - toMilliseconds(now));
  if (!(distance <= digestWindowMs) || nonce.length < 8 || nonce.length > 512) return false;
  if (account === undefined || account.soapSecret === '') return false;
  if (!ports.digestMatches(account.soapSecret, credential)) return false;
  // Only after the digest is right, so that strangers cannot fill the store; insert wins, on every process.
  return ports.seen.add('wsse-nonce', ports.hash(`${account.id}\n${nonce}`), shift(now, 2 * digestWindowMs));
}
