import type { PoolUse } from '../../core/licensing/index.js';
import type { Readers } from '../../core/readers.js';
import type { Sql } from '../sql/sql.js';
import { inSlices } from './in-slices.js';

export function poolUseOn(sql: Sql): Readers['poolUse'] {
  return {
    async of(poolIds) {
      const rows = await inSlices<PoolUse & { readonly id: string }>(sql, poolIds, (marks) => ({
        text:
          'SELECT p.id AS id, ' +
          "(SELECT COUNT(*) FROM licenses l WHERE l.pool_id = p.id AND l.live_key = '0') AS assigned, " +
          '(SELECT CAST(COALESCE(SUM(b.quantity), 0) AS SIGNED) FROM license_pools b WHERE b.parent_pool_id = p.id) ' +
          `AS subPurchased FROM license_pools p WHERE p.id IN (${marks})`,
      }));
      const found = new Map(rows.map(({ id, assigned, subPurchased }) => [id, { assigned, subPurchased }]));
      return poolIds.map((id) => found.get(id) ?? { assigned: 0, subPurchased: 0 });
    },
  };
}
