import type { Lookups } from '../../core/repositories.js';
import { systemActor } from '../../core/shared/actor.js';
import type { Clock } from '../../core/shared/clock.js';
import type { Ids } from '../../core/shared/ids.js';
import type { Storage } from '../rows/stored-table.js';
import type { Sql } from '../sql/sql.js';
import { createJournalBuffer } from './journal-buffer.js';
import { createOutboxBuffer } from './outbox-buffer.js';
import { createUnitTx } from './unit-tx.js';

/** The repositories' reading half on connections outside any transaction, made once for the process; writing through it throws. */
export function createLookups(sql: Sql, storage: Storage, clock: Clock, ids: Ids): Lookups {
  const reading: Sql = {
    dialect: sql.dialect,
    all: (text, params) => sql.all(text, params),
    run: async () => {
      throw new Error('lookups do not write');
    },
  };
  const actor = systemActor('lookups');
  const command = { name: 'lookups', requestId: '' };
  const started = clock.now();
  return createUnitTx(
    {
      sql: reading,
      actor,
      command,
      get now() {
        return clock.now();
      },
      ids,
      storage,
      journal: createJournalBuffer(actor, command, started, ids, storage),
      written: new Set(),
    },
    createOutboxBuffer(started, ids, storage),
  );
}
