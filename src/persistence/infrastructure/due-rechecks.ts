import type { Clock } from '../../core/shared/clock.js';
import type { Sql } from '../sql/sql.js';

/** Ids of sessions a marketplace must be asked about, the longest due first; at most `limit`. */
export type DueRechecks = (limit: number) => Promise<string[]>;

/** Only those with applications still signed in to: nobody else would miss the answer before they ask for themselves. */
const text =
  "SELECT s.id AS id FROM sessions s WHERE s.state = 'ACTIVE' AND s.recheck_at <= ? " +
  'AND EXISTS (SELECT 1 FROM client_sessions c WHERE c.session_id = s.id AND c.ended_at IS NULL) ' +
  'ORDER BY s.recheck_at, s.id LIMIT ?';

export function createDueRechecks(sql: Pick<Sql, 'all'>, clock: Clock): DueRechecks {
  return async (limit) => {
    const rows = await sql.all<{ id: string }>(text, [clock.now(), String(limit)]);
    return rows.map(({ id }) => id);
  };
}
