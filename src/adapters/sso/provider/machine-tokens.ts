import type { AccessToken, ClientCredentials, KoaContextWithOIDC, UnknownObject } from 'oidc-provider';
import { type Client, whyNoTraffic } from '../../../core/identity/index.js';
import { toMilliseconds } from '../../../core/shared/clock.js';
import { hashToken } from '../../../platform/secrets.js';
import type { SsoPorts } from '../ports.js';
import { errors } from './openid-library.js';
import type { TrafficClients } from './traffic-clients.js';
import { trafficClaims } from './traffic-tokens.js';

/** What a machine's signed token says of its making beside the standard claims, whose time has whole seconds only. */
export interface MadeFrom {
  /** Milliseconds of the epoch. */
  readonly made_at: number;
  /** Of the secret it was asked for with: another secret, and the token is void. */
  readonly made_with: string;
}

export function secretMark(client: Pick<Client, 'secretHash'>): string {
  return hashToken(client.secretHash).slice(0, 16);
}

/**
 * The library's last question before it makes an access token, used to refuse one: an instance, and a client that belongs to an
 * instance or application, gets none while that is stopped (docs/design.md 5).
 */
export function createTokenCheck({ lookups, clock }: Pick<SsoPorts, 'lookups' | 'clock'>, traffic: TrafficClients) {
  return async (
    ctx: KoaContextWithOIDC,
    token: AccessToken | ClientCredentials,
  ): Promise<(MadeFrom & UnknownObject) | undefined> => {
    if (token.kind !== 'ClientCredentials') return undefined;
    const made_at = toMilliseconds(clock.now());
    const proven = traffic.provenBy(ctx.req);
    if (proven !== undefined) {
      const { verdict } = proven;
      if (!verdict.allowed) throw new errors.UnauthorizedClient(`not usable: ${verdict.reason}`);
      return { ...trafficClaims(proven), made_at };
    }
    const client = await lookups.clients.findOne({ clientId: token.clientId ?? '' });
    const link = client ? await whyNoTraffic(lookups, client) : 'application';
    if (client === undefined || link !== undefined) throw new errors.UnauthorizedClient(`not usable: ${link}`);
    return { made_at, made_with: secretMark(client) };
  };
}
