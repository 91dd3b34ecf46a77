import type { JournalEntryView, JournalFeed } from '../../../../core/journal/index.js';
import type { Actor } from '../../../../core/shared/actor.js';
import type { Filter } from '../../../../core/shared/reading.js';
import type { JournalTail } from './tail.js';

/** Entries in one statement: keeps a stream that starts far back from holding much in memory. */
const slice = 200;

export interface Following {
  readonly feed: JournalFeed;
  readonly tail: JournalTail;
  readonly actor: Actor;
  /** The last sequence number already known; from now on when undefined. */
  readonly after: number | undefined;
  readonly filter: Filter;
  readonly signal: AbortSignal;
}

/**
 * Sealed entries the actor may see, in order, each once, until the signal aborts. Sequence numbers are given without gaps when
 * entries are sealed, so resuming after the last one received misses nothing, in whichever process.
 */
export async function* followJournal(following: Following): AsyncGenerator<JournalEntryView, void> {
  const { feed, tail, actor, filter, signal } = following;
  let position = following.after ?? (await tail.head());
  while (!signal.aborted) {
    // Asked before the entries: what is sealed in between is at most read twice, never stepped over.
    const head = await tail.head();
    const entries = head > position ? await feed.after(actor, position, filter, slice) : [];
    for (const entry of entries) {
      position = entry.sequence ?? position;
      yield entry;
    }
    if (entries.length === slice) continue;
    position = Math.max(position, head);
    await tail.beyond(position, signal);
  }
}
