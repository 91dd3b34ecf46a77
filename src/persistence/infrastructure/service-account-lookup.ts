import type { ServiceAccountLookup } from '../../core/marketplace/index.js';
import type { Clock } from '../../core/shared/clock.js';
import { selectList } from '../rows/statements.js';
import type { Storage } from '../rows/stored-table.js';
import type { Row, Sql } from '../sql/sql.js';
import { serviceAccounts } from '../tables/marketplace.js';
import { throttleHash } from './throttles.js';

/** The block and the account come in one row: an unknown account costs the same as a known one. */
const text =
  `SELECT x.blocked_until AS blockedUntil, ${selectList(serviceAccounts)} FROM (SELECT 1 AS one) o ` +
  'LEFT JOIN throttles x ON x.key_hash = ? LEFT JOIN service_accounts t ON t.channel_id = ? AND t.username = ?';

export function createServiceAccountLookup(sql: Sql, storage: Storage, clock: Clock): ServiceAccountLookup {
  const { codec } = storage(serviceAccounts);
  return {
    async find(channelId, username, throttleKey) {
      const [row] = await sql.all<Row>(text, [throttleHash(throttleKey), channelId, username]);
      const { blockedUntil, ...columns } = row ?? {};
      const until = typeof blockedUntil === 'string' && blockedUntil > clock.now() ? blockedUntil : null;
      const known = columns.username === username;
      return { account: known ? codec.decode(columns) : undefined, blockedUntil: until };
    },
  };
}
