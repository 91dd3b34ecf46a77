import type { Unit, Units } from '../../core/repositories.js';
import type { Actor } from '../../core/shared/actor.js';
import type { Clock } from '../../core/shared/clock.js';
import { isDomainError } from '../../core/shared/errors.js';
import type { Ids, ObjectKind } from '../../core/shared/ids.js';
import type { Command, Idempotency } from '../../core/shared/unit-of-work.js';
import type { Storage } from '../rows/stored-table.js';
import type { Secrets } from '../secrets.js';
import type { Database, Sql } from '../sql/sql.js';
import { createInbox } from './inbox.js';
import { createJournalBuffer } from './journal-buffer.js';
import { createOutboxBuffer } from './outbox-buffer.js';
import { createUnitTx } from './unit-tx.js';

/** What a committed unit left for others to do. */
export interface Committed {
  readonly events: number;
  readonly journalEntries: number;
  /** The kinds of objects it changed. */
  readonly kinds: ReadonlySet<ObjectKind>;
}

export interface UnitsOptions {
  readonly database: Database;
  readonly storage: Storage;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly onCommit: (committed: Committed) => void;
  readonly server?: string | undefined;
}

type Outcome<T> = { readonly answer: T; readonly committed: Committed };

const nothing: Committed = { events: 0, journalEntries: 0, kinds: new Set() };

/** Units of work on the database: inbox check, work, answer, journal and outbox in one transaction. */
export function createUnits(options: UnitsOptions): Units {
  const { database, storage, secrets, clock, ids, server } = options;
  const inbox = createInbox(storage, secrets, ids);

  async function perform<T>(
    sql: Sql,
    actor: Actor,
    command: Command,
    work: (tx: Unit) => Promise<T>,
  ): Promise<Outcome<T>> {
    const now = clock.now();
    const { idempotency } = command;
    const claim = idempotency === undefined ? undefined : await inbox.claim(sql, idempotency, now);
    if (claim !== undefined && 'answer' in claim) return { answer: claim.answer as T, committed: nothing };
    const journal = createJournalBuffer(actor, command, now, ids, storage);
    const outbox = createOutboxBuffer(now, ids, storage);
    const written = new Set<string>();
    const answer = await work(
      createUnitTx({ sql, actor, command, now, ids, storage, journal, written, server }, outbox),
    );
    const committed = {
      journalEntries: await journal.flush(sql),
      events: await outbox.flush(sql, written),
      kinds: journal.kinds(),
    };
    if (claim !== undefined) await inbox.answer(sql, claim.claimed, answer);
    return { answer, committed };
  }

  /** A refusal that is an answer too: remembered after the rollback of what was refused. */
  async function remember<T>(idempotency: Idempotency, error: unknown): Promise<T> {
    if (!isDomainError(error) || isDomainError(error, 'busy', 'idempotency_conflict')) throw error;
    const rendering = idempotency.refusal?.(error);
    if (rendering === undefined) throw error;
    return database.transaction(
      async (sql) => {
        const claim = await inbox.claim(sql, idempotency, clock.now());
        if ('answer' in claim) return claim.answer as T;
        await inbox.answer(sql, claim.claimed, rendering);
        return rendering as T;
      },
      { repeatable: true },
    );
  }

  return {
    async run(actor, command, work) {
      const { idempotency } = command;
      try {
        const { answer, committed } = await database.transaction((sql) => perform(sql, actor, command, work), {
          repeatable: idempotency !== undefined,
        });
        if (committed.events + committed.journalEntries > 0) options.onCommit(committed);
        return answer;
      } catch (error) {
        if (idempotency === undefined) throw error;
        return remember(idempotency, error);
      }
    },
  };
}
