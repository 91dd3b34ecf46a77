import { createLocalJWKSet, type JWK, jwtVerify } from 'jose';
import { isLiveUser, whyNoTraffic } from '../../core/identity/index.js';
import type { Lookups } from '../../core/repositories.js';
import { type Actor, actorId, type Grant, type Role } from '../../core/shared/actor.js';
import { type Clock, toMilliseconds } from '../../core/shared/clock.js';
import { DomainError } from '../../core/shared/errors.js';
import { createBoundedCache } from '../../platform/bounded-cache.js';
import { hashToken } from '../../platform/secrets.js';
import type { OpenIdStore } from './ports.js';
import { secretMark } from './provider/machine-tokens.js';

/** What every process hears within 250 ms when something was revoked. `id` of a client is its `clientId`. */
export interface Revocation {
  readonly kind: string;
  readonly id: string;
  /** [] = nothing was taken away; only what was cached is out of date. */
  readonly clientIds?: readonly string[];
  /** When; absent = now. A process that starts is told of the last minutes. */
  readonly at?: string;
}

export interface Tokens {
  /** Who a bearer token speaks for. Throws `token_invalid`, alike for every reason. */
  authenticateBearer(token: string): Promise<Actor>;
  /** Forgets what was verified before; signed tokens of a revoked client are refused from now on. */
  revoked(revocations: readonly Revocation[]): void;
}

export interface TokenPorts {
  readonly issuer: string;
  readonly audience: string;
  readonly openIds: Pick<OpenIdStore, 'find'>;
  readonly lookups: Lookups;
  readonly clock: Clock;
  /** Public or private; only the public part is used. */
  keys(): readonly JWK[];
}

interface Verified {
  readonly actor: Actor;
  /** Milliseconds of the epoch. */
  readonly expiresAt: number;
}

const longestLife = 60_000;
/** Signed tokens live five minutes at most; a revocation of their client is remembered a little longer. */
const refusalLife = 6 * 60_000;

export function createTokens(ports: TokenPorts): Tokens {
  const { clock } = ports;
  const now = (): number => toMilliseconds(clock.now());
  const keysOf = new Map<string, Set<string>>(); // cached tokens by whom they speak for
  const cache = createBoundedCache<string, Verified>({ max: 10_000, ttl: longestLife }, (key, { actor }) =>
    forgetKey(actorId(actor), key),
  );
  const refusedClients = createBoundedCache<string, number>({ max: 10_000, ttl: refusalLife });
  let era = 0; // what was being verified when something was revoked is not kept

  function forgetKey(owner: string, key: string): void {
    const keys = keysOf.get(owner);
    keys?.delete(key);
    if (keys?.size === 0) keysOf.delete(owner);
  }

  function remember(key: string, verified: Verified): void {
    const owner = actorId(verified.actor);
    cache.set(key, verified, verified.expiresAt - now());
    const keys = keysOf.get(owner) ?? new Set<string>();
    keysOf.set(owner, keys.add(key));
  }

  /** People and machines by name; what else was revoked (a session) may concern anybody. */
  function forget({ kind, id }: Revocation): void {
    if (kind !== 'user' && kind !== 'client') {
      cache.clear();
      keysOf.clear();
      return;
    }
    for (const key of keysOf.get(id) ?? []) cache.delete(key);
    keysOf.delete(id);
  }

  async function verify(token: string): Promise<Verified> {
    const found = token.split('.').length === 3 ? await verifySigned(token) : await verifyOpaque(ports, token, now());
    if (!found || found.expiresAt <= now()) throw new DomainError('token_invalid');
    return found;
  }

  async function verifySigned(token: string): Promise<Verified | undefined> {
    const { issuer, audience, lookups } = ports;
    const keys = createLocalJWKSet({ keys: ports.keys().map(publicPart) });
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience,
      typ: 'at+jwt',
      algorithms: ['ES256'],
      currentDate: new Date(now()),
      requiredClaims: ['client_id', 'exp', 'made_at', 'made_with'],
    });
    const clientId = String(payload.client_id);
    const refused = refusedClients.get(clientId);
    if (refused !== undefined && Number(payload.made_at) <= refused) return undefined;
    const actor = await machineActor(lookups, clientId, String(payload.scope ?? ''), payload.made_with);
    return actor && { actor, expiresAt: (payload.exp ?? 0) * 1_000 };
  }

  return {
    async authenticateBearer(token) {
      if (token === '' || token.length > 4_096) throw new DomainError('token_invalid');
      const key = hashToken(token);
      const known = cache.get(key);
      if (known && known.expiresAt > now()) return known.actor;
      const started = era;
      try {
        const verified = await verify(token);
        if (era === started) remember(key, verified);
        return verified.actor;
      } catch (cause) {
        if (cause instanceof DomainError || isJoseError(cause)) throw new DomainError('token_invalid', {}, { cause });
        throw cause;
      }
    },
    revoked(revocations) {
      if (revocations.length === 0) return;
      era += 1;
      for (const revocation of revocations) {
        forget(revocation);
        const { kind, id, clientIds, at } = revocation;
        if (kind !== 'client' || clientIds?.length === 0) continue;
        refusedClients.set(id, at === undefined ? now() : toMilliseconds(at));
      }
    },
  };
}

function isJoseError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_J');
}

function publicPart({ d: _, ...jwk }: JWK): JWK {
  return jwk;
}

async function verifyOpaque(ports: TokenPorts, token: string, now: number): Promise<Verified | undefined> {
  const { openIds, lookups, audience } = ports;
  const stored = await openIds.find('AccessToken', token);
  if (!stored || stored.aud !== audience || typeof stored.exp !== 'number') return undefined;
  const grant = typeof stored.grantId === 'string' ? await openIds.find('Grant', stored.grantId) : undefined;
  if (!grant || grant.accountId !== stored.accountId || stored.exp * 1_000 <= now) return undefined;
  const scope = String(stored.scope ?? '');
  const client = await lookups.clients.findOne({ clientId: String(stored.clientId) });
  if (client?.disabledAt !== null) return undefined;
  const actor = await personActor(lookups, String(stored.accountId), scope);
  return actor && { actor, expiresAt: stored.exp * 1_000 };
}

/** The highest right among the scopes. */
export function ceilingOf(scope: string): number {
  const held = scope.split(' ');
  if (held.includes('hub.admin')) return 1_000;
  if (held.includes('hub.write')) return 666;
  return held.includes('hub.read') ? 333 : 0;
}

async function personActor(
  tx: Pick<Lookups, 'users' | 'memberships'>,
  userId: string,
  scope: string,
): Promise<Actor | undefined> {
  const user = await tx.users.find(userId);
  if (!user || !isLiveUser(user)) return undefined;
  const name = user.displayName || user.id;
  const ceiling = ceilingOf(scope);
  if (user.operatorLevel !== null) return { kind: 'operator', userId, name, level: user.operatorLevel, ceiling };
  const grants = new Map<string, Grant>();
  for (const { tenantId, instanceId, roles, holds } of await tx.memberships.findMany({ userId, terminatedAt: null })) {
    if (holds.length > 0) continue;
    // a role in one instance says nothing about the tenant's other ones
    const held: readonly Role[] = instanceId === '' ? roles : ['MEMBER'];
    grants.set(tenantId, { tenantId, roles: [...new Set([...(grants.get(tenantId)?.roles ?? []), ...held])] });
  }
  return { kind: 'user', userId, name, grants: [...grants.values()], ceiling };
}

async function machineActor(
  tx: Pick<Lookups, 'clients' | 'instances' | 'applications' | 'tenants'>,
  clientId: string,
  scope: string,
  madeWith: unknown,
): Promise<Actor | undefined> {
  const client = await tx.clients.findOne({ clientId });
  if (client?.disabledAt !== null || secretMark(client) !== madeWith) return undefined;
  if ((await whyNoTraffic(tx, client)) !== undefined) return undefined;
  const { level, tenantId } = client;
  return { kind: 'client', clientId, level, tenantId: tenantId === '' ? null : tenantId, ceiling: ceilingOf(scope) };
}
