import { randomUUID } from 'node:crypto';
import type { Clock } from '../../core/shared/clock.js';
import type { PublishedEvent } from '../../core/shared/events.js';
import type { Ids } from '../../core/shared/ids.js';
import type { Logger } from '../../platform/logger.js';
import { createPoller } from '../../platform/poller.js';
import type { Storage } from '../rows/stored-table.js';
import type { Database } from '../sql/sql.js';
import { createLanes, type Lane } from './lanes.js';
import { createPublisher } from './publish.js';
import { currentSubscribers, type Subscriber, type Subscribers } from './subscriber.js';

export interface RelayOptions {
  readonly subscribers: Subscribers;
  /** Aggregates delivered at once per subscriber; a slow one never holds up another subscriber. Default 8. */
  readonly parallel?: number;
  /** Tries before an event is parked. Default 10: the last about 17 minutes after the first. */
  readonly maxAttempts?: number;
  /**
   * Milliseconds until what a relay that died was delivering is taken over. Longer than one delivery may take, or two relays
   * deliver the same. Default 60,000.
   */
  readonly lease?: number;
  /** Milliseconds between two looks. Default 200. */
  readonly interval?: number;
}

export interface Relay {
  start(): void;
  /** Something was committed here: look now. */
  kick(): void;
  /** Resolves when running deliveries have ended. */
  stop(): Promise<void>;
  /** Takes up and delivers until nothing is due; for tests and for commands that end. */
  drain(): Promise<void>;
  /** Lets a parked delivery be tried again. */
  unpark(deliveryId: string): Promise<boolean>;
}

export type RelayLogger = Pick<Logger, 'error' | 'warn'>;

export interface RelayParts {
  readonly database: Database;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: RelayLogger;
}

const warnEveryMs = 60_000;

/** Hands committed events on: at least once, per subscriber and aggregate in order, outside any transaction. */
export function createRelay(parts: RelayParts, options: RelayOptions): Relay {
  const { database, storage, clock, ids, logger } = parts;
  const { subscribers, parallel = 8, maxAttempts = 10, lease = 60_000, interval = 200 } = options;
  const publisher = createPublisher(database, storage, clock, ids);
  const lanes = createLanes(database, storage, clock, randomUUID(), { maxAttempts, lease });
  const running = new Map<string, Set<Promise<void>>>();
  let stopping = false;

  const warnedAt = new Map<string, number>();

  /** What is parked is always told; of a subscriber that keeps failing, one line a minute says enough. */
  function warn(subscriber: string, event: PublishedEvent, attempt: number, problem: string): void {
    const about = { subscriber, event: event.id, type: event.type, attempt, problem };
    if (attempt >= maxAttempts) {
      logger.warn(about, 'a delivery is parked: an operator must look');
      return;
    }
    const now = performance.now();
    if (now - (warnedAt.get(subscriber) ?? Number.NEGATIVE_INFINITY) < warnEveryMs) return;
    warnedAt.set(subscriber, now);
    logger.warn(about, 'deliveries fail and are tried again; this is said once a minute');
  }

  async function deliverLane(lane: Lane, subscriber: Subscriber): Promise<void> {
    for (const pending of await lanes.pending(lane)) {
      if (stopping || !(await lanes.renew(lane))) break;
      try {
        await subscriber.deliver(pending.event);
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        warn(lane.subscriber, pending.event, pending.attempts + 1, text);
        return lanes.failed(lane, pending, text);
      }
      await lanes.delivered(pending);
    }
    await lanes.release(lane);
  }

  function launch(lane: Lane, subscriber: Subscriber): void {
    const mine = running.get(subscriber.name) ?? new Set();
    running.set(subscriber.name, mine);
    const run = deliverLane(lane, subscriber)
      .catch((error: unknown) => logger.error({ err: error, subscriber: lane.subscriber }, 'a relay lane failed'))
      .finally(() => {
        mine.delete(run);
        poller.kick();
      });
    mine.add(run);
  }

  /** Returns whether anything was done. */
  async function round(): Promise<boolean> {
    const current = await currentSubscribers(subscribers);
    let busy = false;
    while (!stopping && (await publisher.waits()) && (await publisher.publish(current)) > 0) busy = true;
    for (const subscriber of current) {
      const free = parallel - (running.get(subscriber.name)?.size ?? 0);
      if (free <= 0 || stopping) continue;
      const claimed = await lanes.claim(subscriber.name, free);
      for (const lane of claimed) launch(lane, subscriber);
      busy ||= claimed.length > 0;
    }
    return busy;
  }

  const inFlight = (): Promise<void>[] => [...running.values()].flatMap((set) => [...set]);
  const poller = createPoller({ name: 'outbox relay', interval, logger, work: async () => void (await round()) });

  return {
    start: () => poller.start(),
    kick: () => poller.kick(),
    async stop() {
      stopping = true;
      await poller.stop();
      await Promise.all(inFlight());
    },
    async drain() {
      while (await round()) await Promise.all(inFlight());
    },
    unpark: (deliveryId) => lanes.unpark(deliveryId),
  };
}
