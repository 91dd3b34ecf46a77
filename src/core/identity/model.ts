import type { Role } from '../shared/actor.js';
import type { Instant } from '../shared/clock.js';
import type { Hold } from '../shared/lifecycle.js';

/** One person, hub-wide. */
export interface User {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Instant;
  readonly givenName: string;
  readonly familyName: string;
  readonly displayName: string;
  /** BCP 47, or ''. */
  readonly locale: string;
  /** Operators are people with a level; null for everybody else. */
  readonly operatorLevel: number | null;
  readonly passwordHash: string | null;
  readonly credentialVersion: number;
  readonly mustChangePassword: boolean;
  readonly holds: readonly Hold[];
  readonly terminatedAt: Instant | null;
}

/** An address of a person; unique only among verified ones. */
export interface UserEmail {
  readonly id: string;
  readonly version: number;
  readonly userId: string;
  readonly email: string;
  /** Lower-cased NFC copy, by which addresses compare. */
  readonly emailKey: string;
  /** The key once verified (unique), null before. */
  readonly verifiedKey: string | null;
  readonly primary: boolean;
}

/**
 * A person's place in a tenant, for the whole tenant (`instanceId` '') or for one instance as a marketplace provisions it.
 * Where both exist, the one for the instance decides. Unique by (userId, tenantId, instanceId, liveKey).
 * Profile data a channel sends lives here, not on the person.
 */
export interface Membership {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Instant;
  readonly userId: string;
  readonly tenantId: string;
  readonly instanceId: string;
  /** The channel it belongs to; '' for the hub's own. */
  readonly channelId: string;
  readonly roles: readonly Role[];
  readonly loginName: string;
  readonly email: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly locale: string;
  readonly holds: readonly Hold[];
  readonly terminatedAt: Instant | null;
  readonly liveKey: string;
}

/** `link_account`: a marketplace vouched for somebody whose address is an account's here; its owner must confirm (docs/design.md 10.22). */
export type LoginTokenKind = 'marketplace_login' | 'set_password' | 'link_account';

/** A single-use secret in a link; only its SHA-256 is stored. */
export interface LoginToken {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Instant;
  readonly kind: LoginTokenKind;
  readonly tokenHash: string;
  readonly userId: string;
  readonly tenantId: string;
  readonly instanceId: string;
  readonly channelId: string;
  /** The pending session it opens; '' for set_password. */
  readonly sessionId: string;
  readonly returnUrl: string;
  readonly locale: string;
  readonly expiresAt: Instant;
  readonly usedAt: Instant | null;
  /** SHA-256 of the cookie of the only browser that may use it (docs/design.md 10.21); '' = a bearer. */
  readonly browserHash: string;
  /** What the use of it needs; encrypted at rest. null = nothing. */
  readonly data: Readonly<Record<string, unknown>> | null;
}

export const sessionStates = ['PENDING', 'ACTIVE', 'ENDED'] as const;
export type SessionState = (typeof sessionStates)[number];

/** A person signed in at the hub with one browser. PENDING: asked for by a marketplace, its sign-in URL not used yet. */
export interface Session {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Instant;
  readonly userId: string;
  /** SHA-256 of the browser's cookie; '' while PENDING. */
  readonly cookieHash: string;
  /** SHA-256 of the handle a marketplace got (NEC sessionId); '' for others. */
  readonly handleHash: string;
  readonly channelId: string;
  /** The instance a marketplace signed the person in to; '' for a sign-in at the hub. */
  readonly instanceId: string;
  readonly state: SessionState;
  /** How the person proved who they are: password, marketplace, marketplace_password, set_password. */
  readonly method: string;
  readonly expiresAt: Instant;
  readonly endedAt: Instant | null;
  readonly endReason: string;
  /** From then on the marketplace that vouched must be asked whether it still does; null = nobody is asked. */
  readonly recheckAt: Instant | null;
  /** What to ask with; encrypted at rest. null = nobody is asked. */
  readonly voucher: Voucher | null;
}

/** How a marketplace knows the sign-in it vouched for. */
export interface Voucher {
  /** The marketplace's id of the person. */
  readonly uid: string;
  /** Its session token: a secret. */
  readonly session: string;
  /** Its id of the instance, to begin again with. */
  readonly groupUid: string;
}

/** An application (OAuth client) a session signed in to: what back-channel logout is sent for. */
export interface ClientSession {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Instant;
  readonly sessionId: string;
  readonly userId: string;
  readonly clientId: string;
  readonly instanceId: string;
  /** The `sid` in the client's ID tokens. */
  readonly sid: string;
  readonly endedAt: Instant | null;
}

/** An OpenID / OAuth client. */
export interface Client {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Instant;
  readonly clientId: string;
  readonly name: string;
  /** HMAC of the secret; '' for a public client. */
  readonly secretHash: string;
  readonly applicationId: string;
  readonly instanceId: string;
  /** client_credentials only: the tenant it administers, or '' with a level. */
  readonly tenantId: string;
  readonly level: number | null;
  readonly grantTypes: readonly string[];
  readonly scopes: readonly string[];
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
  readonly backchannelLogoutUri: string;
  readonly disabledAt: Instant | null;
}

/** A customer's own OpenID provider. */
export interface IdentityProvider {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Instant;
  readonly key: string;
  readonly issuer: string;
  readonly clientId: string;
  /** Encrypted at rest. */
  readonly clientSecret: string;
  readonly emailDomains: readonly string[];
  readonly tenantId: string;
  readonly required: boolean;
}
