import type { AccessToken, ClientCredentials, KoaContextWithOIDC, UnknownObject } from 'oidc-provider';
import { type Client, whyNoTraffic } from '../../../core/identity/index.js';
import { toMilliseconds } from '../../../core/shared/clock.js';
import { hashToken } from '../../../platform/secrets.js';
import type { SsoPorts } from '../ports.js';
import { errors } from './openid-library.js';

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
 * The library's last question before it makes an access token, used to refuse one: a client that belongs to an instance or
 * application gets none of its own while that is stopped (docs/design.md 5).
 */
export function createTokenCheck({ lookups, clock }: Pick<SsoPorts, 'lookups' | 'clock'>) {
  return async (
    _ctx: KoaContextWithOIDC,
    token: AccessToken | ClientCredentials,
  ): Promise<(MadeFrom & UnknownObject) | undefined> => {
    if (token.kind !== 'ClientCredentials') return undefined;
    const client = await lookups.clients.findOne({ clientId: token.clientId ?? '' });
    const link = client ? await whyNoTraffic(lookups, client) : 'application';
    if (client === undefined || link !== undefined) throw new errors.UnauthorizedClient(`not usable: ${link}`);
    return { made_at: toMilliseconds(clock.now()), made_with: secretMark(client) };
  };
}
