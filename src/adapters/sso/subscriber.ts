import type { PublishedEvent } from '../../core/shared/events.js';

/** Hears of events through the outbox, at least once, in order per aggregate; what it throws makes the relay try again. */
export interface Subscriber {
  readonly name: string;
  wants(event: PublishedEvent): boolean;
  deliver(event: PublishedEvent): Promise<void>;
}
