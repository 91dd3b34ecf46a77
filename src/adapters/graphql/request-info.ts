import type { Actor } from '../../core/shared/actor.js';

/** What the front door already knows about a request. */
export interface RequestInfo {
  /** Written to logs, journal entries and the `x-request-id` header. */
  readonly requestId: string;
  /** The caller's address, behind trusted proxies already resolved. */
  readonly address: string;
}

/**
 * Who the bearer of a token is; without a token the anonymous actor. Throws an `unauthenticated` error for a token that is
 * unknown, ended or revoked. Called for every request and again while connections stay open, so it must be quick (cached) and
 * must see revocations.
 */
export type Authenticate = (token: string | undefined, info: RequestInfo) => Promise<Actor>;
