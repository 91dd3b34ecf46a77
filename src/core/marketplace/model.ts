import type { Instant } from '../shared/clock.js';

export const protocols = ['prm', 'nec', 'kakapo', 'maestrano'] as const;
export type Protocol = (typeof protocols)[number];

/** One configured connection to one marketplace. */
export interface Channel {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Instant;
  readonly name: string;
  readonly protocol: Protocol;
  /** Validated by the protocol; encrypted at rest because some settings are secrets. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Order of configuration, from 1: the fixed paths serve the first channel of a protocol. */
  readonly position: number;
  readonly disabledAt: Instant | null;
  /**
   * What the marketplace itself says about the connection, for protocols that ask it: read from its directory and kept, so that the
   * hub starts while the directory is down. Encrypted at rest; null = never read, or a protocol that asks nobody.
   */
  readonly discovered: Readonly<Record<string, unknown>> | null;
  /** When `discovered` was last confirmed, to the hour. */
  readonly discoveredAt: Instant | null;
  /** Since when the directory does not list this marketplace any more: nobody signs in through it, what it says is still obeyed. */
  readonly suspendedAt: Instant | null;
}

/** Work a protocol does later: queued with the command that asks for it, carried out by the worker at least once. */
export interface ChannelTask {
  readonly id: string;
  readonly createdAt: Instant;
  readonly channelId: string;
  /** The protocol's own word for what is to be done. */
  readonly kind: string;
  /** Our id of what it is about, or ''. */
  readonly subjectId: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly dueAt: Instant;
  /** Tries that failed. */
  readonly attempts: number;
  /** '' while nobody works on it. */
  readonly leaseOwner: string;
  readonly leasedUntil: Instant | null;
  /** Given up until an operator lets it be tried again. */
  readonly parkedAt: Instant | null;
  readonly lastError: string;
}

/** Machine credential a marketplace calls us with. */
export interface ServiceAccount {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Instant;
  readonly channelId: string;
  readonly username: string;
  readonly passwordHash: string;
  /** Counts password changes: part of every credential cache key. */
  readonly credentialVersion: number;
  /** Secret for PasswordDigest, encrypted at rest; '' = digest not allowed. */
  readonly soapSecret: string;
  /** null = not gated by level (NEC, or an account of a tenant). */
  readonly level: number | null;
  readonly tenantId: string | null;
  /** CIDR list; null = any address. */
  readonly addresses: readonly string[] | null;
  readonly lockedAt: Instant | null;
  readonly disabledAt: Instant | null;
  /** '0' while live; its own id once it ended with its tenant, which frees the username. */
  readonly liveKey: string;
}

export const certificateKinds = ['fingerprint', 'subject'] as const;
export type CertificateKind = (typeof certificateKinds)[number];

/** A certificate by which calls are signed in an account's name; unique by (channelId, valueHash). */
export interface AccountCertificate {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Instant;
  readonly channelId: string;
  readonly serviceAccountId: string;
  /** `fingerprint`: this very certificate. `subject`: any of this name that one of the channel's trust anchors vouches for. */
  readonly kind: CertificateKind;
  /** SHA-256 in hex: the certificate's own, or of the subject's text; its own id once it is unbound. */
  readonly valueHash: string;
  /** What people see: the fingerprint, or the subject (RFC 4514). */
  readonly name: string;
}

export const loginOutcomes = [
  'succeeded',
  'wrongPassword',
  'addressNotListed',
  'accountLocked',
  'accountDisabled',
  'locked',
  'unlocked',
] as const;
/**
 * How an interface user's log-in ended. `accountDisabled`: it is switched off, or its tenant is not admitted. `locked` and
 * `unlocked` are no log-ins: somebody did that by hand.
 */
export type LoginOutcome = (typeof loginOutcomes)[number];
export const loginFailures = [
  'wrongPassword',
  'addressNotListed',
  'accountLocked',
  'accountDisabled',
] as const satisfies readonly LoginOutcome[];

/**
 * A line of an account's login history: what happened in one way from one address within a minute (successes: within an hour),
 * counted. Successes are those for which the password was verified; what a process remembers for a minute is not told again.
 */
export interface AccountLogin {
  readonly id: string;
  readonly serviceAccountId: string;
  readonly outcome: LoginOutcome;
  /** Canonical; '' when there was none. */
  readonly address: string;
  /** Who locked or unlocked it; '' for log-ins. */
  readonly by: string;
  readonly firstAt: Instant;
  readonly lastAt: Instant;
  readonly times: number;
}

/** A legacy session of a service account; only the SHA-256 of the ticket is stored. */
export interface LoginTicket {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Instant;
  readonly channelId: string;
  readonly serviceAccountId: string;
  readonly ticketHash: string;
  readonly lastUsedAt: Instant;
  readonly expiresAt: Instant;
  readonly endedAt: Instant | null;
}

export const refKinds = ['tenant', 'user', 'instance', 'application', 'subscription', 'signInName', 'record'] as const;
/**
 * `signInName`: by which a person of the channel signs in to the hub's own pages. `record`: what the channel shares as data, be it a
 * person, a tenant or a channel record here.
 */
export type RefKind = (typeof refKinds)[number];

/** A channel's own id for one of ours, byte-exact; unique by (channelId, kind, parentId, externalId, liveKey). */
export interface ExternalRef {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Instant;
  readonly channelId: string;
  readonly kind: RefKind;
  /** Our id of the containing object, or ''. */
  readonly parentId: string;
  readonly externalId: string;
  readonly targetId: string;
  /** '0' while live; its own id once the external id is free again. */
  readonly liveKey: string;
}

/**
 * What a protocol has and the model has no word for; unique by (channelId, kind, parentId, externalId, liveKey). One without a
 * tenant is the protocol's own bookkeeping.
 */
export interface ChannelRecord {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Instant;
  readonly channelId: string;
  readonly kind: string;
  /** Our id of the containing object, another record among them, or ''. */
  readonly parentId: string;
  readonly externalId: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Whose it is: that tenant's people see it; '' = the channel's. */
  readonly tenantId: string;
  readonly endedAt: Instant | null;
  /** '0' while live; its own id once it has ended and the external id is free again. */
  readonly liveKey: string;
}

/** Where the hub tells somebody about events, signed the Standard Webhooks way. */
export interface Webhook {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Instant;
  /** '' = all tenants (the operator's). */
  readonly tenantId: string;
  readonly url: string;
  /** `whsec_…`, encrypted at rest. */
  readonly secret: string;
  /** Event types, or prefixes ending in `.*`. */
  readonly events: readonly string[];
  readonly disabledAt: Instant | null;
}
