import type { ChannelServer, Marketplace } from '../adapters/marketplace.js';
import type { Channel, Protocol } from '../core/marketplace/index.js';
import type { Clock } from '../core/shared/clock.js';
import { toMilliseconds } from '../core/shared/clock.js';
import type { Logger } from '../platform/logger.js';

export interface ChannelDirectoryPorts {
  /** All channels, in order of configuration. */
  readonly load: () => Promise<readonly Channel[]>;
  readonly marketplaces: Readonly<Record<Protocol, Marketplace | undefined>>;
  readonly serve: (marketplace: Marketplace, channel: Channel) => ChannelServer;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'error'>;
}

export interface ServedChannel {
  readonly channel: Channel;
  readonly server: ChannelServer;
}

/** At once while what is known is fresh: most calls need no promise. */
export type Soon<T> = T | Promise<T>;

export interface ChannelDirectory {
  /** The channel of that name and protocol, if it is there, switched on and served. */
  byName(name: string, protocol: Protocol): Soon<ServedChannel | undefined>;
  first(protocol: Protocol): Soon<ServedChannel | undefined>;
  all(): Soon<readonly ServedChannel[]>;
  /** Something was written here: reads again at the next question, at most ten times a second. */
  invalidate(): void;
}

/** A channel changed on another process is seen after at most this long. */
const freshMs = 1_000;
const freshAfterWriteMs = 100;

/** Knows which channels are configured; reads the database at most once a second (ten times while this process writes) and rebuilds only what changed. */
export function createChannelDirectory(ports: ChannelDirectoryPorts): ChannelDirectory {
  let served: readonly ServedChannel[] = [];
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;
  let written = false;

  async function read(): Promise<void> {
    written = false;
    const channels = await ports.load();
    const known = new Map(served.map((s) => [s.channel.id, s]));
    served = channels.flatMap((channel) => {
      const marketplace = ports.marketplaces[channel.protocol];
      if (marketplace === undefined || channel.disabledAt !== null) return [];
      const before = known.get(channel.id);
      if (before?.channel.version === channel.version) return [before];
      const settings = marketplace.settings.safeParse(channel.settings);
      if (!settings.success) {
        ports.logger.error(
          { channel: channel.name, problem: settings.error.message },
          'channel settings are not valid',
        );
        return [];
      }
      const whole = { ...channel, settings: settings.data as Channel['settings'] };
      try {
        return [{ channel: whole, server: ports.serve(marketplace, whole) }];
      } catch (err) {
        // the others are served all the same
        ports.logger.error({ channel: channel.name, err }, 'a channel cannot be served');
        return [];
      }
    });
    readAt = toMilliseconds(ports.clock.now());
  }

  function current(): Soon<readonly ServedChannel[]> {
    const age = toMilliseconds(ports.clock.now()) - readAt;
    if (age >= 0 && age < (written ? freshAfterWriteMs : freshMs)) return served;
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading.then(() => served);
  }

  function find(fits: (served: ServedChannel) => boolean): Soon<ServedChannel | undefined> {
    const known = current();
    return known instanceof Promise ? known.then((all) => all.find(fits)) : known.find(fits);
  }

  return {
    byName: (name, protocol) => find(({ channel }) => channel.name === name && channel.protocol === protocol),
    first: (protocol) => find(({ channel }) => channel.protocol === protocol),
    all: current,
    invalidate() {
      written = true;
    },
  };
}
