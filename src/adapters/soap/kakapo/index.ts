import { defineMarketplace } from '../../marketplace.js';
import { kakapoSettings } from './config.js';
import type { KakapoContext } from './context.js';
import { createHost } from './host/index.js';

/** Kakapo Unity ProvisionV3: facts, decisions and settings in docs/protocols/kakapo.md. */
export const kakapo = defineMarketplace({
  protocol: 'kakapo',
  settings: kakapoSettings,
  fixedPaths: ['/KakapoProvision/ProvisionV3.asmx'],
  channelPaths: [],
  serve(ports, channel) {
    const context: KakapoContext = { ports, channel, settings: channel.settings };
    return { handle: createHost(context) };
  },
});
