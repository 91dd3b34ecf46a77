import { type ChannelConnection, defineMarketplace, type MarketplacePorts } from '../../marketplace.js';
import { createBackground } from './background.js';
import { type MaestranoSettings, maestranoSettings } from './config.js';
import { createSharing, type Sharing } from './connec/index.js';
import { asMaestrano, connectionOf, type MaestranoChannel } from './connection.js';
import { createDiscovery, type Discovery } from './discovery/discovery.js';
import { createHandlers } from './handlers.js';
import { chooseChannel } from './host/choose.js';
import { createHost } from './host/serve.js';
import { signInProblems } from './sign-in-problems.js';

interface Shared {
  readonly discovery: Discovery;
  readonly sharing: Sharing;
  readonly handlers: ReturnType<typeof createHandlers>;
}

/** One for all channels of a process: a platform is asked once, whoever wants to know. */
const shared = new WeakMap<MarketplacePorts, Shared>();

function sharedOf(ports: MarketplacePorts): Shared {
  const known = shared.get(ports);
  if (known !== undefined) return known;
  const sharing = createSharing(ports);
  const made = { discovery: createDiscovery(ports), sharing, handlers: createHandlers(sharing) };
  shared.set(ports, made);
  return made;
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
  serve(ports, channel) {
    const { handlers, discovery } = sharedOf(ports);
    return createHost(ports, channel, { handlers, refreshed: discovery.refreshed });
  },
  describe: (channel, publicUrl) => described(asMaestrano(channel), publicUrl),
  async problems(channel, { lookups, publicUrl }) {
    const whole = asMaestrano(channel);
    return whole === undefined ? ['its settings are not valid'] : signInProblems(whole, lookups, publicUrl);
  },
  background: (ports) => createBackground(ports, sharedOf(ports)),
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
