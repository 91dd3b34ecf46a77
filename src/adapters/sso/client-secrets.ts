import type { Actor } from '../../core/shared/actor.js';
import { minute, toMilliseconds } from '../../core/shared/clock.js';
import { DomainError } from '../../core/shared/errors.js';
import type { ActorCache, Verified } from './actor-cache.js';
import { machineActor } from './actors.js';
import type { SsoPorts } from './ports.js';
import { secretMark } from './provider/machine-tokens.js';
import type { TokenThrottle } from './provider/token-throttle.js';
import { sourceOf } from './signin/source.js';

export interface ClientCredential {
  readonly clientId: string;
  readonly secret: string;
  /** Where it is shown from. */
  readonly address: string;
}

/**
 * A machine shows its client's secret itself instead of a token made with it, and gets the same rights: those its client is
 * registered for. Wrong secrets count at the token endpoint. Throws `authentication_failed`, alike for every reason, or `throttled`.
 */
export type AuthenticateClient = (credential: ClientCredential) => Promise<Actor>;

type Ports = Pick<SsoPorts, 'lookups' | 'verifyClientSecret' | 'keyring' | 'clock'>;

export function createClientAuthentication(
  { lookups, verifyClientSecret, keyring, clock }: Ports,
  cache: ActorCache,
  throttle: TokenThrottle,
): AuthenticateClient {
  async function verify({ clientId, secret }: ClientCredential): Promise<Verified | undefined> {
    const client = await lookups.clients.findOne({ clientId });
    const right = verifyClientSecret(client?.secretHash ?? '', secret);
    if (!right || !client?.grantTypes.includes('client_credentials')) return undefined;
    const actor = await machineActor(lookups, client.clientId, client.scopes.join(' '), secretMark(client));
    return actor && { actor, expiresAt: toMilliseconds(clock.now()) + minute };
  }

  return async (credential) => {
    const { clientId, secret, address } = credential;
    const key = keyring.hmac('shown-client-secret', JSON.stringify([clientId, secret])).toString('base64url');
    const known = cache.find(key);
    if (known !== undefined) return known;
    const source = sourceOf(address);
    const retryAfterSeconds = await throttle.secondsLeft(source);
    if (retryAfterSeconds !== undefined) throw new DomainError('throttled', { retryAfterSeconds });
    return cache.verify(key, async () => {
      const verified = await verify(credential);
      if (verified !== undefined) return verified;
      await throttle.count(source);
      throw new DomainError('authentication_failed');
    });
  };
}
