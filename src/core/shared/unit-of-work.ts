import type { Actor } from './actor.js';
import type { Instant } from './clock.js';
import type { DomainError } from './errors.js';
import type { DomainEvent } from './events.js';
import type { Ids, ObjectKind } from './ids.js';

/** Who asked for what, through what: written to every journal entry of the unit. */
export interface Command {
  /** `licensing.assignLicense`, `nec.UpdateUserStatus`: the words of whoever asked. */
  readonly name: string;
  readonly requestId: string;
  readonly channelId?: string;
  readonly address?: string;
  readonly reason?: string;
  readonly idempotency?: Idempotency;
}

/**
 * A command with a key is stored with its answer for 7 days: same scope, key and content → the stored answer and no second
 * effect; other content → `idempotency_conflict`. The answer must survive JSON.
 */
export interface Idempotency {
  /** The channel's or client's id: keys of different callers never meet. */
  readonly scope: string;
  readonly key: string;
  /** Compared by keyed hash; must name the operation too. */
  readonly content: string;
  /**
   * When given, a refusal is also an answer to be remembered: its rendering, or undefined to let it be tried again.
   * A unit refused so does not throw: it answers with the rendering, the first time and every later one.
   */
  readonly refusal?: (error: DomainError) => unknown;
}

/** What every unit offers besides its repositories. */
export interface Tx {
  readonly actor: Actor;
  readonly command: Command;
  /** One instant for the whole unit. */
  readonly now: Instant;
  readonly ids: Ids;
  /** Queued in the outbox in this transaction; relayed after commit, at least once, ordered per aggregate. */
  emit(event: DomainEvent): void;
  /** An extra journal entry, for what no row shows (a refused sign-in, a reading that must leave a trace). */
  note(entry: JournalNote): void;
}

export interface JournalNote {
  readonly objectKind: ObjectKind;
  readonly objectId: string;
  readonly tenantId: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/**
 * The only way to a write repository. `work` may run up to three times (deadlock, lost certification), each time in a new
 * transaction, so nothing outside the database may happen in it. Nothing is kept of a run that throws.
 */
export interface UnitOfWork<Repositories> {
  run<T>(actor: Actor, command: Command, work: (tx: Tx & Repositories) => Promise<T>): Promise<T>;
}
