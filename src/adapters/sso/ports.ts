import type { IncomingMessage } from 'node:http';
import type { Passwords, SeenStore, Session, Throttles } from '../../core/identity/index.js';
import type { AuthenticateTraffic } from '../../core/provisioning/index.js';
import type { Readers } from '../../core/readers.js';
import type { Lookups, Units } from '../../core/repositories.js';
import type { Clock, Instant } from '../../core/shared/clock.js';
import type { Keyring } from '../../platform/keyring.js';
import type { Logger } from '../../platform/logger.js';
import type { Mailer } from '../../platform/mailer.js';
import type { Fetch } from '../../platform/outbound.js';
import type { Recheck } from '../marketplace.js';

export type OpenIdPayload = Readonly<Record<string, unknown>>;

/** What oidc-provider stores: one row per artifact, found by model name and id. */
export interface OpenIdStore {
  upsert(model: string, id: string, payload: OpenIdPayload, expiresInSeconds?: number): Promise<void>;
  /** With `consumed` (epoch seconds) once it was consumed. */
  find(model: string, id: string): Promise<OpenIdPayload | undefined>;
  findByUid(model: string, uid: string): Promise<OpenIdPayload | undefined>;
  findByUserCode(model: string, userCode: string): Promise<OpenIdPayload | undefined>;
  /** True for the one call that consumed it: of two at once the other gets false. */
  consume(model: string, id: string): Promise<boolean>;
  destroy(model: string, id: string): Promise<void>;
  /** Everything of every model under the grant, and the grant itself. */
  revokeByGrantId(grantId: string): Promise<void>;
}

/** A private signing key; sealed where it is stored. */
export interface SigningKey {
  readonly kid: string;
  readonly algorithm: string;
  readonly jwk: Readonly<Record<string, unknown>>;
  readonly createdAt: Instant;
  /** Signs from then on; published before. */
  readonly activeFrom: Instant;
  /** Signs no more from then on, and stays published until what it signed has expired. */
  readonly retiredAt: Instant | null;
}

export interface SigningKeyStore {
  list(): Promise<SigningKey[]>;
  add(key: SigningKey): Promise<void>;
  /** Stores the key only when there is none at all: of several processes one wins. Returns what is there then. */
  ensure(key: SigningKey): Promise<SigningKey[]>;
  retire(kid: string, at: Instant): Promise<void>;
  remove(kid: string): Promise<void>;
}

/** Seconds. */
export interface SsoLifetimes {
  readonly session: number;
  readonly accessToken: number;
  readonly clientToken: number;
  readonly idToken: number;
  readonly refreshToken: number;
  readonly authorizationCode: number;
  readonly passwordLink: number;
}

/** The marketplaces that vouch for people, each asked in its own protocol. */
export interface Vouchers {
  /** Whether the marketplace still vouches for a sign-in; asks it now. undefined = it could not be asked, which ends the session. */
  recheck(session: Session): Promise<Recheck | undefined>;
  /** Where the browser goes after this session ended here; '' = nowhere. */
  signOutUrl(session: Session): Promise<string>;
  /** Where the browser begins again when the marketplace stopped vouching; '' = nowhere. */
  beginUrl(session: Session): Promise<string>;
  /** Whether this is the person's password at a marketplace; undefined = none could be asked. */
  verifyPassword(userId: string, password: string): Promise<boolean | undefined>;
}

export interface SsoPorts {
  /** Origin without a trailing slash. */
  readonly publicUrl: string;
  readonly units: Units;
  readonly readers: Pick<Readers, 'chainsOfUser'>;
  /** For everything that only asks: bearer tokens, clients, who is signed in. */
  readonly lookups: Lookups;
  readonly openIds: OpenIdStore;
  readonly signingKeys: SigningKeyStore;
  readonly throttles: Throttles;
  readonly seen: SeenStore;
  /** Ids of sessions whose re-check is due and that applications are signed in by, the longest due first. */
  dueRechecks(limit: number): Promise<readonly string[]>;
  /** Absent: no marketplace vouches for anybody here. */
  readonly vouchers?: Vouchers;
  readonly passwords: Passwords;
  readonly keyring: Pick<Keyring, 'hmac'>;
  readonly clock: Clock;
  readonly fetch: Fetch;
  readonly mailer: Pick<Mailer, 'send'>;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Compares a client's secret with what is stored of it, in constant time. */
  verifyClientSecret(secretHash: string, secret: string): boolean;
  /** An instance's traffic password, at the token endpoint. */
  readonly authenticateTraffic: AuthenticateTraffic;
  /** The caller's address, seen through trusted proxies. */
  addressOf(request: IncomingMessage): string;
  readonly lifetimes?: Partial<SsoLifetimes>;
}

export const defaultLifetimes: SsoLifetimes = {
  session: 12 * 3_600,
  accessToken: 600,
  clientToken: 300,
  idToken: 600,
  refreshToken: 14 * 24 * 3_600,
  authorizationCode: 60,
  passwordLink: 72 * 3_600,
};

export function lifetimesOf(ports: Pick<SsoPorts, 'lifetimes'>): SsoLifetimes {
  return { ...defaultLifetimes, ...ports.lifetimes };
}
