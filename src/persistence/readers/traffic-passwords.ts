import type { Readers } from '../../core/readers.js';
import type { Sql } from '../sql/sql.js';
import { inSlices } from './in-slices.js';

export function trafficPasswordsOn(sql: Sql): Readers['trafficPasswords'] {
  return {
    async heldBy(instanceIds) {
      const rows = await inSlices<{ readonly instanceId: string }>(sql, instanceIds, (marks) => ({
        text: `SELECT k.instance_id AS instanceId FROM traffic_credentials k WHERE k.instance_id IN (${marks})`,
      }));
      return new Set(rows.map((row) => row.instanceId));
    },
  };
}
