import type { Channel } from '../../../../core/marketplace/index.js';
import { hashToken } from '../../../../platform/secrets.js';
import type { MaestranoChannel } from '../connection.js';
import { listUrl, type Platform } from './ask.js';

/** Channels whose marketplaces one call to one platform tells of. */
export interface PlatformGroup {
  /** Of the platform and everything we show it; stands beside what was discovered, so that another platform is noticed. */
  readonly source: string;
  readonly platform: Platform;
  readonly channels: readonly MaestranoChannel[];
}

export function groupsOf(channels: readonly MaestranoChannel[]): PlatformGroup[] {
  const groups = new Map<string, PlatformGroup>();
  for (const channel of channels) {
    const { developerPlatform: platform } = channel.settings;
    if (platform === undefined) continue;
    const source = sourceOfPlatform(platform);
    const known = groups.get(source);
    groups.set(source, { source, platform, channels: [...(known?.channels ?? []), channel] });
  }
  return [...groups.values()];
}

/** Not the secrets themselves, but another text when one of them is another. */
function sourceOfPlatform(platform: Platform): string {
  const { environment, apiKey, apiSecret } = platform;
  return hashToken(JSON.stringify([listUrl(platform), environment, apiKey, apiSecret]));
}

/** Whether what is known of the channel was told by that platform. */
export function isToldBy({ discovered }: Channel, { source }: PlatformGroup): boolean {
  return discovered !== null && discovered.source === source;
}
