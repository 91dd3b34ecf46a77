import type { MarketplaceBackground, MarketplacePorts } from '../../../marketplace.js';
import { knownConnection } from './known-connection.js';

/** Where a browser begins to sign in again after a re-check failed, to the same group (spec Maestrano 1.4); '' when nobody vouched. */
export function createBeginUrl(ports: MarketplacePorts): NonNullable<MarketplaceBackground['beginUrl']> {
  return async ({ channelId, voucher }) => {
    if (voucher === null) return '';
    const known = await knownConnection(ports, channelId);
    if (known === undefined || known.channel.suspendedAt !== null) return '';
    const { idm, initPath } = known.connection.sso;
    const url = new URL(`${idm}${initPath}`);
    url.searchParams.set('group_id', voucher.groupUid);
    return url.href;
  };
}
