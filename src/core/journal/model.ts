import type { ActorKind } from '../shared/actor.js';
import type { Instant } from '../shared/clock.js';

/** One thing that happened to one object, by whom, through what. */
export interface JournalEntryView {
  readonly id: string;
  /** Place in the sealed chain; null for the moment between commit and sealing. */
  readonly sequence: number | null;
  readonly at: Instant;
  readonly actorKind: ActorKind;
  readonly actorId: string;
  readonly actorName: string;
  readonly channelId: string;
  readonly command: string;
  readonly requestId: string;
  readonly reason: string;
  readonly tenantId: string;
  readonly objectKind: string;
  readonly objectId: string;
  /** undefined when erased. Secrets are never in it. */
  readonly before: unknown;
  readonly after: unknown;
  readonly erasedAt: Instant | null;
}

/** What `journal verify` finds. */
export interface JournalVerdict {
  readonly entries: number;
  readonly sealed: number;
  readonly unsealed: number;
  readonly erased: number;
  readonly head: string;
  /** The first entry that does not fit; null when the chain holds. */
  readonly broken: { readonly sequence: number; readonly entryId: string; readonly problem: string } | null;
}
