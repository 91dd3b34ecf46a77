import type { AccessToken, ClientCredentials, KoaContextWithOIDC } from 'oidc-provider';
import { whyNoTraffic } from '../../../core/identity/index.js';
import type { SsoPorts } from '../ports.js';
import { errors } from './openid-library.js';

/**
 * The library's last question before it makes an access token, used to refuse one: a client that belongs to an instance or
 * application gets none of its own while that is stopped (docs/design.md 5).
 */
export function createTokenCheck({ lookups }: Pick<SsoPorts, 'lookups'>) {
  return async (_ctx: KoaContextWithOIDC, token: AccessToken | ClientCredentials): Promise<undefined> => {
    if (token.kind !== 'ClientCredentials') return undefined;
    const client = await lookups.clients.findOne({ clientId: token.clientId ?? '' });
    const link = client ? await whyNoTraffic(lookups, client) : 'application';
    if (link !== undefined) throw new errors.UnauthorizedClient(`not usable: ${link}`);
    return undefined;
  };
}
