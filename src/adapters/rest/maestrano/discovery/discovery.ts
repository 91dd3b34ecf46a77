import { hour, minute, second, toMilliseconds } from '../../../../core/shared/clock.js';
import type { MarketplaceBackground, MarketplacePorts, Rediscovery } from '../../../marketplace.js';
import { type MaestranoChannel, servable } from '../connection.js';
import { applyList, forgetPlatforms } from './apply.js';
import { askPlatform, listUrl } from './ask.js';
import { groupsOf, isToldBy, type PlatformGroup } from './groups.js';
import { DiscoveryFailed, type Listed } from './model.js';
import { createTroubles } from './troubles.js';

export interface Discovery {
  /** Reads the platform of the channel now, for all channels that share it, and answers what happened. */
  rediscover(channelId: string): Promise<Rediscovery>;
  /** For a request to a channel nothing is known of: asks, at most once a minute, and answers the channel as it is then. */
  refreshed(channel: MaestranoChannel): Promise<MaestranoChannel>;
  readonly loop: MarketplaceBackground['loops'][number];
}

/** What is known is confirmed twice a day (spec Maestrano 1.3). */
const confirmEvery = 12 * hour;
/** Nothing is known: asked at most this often. */
const askEvery = minute;
/** Something is known, and could not be confirmed. */
const confirmAgainEvery = 10 * minute;
/** The platform answers, and does not list a channel nothing is known of. */
const askAgainEvery = hour;

/** What was asked says nothing about channels that have been added since: for them the platform is asked at once. */
function occasionOf({ source, channels }: PlatformGroup): string {
  return [source, ...channels.map(({ id }) => id).sort()].join(' ');
}

/**
 * Keeps what developer platforms say about channels (spec Maestrano 1.3). Several processes may do it at once: what each applies is
 * a whole list. What a platform said last holds while it cannot be read.
 */
export function createDiscovery(ports: MarketplacePorts): Discovery {
  const askedAt = new Map<string, number>();
  const answeredAt = new Map<string, number>();
  const running = new Map<string, Promise<Rediscovery>>();
  const troubles = createTroubles(ports);
  const now = (): number => toMilliseconds(ports.clock.now());

  async function channels(): Promise<MaestranoChannel[]> {
    const all = await ports.lookups.channels.findMany({ protocol: 'maestrano' });
    return all.flatMap((channel) => servable(channel) ?? []);
  }

  async function ask({ platform, channels: asking }: PlatformGroup, stop?: AbortSignal): Promise<Listed[]> {
    const started = performance.now();
    const requestId = ports.ids.next('request');
    const tell = (status: number, response: string): void =>
      ports.record({
        direction: 'out',
        protocol: 'maestrano',
        channelId: asking[0]!.id,
        operation: 'discovery',
        requestId,
        status,
        durationMs: Math.round(performance.now() - started),
        request: `GET ${listUrl(platform)}`,
        response,
      });
    try {
      const listed = await askPlatform(ports, platform, stop);
      // names only: the answer itself is full of keys
      tell(200, `marketplaces: ${listed.map(({ marketplace }) => marketplace).join(', ')}`);
      return listed;
    } catch (error) {
      tell(0, error instanceof Error ? error.message : '');
      throw error;
    }
  }

  /** One call to the platform and one unit for all its channels; never two at once for one platform in this process. */
  function read(group: PlatformGroup, stop?: AbortSignal): Promise<Rediscovery> {
    const begun = running.get(group.source);
    if (begun !== undefined) return begun;
    askedAt.set(occasionOf(group), now());
    const reading = readNow(group, stop).finally(() => running.delete(group.source));
    running.set(group.source, reading);
    return reading;
  }

  async function readNow(group: PlatformGroup, stop?: AbortSignal): Promise<Rediscovery> {
    try {
      const listed = await ask(group, stop);
      answeredAt.set(occasionOf(group), now());
      const outcomes = await applyList(ports, group, listed);
      await troubles.over(group);
      return { problem: '', channels: outcomes };
    } catch (error) {
      if (!(error instanceof DiscoveryFailed) || stop?.aborted === true) throw error;
      await troubles.goOn(group, error.message);
      return { problem: error.message, channels: [] };
    }
  }

  function isDue(group: PlatformGroup): boolean {
    const since = (times: ReadonlyMap<string, number>): number =>
      now() - (times.get(occasionOf(group)) ?? Number.NEGATIVE_INFINITY);
    const isUnknown = group.channels.some((channel) => !isToldBy(channel, group));
    if (isUnknown) return since(askedAt) >= askEvery && since(answeredAt) >= askAgainEvery;
    const listed = group.channels.filter(({ suspendedAt }) => suspendedAt === null);
    const confirmed = (listed.length > 0 ? listed : group.channels).map(({ discoveredAt }) =>
      toMilliseconds(discoveredAt!),
    );
    return now() - Math.min(...confirmed) >= confirmEvery && since(askedAt) >= confirmAgainEvery;
  }

  return {
    async rediscover(channelId) {
      const group = groupsOf(await channels()).find((one) => one.channels.some(({ id }) => id === channelId));
      if (group === undefined) return { problem: 'the channel has no developer platform to ask', channels: [] };
      return read(group);
    },
    async refreshed(channel) {
      const group = groupsOf(await channels()).find((one) => one.channels.some(({ id }) => id === channel.id));
      if (group === undefined) return channel;
      const asked = askedAt.get(occasionOf(group)) ?? Number.NEGATIVE_INFINITY;
      if (running.has(group.source) || now() - asked >= askEvery) await read(group);
      const fresh = await ports.lookups.channels.find(channel.id);
      return (fresh && servable(fresh)) ?? channel;
    },
    loop: {
      name: 'maestrano discovery',
      interval: 15 * second,
      async run(signal) {
        const all = await channels();
        await forgetPlatforms(ports, all);
        for (const group of groupsOf(all)) {
          if (signal.aborted) return;
          if (isDue(group)) await read(group, signal);
        }
      },
    },
  };
}
