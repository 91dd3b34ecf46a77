import type { LocalMarketplace } from '../model.js';
import { platformPath } from '../platform.js';
import type { World } from '../world.js';

/**
 * A seed file with one channel for a marketplace nobody has connected yet; '' for the others. Its secret is of this run and of this
 * machine.
 */
export function channelYaml({ platform, url }: World, { name, offer }: LocalMarketplace): string {
  if (offer === undefined) return '';
  // JSON texts are YAML texts: nothing in them can mean something else.
  const text = JSON.stringify;
  return `channels:
  - name: ${text(name)}
    protocol: maestrano
    settings:
      marketplace: ${text(name)}
      application: ${text(offer.application)}
      plan: ${text(offer.plan)}
      developerPlatform:
        host: ${text(url())}
        apiPath: ${text(platformPath)}
        environment: ${text(platform.environment)}
        apiKey: ${text(platform.apiKey)}
        apiSecret: ${text(platform.apiSecret)}
`;
}
