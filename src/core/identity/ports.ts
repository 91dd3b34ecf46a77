import type { RaisedAlarm } from '../alarms/index.js';
import type { Instant } from '../shared/clock.js';
import type { Repository } from '../shared/repository.js';
import type {
  Client,
  ClientSession,
  IdentityProvider,
  LoginToken,
  Membership,
  Session,
  User,
  UserEmail,
} from './model.js';

export interface RevocationTarget {
  /** An instance: by its traffic password. */
  readonly kind: 'user' | 'client' | 'session' | 'serviceAccount' | 'instance';
  readonly id: string;
  /**
   * Only what was granted to these OAuth clients (`Client.clientId`); absent = everything of the target; empty = nothing is
   * deleted, but what processes cached about the target is dropped (its roles or level changed).
   */
  readonly clientIds?: readonly string[];
}

/** OpenID artifacts: codes, tokens, grants, provider sessions. */
export interface TokenRevocations {
  /**
   * Deletes what was issued to the target and writes a row to `revocations`, which every process polls each 250 ms to drop
   * what it cached (docs/design.md 10.18).
   */
  revoke(target: RevocationTarget): Promise<void>;
  /** The same for many, in few statements. */
  revokeAll(targets: readonly RevocationTarget[]): Promise<void>;
}

export interface IdentityRepositories {
  readonly users: Repository<User>;
  readonly userEmails: Repository<UserEmail>;
  readonly memberships: Repository<Membership>;
  readonly loginTokens: Repository<LoginToken>;
  readonly sessions: Repository<Session>;
  readonly clientSessions: Repository<ClientSession>;
  readonly clients: Repository<Client>;
  readonly identityProviders: Repository<IdentityProvider>;
  readonly tokenRevocations: TokenRevocations;
}

/** argon2id off the event loop; bounded, throws `busy` when too much is waiting. */
export interface Passwords {
  hash(password: string): Promise<string>;
  /**
   * With `null` (unknown person) does the same work and answers false. `ahead`: others who wait, however many, do not hold it up;
   * for callers who cannot come often.
   */
  verify(hash: string | null, password: string, turn?: { readonly ahead?: boolean }): Promise<boolean>;
}

export interface ThrottleRule {
  /** Failures allowed inside the window. */
  readonly limit: number;
  readonly windowMs: number;
  readonly blockMs: number;
}

/** Rows in the shared database, outside any unit of work, so that a refused command still counts. */
export interface Throttles {
  /** When the block on this key ends; null when there is none. */
  blockedUntil(key: string): Promise<Instant | null>;
  /**
   * Counts a failure and blocks the key when the rule says so. Returns the end of the block it caused, or null. `told` is the
   * alarm such a block is, until it ends (`tellOfBlocks`).
   */
  fail(key: string, rule: ThrottleRule, told?: RaisedAlarm): Promise<Instant | null>;
  clear(key: string): Promise<void>;
}

/** Replay state: the first to add a hash wins, on every process that shares the database. */
export interface SeenStore {
  add(kind: string, hash: string, expiresAt: Instant): Promise<boolean>;
}
