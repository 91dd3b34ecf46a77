import type { JWK } from 'jose';
import type { Lookups } from '../../core/repositories.js';
import type { Actor } from '../../core/shared/actor.js';
import { type Clock, toMilliseconds } from '../../core/shared/clock.js';
import { DomainError } from '../../core/shared/errors.js';
import { createBoundedCache } from '../../platform/bounded-cache.js';
import { hashToken } from '../../platform/secrets.js';
import type { ActorCache, Revocation, Verified } from './actor-cache.js';
import { machineActor, personActor } from './actors.js';
import type { OpenIdStore } from './ports.js';
import type { Vouching } from './recheck.js';
import { readSigned } from './signed-tokens.js';

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
  readonly cache: ActorCache;
  readonly vouching: Pick<Vouching, 'ensureToken'>;
  /** Public or private; only the public part is used. */
  keys(): readonly JWK[];
}

/** Signed tokens live five minutes at most; a revocation of their client is remembered a little longer. */
const refusalLife = 6 * 60_000;

export function createTokens(ports: TokenPorts): Tokens {
  const { clock, cache, lookups } = ports;
  const now = (): number => toMilliseconds(clock.now());
  const refusedClients = createBoundedCache<string, number>({ max: 10_000, ttl: refusalLife });

  async function verify(token: string): Promise<Verified> {
    const found = token.split('.').length === 3 ? await verifySigned(token) : await verifyOpaque(ports, token, now());
    if (!found || found.expiresAt <= now()) throw new DomainError('token_invalid');
    return found;
  }

  async function verifySigned(token: string): Promise<Verified | undefined> {
    const payload = await readSigned({ ...ports, now }, token, ['client_id', 'exp', 'made_at', 'made_with']);
    if (payload === undefined) return undefined;
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
      return cache.find(key) ?? (await cache.verify(key, () => verify(token)));
    },
    revoked(revocations) {
      for (const revocation of revocations) {
        cache.forget(revocation);
        const { kind, id, clientIds, at } = revocation;
        if (kind !== 'client' || clientIds?.length === 0) continue;
        refusedClients.set(id, at === undefined ? now() : toMilliseconds(at));
      }
    },
  };
}

async function verifyOpaque(ports: TokenPorts, token: string, now: number): Promise<Verified | undefined> {
  const { openIds, lookups, audience, vouching } = ports;
  const stored = await openIds.find('AccessToken', token);
  if (!stored || stored.aud !== audience || typeof stored.exp !== 'number') return undefined;
  const grant = typeof stored.grantId === 'string' ? await openIds.find('Grant', stored.grantId) : undefined;
  if (!grant || grant.accountId !== stored.accountId || stored.exp * 1_000 <= now) return undefined;
  const scope = String(stored.scope ?? '');
  const client = await lookups.clients.findOne({ clientId: String(stored.clientId) });
  if (client?.disabledAt !== null) return undefined;
  const vouched = await vouching.ensureToken(stored.sessionUid);
  if (!vouched) return undefined;
  const actor = await personActor(lookups, String(stored.accountId), scope);
  const expiresAt = stored.exp * 1_000;
  if (vouched.recheckAt === null) return actor && { actor, expiresAt };
  return actor && { actor, expiresAt: Math.min(expiresAt, toMilliseconds(vouched.recheckAt)) };
}
