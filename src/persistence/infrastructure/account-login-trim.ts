import { padded, placeholders } from '../sql/in-list.js';
import type { Database } from '../sql/sql.js';

/** Of each of the seven outcomes: below 1,000 lines an account. Apart, so that what strangers cause pushes nothing else out. */
const keptLogins = 140;
const batch = 512;

const tooLong =
  'SELECT service_account_id AS account, outcome FROM account_logins GROUP BY service_account_id, outcome ' +
  `HAVING COUNT(*) > ${keptLogins}`;
const oldest =
  'SELECT id FROM account_logins WHERE service_account_id = ? AND outcome = ? ' +
  `ORDER BY last_at DESC, id DESC LIMIT ${batch} OFFSET ${keptLogins}`;

/** Deletes the oldest lines of login histories that are longer than they may be; returns how many. */
export async function trimAccountLogins(database: Database): Promise<number> {
  let deleted = 0;
  for (const { account, outcome } of await database.read.all<{ account: string; outcome: string }>(tooLong)) {
    for (;;) {
      const rows = await database.read.all<{ id: string }>(oldest, [account, outcome]);
      if (rows.length === 0) break;
      const ids = rows.map((row) => row.id);
      deleted += await database.execute(
        `DELETE FROM account_logins WHERE id IN (${placeholders(ids.length)})`,
        padded(ids),
      );
      if (rows.length < batch) break;
    }
  }
  return deleted;
}
