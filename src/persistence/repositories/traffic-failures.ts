import type { TrafficFailures } from '../../core/provisioning/index.js';
import { day, shift } from '../../core/shared/clock.js';
import type { UnitContext } from '../unit/unit-context.js';

/** "In a row" knows no time; what nobody added to for so long is forgotten with the other counts. */
const keptMs = 365 * day;

/** Among the throttles, under the instance's id itself: it is no secret, and a join finds it by that. */
export function trafficFailuresOf({ sql, now }: UnitContext): TrafficFailures {
  const addText =
    'INSERT INTO throttles (key_hash, failures, window_ends_at, blocked_until, expires_at) VALUES (?, 1, ?, NULL, ?) ' +
    (sql.dialect === 'mysql'
      ? 'ON DUPLICATE KEY UPDATE failures = failures + 1, window_ends_at = VALUES(window_ends_at), expires_at = VALUES(expires_at)'
      : 'ON CONFLICT (key_hash) DO UPDATE SET failures = failures + 1, window_ends_at = excluded.window_ends_at, expires_at = excluded.expires_at');

  return {
    async add(instanceId) {
      const until = shift(now, keptMs);
      await sql.run(addText, [instanceId, until, until]);
      const [row] = await sql.all<{ failures: number }>('SELECT failures FROM throttles WHERE key_hash = ?', [
        instanceId,
      ]);
      return row?.failures ?? 1;
    },
    async clear(instanceId) {
      await sql.run('DELETE FROM throttles WHERE key_hash = ?', [instanceId]);
    },
  };
}
