import type { Passwords, SeenStore, Throttles } from '../../identity/index.js';
import type { Actor } from '../../shared/actor.js';
import { type Clock, type Instant, minute, shift, toMilliseconds } from '../../shared/clock.js';
import { DomainError } from '../../shared/errors.js';
import type { LoginTicket, ServiceAccount } from '../model.js';
import type { FoundAccount, ServiceAccountLookup } from '../ports.js';
import { accountThrottleKey, countAccountFailure } from './account-throttle.js';
import { subjectHash } from './bind-certificate.js';
import { hasTicketEnded } from './login-ticket.js';

export type ServiceCredential =
  | { readonly kind: 'text'; readonly username: string; readonly password: string }
  | {
      readonly kind: 'digest';
      readonly username: string;
      /** Base64, as received. */
      readonly digest: string;
      readonly nonce: string;
      readonly created: string;
    }
  | {
      /** A message signed with the key of a certificate; signature, validity and chain are verified already. */
      readonly kind: 'certificate';
      /** SHA-256 of the certificate, lower-case hex. */
      readonly fingerprint: string;
      /** RFC 4514. */
      readonly subject: string;
      /** One of the channel's trust anchors vouches for it. */
      readonly chained: boolean;
      /** Of this very message: a second one with the same is a replay. */
      readonly replayKey: string;
      /** How long a replay would be accepted otherwise. */
      readonly replayUntil: Instant;
    }
  | {
      readonly kind: 'ticket';
      readonly ticket: string;
      /** When the caller names itself too, it must be the ticket's account. */
      readonly username?: string;
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

/** The account that calls, and the password change its proof holds for. */
export type ProvenAccount = Extract<Actor, { kind: 'serviceAccount' }> & { readonly credentialVersion: number };

const digestWindowMs = 5 * minute;

/**
 * Who calls us on a channel? Address list before password; the same answer and the same work for an unknown name and a wrong
 * password. Accounts of a tenant that is not approved yet, or deleted, are refused like unknown ones.
 * Errors: authentication_failed, throttled, busy, session_ended (a ticket that expired or was destroyed).
 */
export function authenticateServiceAccount(ports: AuthenticateServiceAccountPorts) {
  return async (
    channelId: string,
    credential: ServiceCredential | undefined,
    address: string,
    options: { readonly loopbackWithoutList?: boolean } = {},
  ): Promise<ProvenAccount> => {
    const throttleKey = accountThrottleKey(channelId, address);
    const fail = async (named?: ServiceAccount): Promise<never> => {
      await countAccountFailure(ports.throttles, { channelId, address, username: named?.username });
      throw new DomainError('authentication_failed');
    };
    if (credential === undefined) throw new DomainError('authentication_failed');
    const seen = await look(ports, channelId, credential, throttleKey);
    const { account, admitted, blockedUntil, ticket } = seen;
    const now = ports.clock.now();
    if (blockedUntil !== null && blockedUntil > now) {
      const wait = Math.ceil((toMilliseconds(blockedUntil) - toMilliseconds(now)) / 1000);
      throw new DomainError('throttled', { retryAfterSeconds: wait });
    }
    if (account !== undefined && !fromListedAddress(ports, account, address, options)) return fail(account);
    if (!(await proves(ports, account, credential)) || account === undefined) return fail(account);
    if (account.disabledAt !== null || account.lockedAt !== null || !admitted) return fail(account);
    if (ticket !== undefined) {
      if (hasTicketEnded(ticket, now)) throw new DomainError('session_ended');
      if (shift(ticket.lastUsedAt, minute) <= now) await ports.lookup.touchTicket(ticket.id);
    }
    return provenAccount(account);
  };
}

export function provenAccount(account: ServiceAccount): ProvenAccount {
  return {
    kind: 'serviceAccount',
    serviceAccountId: account.id,
    username: account.username,
    channelId: account.channelId,
    tenantId: account.tenantId,
    level: account.level,
    credentialVersion: account.credentialVersion,
  };
}

async function look(
  { lookup, hash }: AuthenticateServiceAccountPorts,
  channelId: string,
  credential: ServiceCredential,
  throttleKey: string,
): Promise<FoundAccount & { readonly ticket?: LoginTicket | undefined }> {
  switch (credential.kind) {
    case 'ticket':
      return lookup.findByTicket(channelId, hash(credential.ticket), throttleKey);
    case 'certificate': {
      const { fingerprint, subject, chained } = credential;
      return lookup.findByCertificate(
        channelId,
        [fingerprint, ...(chained ? [subjectHash(hash, subject)] : [])],
        throttleKey,
      );
    }
    default:
      return lookup.find(channelId, credential.username, throttleKey);
  }
}

/** No list: any address, or this machine only. */
export function fromListedAddress(
  ports: Pick<AuthenticateServiceAccountPorts, 'addressMatches' | 'isLoopback'>,
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
  if (account === undefined && credential.kind !== 'digest') return false;
  const now = ports.clock.now();
  if (credential.kind === 'ticket') {
    return credential.username === undefined || credential.username === account?.username;
  }
  if (credential.kind === 'certificate') {
    // Found by what only the holder of the key can show; what is left to prove is that it is shown for the first time.
    return ports.seen.add('wsse-signature', ports.hash(credential.replayKey), credential.replayUntil);
  }
  const { nonce, created } = credential;
  const distance = Math.abs(momentOf(created) - toMilliseconds(now));
  if (!(distance <= digestWindowMs) || nonce.length < 8 || nonce.length > 512) return false;
  if (account === undefined || account.soapSecret === '') return false;
  if (!ports.digestMatches(account.soapSecret, credential)) return false;
  // Only after the digest is right, so that strangers cannot fill the store; insert wins, on every process.
  return ports.seen.add('wsse-nonce', ports.hash(`${account.id}\n${nonce}`), shift(now, 2 * digestWindowMs));
}

/** Zone-less times are UTC (docs/design.md 10.11), whatever zone this process runs in. */
function momentOf(created: string): number {
  return toMilliseconds(/(?:Z|[+-]\d\d:?\d\d)$/i.test(created) ? created : `${created}Z`);
}
