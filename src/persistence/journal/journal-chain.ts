import type { JournalChain } from '../../core/journal/index.js';
import type { Clock } from '../../core/shared/clock.js';
import { createHubMeta } from '../infrastructure/meta.js';
import type { Storage } from '../rows/stored-table.js';
import type { Secrets } from '../secrets.js';
import type { Database } from '../sql/sql.js';
import { createSealer } from './seal.js';
import { verifyJournal, verifyPart } from './verify.js';

/** Up to which entry the hub has looked at the chain in this round; kept in the database, so that restarts begin no new one. */
const checkedName = 'journal checked to';

export interface SqlJournalChain extends JournalChain {
  /** Removes before and after of every entry about the object; the chain holds on and counts them as erased. */
  erase(objectId: string): Promise<number>;
}

export function createJournalChain(
  database: Database,
  storage: Storage,
  secrets: Secrets,
  clock: Clock,
): SqlJournalChain {
  const meta = createHubMeta(database);
  const { seal } = createSealer(database, storage, secrets, clock);
  return {
    seal,
    verify: (onProgress) => verifyJournal(database.read, secrets, onProgress),
    async checkNext(atLeast) {
      const after = Number((await meta.get(checkedName)) ?? 0);
      const { broken, next } = await verifyPart(database.read, secrets, after, atLeast);
      if (next !== after) await meta.set(checkedName, String(next));
      return broken;
    },
    erase: (objectId) =>
      database.execute(
        "UPDATE journal_payloads SET salt = '', before_json = NULL, after_json = NULL, erased_at = ? " +
          'WHERE erased_at IS NULL AND entry_id IN (SELECT id FROM journal_entries WHERE object_id = ?)',
        [clock.now(), objectId],
      ),
  };
}
