import {
  ChannelTaskImpossible,
  type Marketplace,
  type MarketplaceBackground,
  type MarketplacePorts,
  type Recheck,
  type Rediscovery,
  type Subscriber,
} from '../adapters/marketplace.js';
import type { Session } from '../core/identity/index.js';
import type { Channel, ChannelTask, Protocol } from '../core/marketplace/index.js';

/** What protocols do without being called, and what the rest of the hub asks them. */
export interface Backgrounds {
  /** Those that are not idle now. */
  subscribers(): Promise<readonly Subscriber[]>;
  readonly loops: MarketplaceBackground['loops'];
  work(task: ChannelTask): Promise<void>;
  /** Undefined also for a session no marketplace vouches for. */
  recheck(session: Session): Promise<Recheck | undefined>;
  verifyPassword(userId: string, password: string): Promise<boolean | undefined>;
  signOutUrl(session: Session): Promise<string>;
  beginUrl(session: Session): Promise<string>;
  rediscover(channelId: string): Promise<Rediscovery>;
}

/** Starts every protocol's background, once per process. */
export function createBackgrounds(
  marketplaces: Readonly<Record<Protocol, Marketplace | undefined>>,
  ports: MarketplacePorts,
): Backgrounds {
  const backgrounds = new Map<Protocol, MarketplaceBackground>();
  for (const marketplace of Object.values(marketplaces)) {
    const background = marketplace?.background?.(ports);
    if (marketplace !== undefined && background !== undefined) backgrounds.set(marketplace.protocol, background);
  }
  const all = [...backgrounds.values()];
  const find = (channelId: string): Promise<Channel | undefined> => ports.lookups.channels.find(channelId);

  async function of(channelId: string): Promise<MarketplaceBackground | undefined> {
    const channel = channelId === '' ? undefined : await find(channelId);
    return channel && backgrounds.get(channel.protocol);
  }

  return {
    async subscribers() {
      const awake: Subscriber[] = [];
      for (const subscriber of all.flatMap(({ subscribers }) => subscribers)) {
        if ((await subscriber.idle?.()) !== true) awake.push(subscriber);
      }
      return awake;
    },
    loops: all.flatMap(({ loops }) => loops),
    async work(task) {
      const channel = await find(task.channelId);
      if (channel === undefined) throw new ChannelTaskImpossible('its channel is not there any more');
      if (channel.disabledAt !== null) throw new Error(`the channel ${channel.name} is switched off`);
      const work = backgrounds.get(channel.protocol)?.work;
      if (work === undefined) throw new ChannelTaskImpossible(`${channel.protocol} has no task named "${task.kind}"`);
      await work(task);
    },
    recheck: async (session) => (await of(session.channelId))?.recheck?.(session),
    async verifyPassword(userId, password) {
      for (const background of all) {
        const right = await background.verifyPassword?.(userId, password);
        if (right !== undefined) return right;
      }
      return undefined;
    },
    signOutUrl: async (session) => (await (await of(session.channelId))?.signOutUrl?.(session)) ?? '',
    beginUrl: async (session) => (await (await of(session.channelId))?.beginUrl?.(session)) ?? '',
    async rediscover(channelId) {
      const rediscover = (await of(channelId))?.rediscover;
      return rediscover === undefined
        ? { problem: 'the protocol of the channel asks no directory', channels: [] }
        : rediscover(channelId);
    },
  };
}
