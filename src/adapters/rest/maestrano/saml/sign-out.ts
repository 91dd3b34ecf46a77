import type { MarketplaceBackground, MarketplacePorts } from '../../../marketplace.js';
import { knownConnection } from './known-connection.js';

/** After somebody signed out here: the marketplace's own sign-out (spec Maestrano 1.4); '' when nobody vouched for the session. */
export function createSignOutUrl(ports: MarketplacePorts): NonNullable<MarketplaceBackground['signOutUrl']> {
  return async ({ channelId, voucher }) => {
    if (voucher === null) return '';
    const known = await knownConnection(ports, channelId);
    if (known === undefined) return '';
    return `${known.connection.api.host}/app_logout?user_uid=${encodeURIComponent(voucher.uid)}`;
  };
}
