import type { IncomingMessage } from 'node:http';
import type { Passwords, SeenStore, Throttles } from '../../core/identity/index.js';
import type { Readers } from '../../core/readers.js';
import type { Units } from '../../core/repositories.js';
import type { Clock, Instant } from '../../core/shared/clock.js';
import type { Keyring } from '../../platform/keyring.js';
import type { Logger } from '../../platform/logger.js';
import type { Mailer } from '../../platform/mailer.js';
import type { Fetch } from '../../platform/outbound.js';

/** What oidc-provider stores: one row per artifact, found by model name and id. */
export interface OpenIdStore {
  /** `expiresIn` in seconds; rows past it may be gone. */
  upsert(model: string, id: string, payload: Record<string, unknown>, expiresIn: number): Promise<void>;
  find(model: string, id: string): Promise<Record<string, unknown> | undefined>;
  findByUid(model: string, uid: string): Promise<Record<string, unknown> | undefined>;
  findByUserCode(model: string, userCode: string): Promise<Record<string, unknown> | undefined>;
  /** Marks it used; from then on `find` answers it with a `consumed` time. */
  consume(model: string, id: string): Promise<void>;
  destroy(model: string, id: string): Promise<void>;
  /** Deletes every artifact of the grant, whatever its model. */
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
  insert(key: SigningKey): Promise<void>;
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

export interface SsoPorts {
  /** Origin without a trailing slash. */
  readonly publicUrl: string;
  readonly units: Units;
  readonly readers: Pick<Readers, 'chainsOfUser'>;
  readonly openIds: OpenIdStore;
  readonly signingKeys: SigningKeyStore;
  readonly seen: SeenStore;
  readonly throttles: Throttles;
  readonly passwords: Passwords;
  readonly keyring: Pick<Keyring, 'hmac'>;
  readonly clock: Clock;
  readonly fetch: Fetch;
  readonly mailer: Pick<Mailer, 'send'>;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Compares a client's secret with what is stored of it, in constant time. */
  verifyClientSecret(secretHash: string, secret: string): boolean;
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
