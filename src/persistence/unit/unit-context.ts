import type { Actor } from '../../core/shared/actor.js';
import type { Ids } from '../../core/shared/ids.js';
import type { Command } from '../../core/shared/unit-of-work.js';
import type { Storage } from '../rows/stored-table.js';
import type { Sql } from '../sql/sql.js';
import type { JournalBuffer } from './journal-buffer.js';

/** What every repository of one unit shares. */
export interface UnitContext {
  readonly sql: Sql;
  readonly actor: Actor;
  readonly command: Command;
  readonly now: string;
  readonly ids: Ids;
  readonly storage: Storage;
  readonly journal: JournalBuffer;
  /** Address of the server, for what is raised here; absent when nobody said. */
  readonly server?: string | undefined;
  /** Ids of the rows this unit wrote: only those may emit events, because their version is new. */
  readonly written: Set<string>;
}
