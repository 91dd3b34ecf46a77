import { type Clock, day, shift } from '../../core/shared/clock.js';
import { padded, placeholders } from '../sql/in-list.js';
import type { Database } from '../sql/sql.js';
import { trimAccountLogins } from './account-login-trim.js';

interface Expiring {
  readonly table: string;
  readonly key: string;
  /** With one parameter: the instant. */
  readonly condition: string;
  readonly keptMs: number;
}

/** What may go, and how long after it ended. The journal and the business rows never do. */
const expiring: readonly Expiring[] = [
  { table: 'throttles', key: 'key_hash', condition: 'expires_at <= ?', keptMs: 0 },
  { table: 'inbox', key: 'id', condition: 'expires_at <= ?', keptMs: 0 },
  { table: 'openid_records', key: 'id_hash', condition: 'expires_at <= ?', keptMs: 0 },
  { table: 'login_tokens', key: 'id', condition: 'expires_at <= ?', keptMs: 30 * day },
  { table: 'login_tickets', key: 'id', condition: 'expires_at <= ?', keptMs: 30 * day },
  { table: 'revocations', key: 'id', condition: 'at <= ?', keptMs: day },
  {
    table: 'account_logins',
    key: 'id',
    // the newest of each outcome stays, however old: the last success and the last failure are shown
    condition:
      'last_at <= ? AND EXISTS (SELECT 1 FROM account_logins n WHERE n.service_account_id = account_logins.service_account_id ' +
      'AND n.outcome = account_logins.outcome AND n.last_at > account_logins.last_at)',
    keptMs: 90 * day,
  },
  { table: 'request_records', key: 'id', condition: 'at <= ?', keptMs: 7 * day },
  { table: 'outbox_deliveries', key: 'id', condition: 'delivered_at <= ?', keptMs: 7 * day },
  {
    table: 'outbox_events',
    key: 'id',
    condition:
      'at <= ? AND sequence IS NOT NULL AND NOT EXISTS (SELECT 1 FROM outbox_deliveries d WHERE d.event_id = outbox_events.id)',
    keptMs: 7 * day,
  },
];

const batch = 512;

export interface Housekeeping {
  /** Deletes what expired, in small batches; returns how many rows. Any process may do it at any time. */
  sweep(): Promise<number>;
}

export function createHousekeeping(database: Database, clock: Clock): Housekeeping {
  async function sweepTable({ table, key, condition, keptMs }: Expiring): Promise<number> {
    const before = shift(clock.now(), -keptMs);
    let deleted = 0;
    for (;;) {
      const rows = await database.read.all<{ id: string }>(
        `SELECT ${key} AS id FROM ${table} WHERE ${condition} LIMIT ${batch}`,
        [before],
      );
      if (rows.length === 0) return deleted;
      const ids = rows.map((row) => row.id);
      const gone = await database.execute(
        `DELETE FROM ${table} WHERE ${key} IN (${placeholders(ids.length)})`,
        padded(ids),
      );
      deleted += gone;
      if (rows.length < batch || gone === 0) return deleted;
    }
  }

  return {
    async sweep() {
      const now = clock.now();
      let deleted = await database.execute('DELETE FROM seen_hashes WHERE expires_at <= ?', [now]);
      for (const one of expiring) deleted += await sweepTable(one);
      return deleted + (await trimAccountLogins(database));
    },
  };
}
