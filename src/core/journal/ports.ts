import type { Actor } from '../shared/actor.js';
import type { Filter } from '../shared/reading.js';
import type { JournalEntryView, JournalVerdict } from './model.js';

/** The sealed journal: entries are written in the command's transaction and chained afterwards. */
export interface JournalChain {
  /** Seals what is not sealed yet, up to `limit` entries; returns how many. */
  seal(limit: number): Promise<number>;
  /** Recomputes the whole chain; `onProgress` is told about every 1,000 entries. */
  verify(onProgress?: (done: number, total: number) => void): Promise<JournalVerdict>;
  /**
   * Recomputes the next part of the chain, at least that many entries, and begins again after the last: called now and then, all
   * of it is looked at in rounds. What is broken is found again until it holds.
   */
  checkNext(atLeast: number): Promise<JournalVerdict['broken']>;
}

export interface JournalFeed {
  /** Sealed entries after a sequence number, in order, without gaps, cut to the actor's reach. */
  after(actor: Actor, sequence: number, filter: Filter, limit: number): Promise<JournalEntryView[]>;
  head(): Promise<number>;
}

/** Before and after of journal entries, kept apart from the chain so that they can go. */
export interface JournalPayloads {
  /** Removes those of every entry about the object; the chain holds on. Returns how many went. */
  erase(objectId: string): Promise<number>;
}

export interface ParkedDeliveries {
  /** Lets a parked delivery be tried again, from its first attempt. False when there is no such parked one. */
  unpark(deliveryId: string): Promise<boolean>;
}
