import type { MarketplacePorts } from '../../marketplace.js';
import { type ChannelConnection, defineMarketplace } from '../../marketplace.js';
import { createBackground } from './background.js';
import { type MaestranoSettings, maestranoSettings } from './config.js';
import { connectionOf, type MaestranoChannel } from './connection.js';
import { createDiscovery, type Discovery } from './discovery/discovery.js';
import { servable } from './discovery/groups.js';
import { handlers } from './handlers.js';
import { chooseChannel } from './host/choose.js';
import { createHost } from './host/serve.js';

/** One for all channels of a process: a platform is asked once, whoever wants to know. */
const discoveries = new WeakMap<MarketplacePorts, Discovery>();

function discoveryOf(ports: MarketplacePorts): Discovery {
  const discovery = discoveries.get(ports) ?? createDiscovery(ports);
  discoveries.set(ports, discovery);
  return discovery;
}

/**
 * Maestrano marketplaces (docs/protocols/maestrano.md): SAML sign-in, metadata, webhooks, bills and Connec!. One channel is one
 * marketplace.
 */
export const maestrano = defineMarketplace<MaestranoSettings>({
  protocol: 'maestrano',
  settings: maestranoSettings,
  fixedPaths: ['/maestrano', '/version'],
  channelPaths: [],
  choose: chooseChannel,
  serve: (ports, channel) =>
    createHost(ports, channel, { handlers, refreshed: (one) => discoveryOf(ports).refreshed(one) }),
  describe: (channel, publicUrl) => described(servable({ ...channel, disabledAt: null }), publicUrl),
  background: (ports) => createBackground(ports, discoveryOf(ports)),
});

function described(channel: MaestranoChannel | undefined, publicUrl: string): ChannelConnection | undefined {
  const connection = channel && connectionOf(channel, publicUrl);
  if (connection === undefined) return undefined;
  const { environment, api, sso, connec } = connection;
  return {
    environment,
    apiHost: api.host,
    identityProviderHost: sso.idp,
    dataHost: connec?.host ?? '',
    applicationHost: sso.idm,
  };
}
