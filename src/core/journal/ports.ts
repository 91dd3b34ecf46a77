import type { Actor } from '../shared/actor.js';
import type { Filter } from '../shared/reading.js';
import type { JournalEntryView, JournalVerdict } from './model.js';

/** The sealed journal: entries are written in the command's transaction and chained afterwards. */
export interface JournalChain {
  /** Seals what is not sealed yet, up to `limit` entries; returns how many. */
  seal(limit: number): Promise<number>;
  /** Recomputes the whole chain; `onProgress` is told about every 1,000 entries. */
  verify(onProgress?: (done: number, total: number) => void): Promise<JournalVerdict>;
}

export interface JournalFeed {
  /** Sealed entries after a sequence number, in order, without gaps, cut to the actor's reach. */
  after(actor: Actor, sequence: number, filter: Filter, limit: number): Promise<JournalEntryView[]>;
  head(): Promise<number>;
}
