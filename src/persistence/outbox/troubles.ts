import type { DeliveryTrouble, DeliveryTroubles } from '../../core/alarms/index.js';
import type { Sql } from '../sql/sql.js';

const listText =
  'SELECT subscriber AS subscriber, COUNT(parked_at) AS parked, MAX(parked_at) AS lastParkedAt, ' +
  'COUNT(CASE WHEN parked_at IS NULL AND attempts >= ? THEN 1 END) AS failing, MAX(last_error) AS problem ' +
  'FROM outbox_deliveries WHERE delivered_at IS NULL AND attempts > 0 GROUP BY subscriber ' +
  'HAVING COUNT(parked_at) > 0 OR COUNT(CASE WHEN attempts >= ? THEN 1 END) > 0 ORDER BY subscriber';
const parkedText =
  'SELECT COUNT(*) AS total FROM outbox_deliveries WHERE delivered_at IS NULL AND subscriber = ? AND parked_at > ?';

/** What the relay does not get rid of, from the deliveries themselves: true after a restart, and in every process. */
export function createDeliveryTroubles(sql: Sql): DeliveryTroubles {
  return {
    list: (attempts) => sql.all<DeliveryTrouble>(listText, [attempts, attempts]),
    async parkedSince(subscriber, since) {
      const [row] = await sql.all<{ total: number }>(parkedText, [subscriber, since]);
      return row?.total ?? 0;
    },
  };
}
