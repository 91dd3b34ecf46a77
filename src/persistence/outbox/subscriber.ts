import type { PublishedEvent } from '../../core/shared/events.js';

/** Whoever wants to be told about events. Its name is stored with every delivery: keep it. */
export interface Subscriber {
  readonly name: string;
  wants(event: PublishedEvent): boolean;
  /** Outside any transaction, at least once, in order per aggregate. Throwing means: try again later. */
  deliver(event: PublishedEvent): Promise<void>;
}

export type Subscribers = readonly Subscriber[] | (() => readonly Subscriber[] | Promise<readonly Subscriber[]>);

export async function currentSubscribers(subscribers: Subscribers): Promise<readonly Subscriber[]> {
  return typeof subscribers === 'function' ? subscribers() : subscribers;
}
