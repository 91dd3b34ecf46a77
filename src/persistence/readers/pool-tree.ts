import type { LicensePoolLevel, PoolTree, PoolTreeQuestion } from '../../core/licensing/index.js';
import type { Actor } from '../../core/shared/actor.js';
import { invalid } from '../../core/shared/errors.js';
import { selectList } from '../rows/statements.js';
import type { Storage } from '../rows/stored-table.js';
import type { Secrets } from '../secrets.js';
import { isAscii } from '../sql/ascii.js';
import type { Row, Sql, SqlValue } from '../sql/sql.js';
import { licensePools } from '../tables/licensing.js';
import { readCursor, writeCursor } from './cursors.js';
import { allOf, everything, isAmong, type Predicate, where } from './predicate.js';
import { poolScope, tenantScope } from './scopes.js';

const largestPage = 200;
const from =
  'FROM tenant_paths a JOIN tenants o ON o.id = a.descendant_id AND o.terminated_at IS NULL ' +
  'JOIN license_pools t ON t.tenant_id = a.descendant_id';

export function poolTreeOn(sql: Sql, storage: Storage, secrets: Secrets): PoolTree {
  const { codec } = storage(licensePools);
  const columns = `${selectList(licensePools)}, a.depth AS depth`;
  return {
    async page(actor, question) {
      const { first, after } = question;
      if (!Number.isInteger(first) || first < 1 || first > largestPage) {
        throw invalid('first', `must be 1 to ${largestPage}`);
      }
      const binding = JSON.stringify(['licensePoolTree', question.tenantId, question.applicationId ?? '']);
      const behind = after === undefined || after === null ? everything : behindOf(readCursor(secrets, binding, after));
      const wanted = allOf(rowsOf(actor, question), behind);
      const rows =
        wanted === undefined
          ? []
          : await sql.all<Row & { depth: number }>(
              `SELECT ${columns} ${from}${where(wanted)} ORDER BY a.depth, t.tenant_id, t.id LIMIT ?`,
              [...wanted.params, String(first + 1)],
            );
      const nodes = rows.slice(0, first).map(({ depth, ...row }): LicensePoolLevel => {
        return { depth, pool: codec.decode(row) };
      });
      return {
        nodes,
        cursors: nodes.map(({ depth, pool }) => writeCursor(secrets, binding, [depth, pool.tenantId, pool.id])),
        hasNextPage: rows.length > first,
        hasPreviousPage: behind !== everything,
      };
    },
    async count(actor, question) {
      const wanted = rowsOf(actor, question);
      if (wanted === undefined) return 0;
      const [row] = await sql.all<{ total: number }>(`SELECT COUNT(*) AS total ${from}${where(wanted)}`, wanted.params);
      return row?.total ?? 0;
    },
  };
}

/** Who may not see the tenant at the top learns nothing of what is below it either. */
function rowsOf(actor: Actor, { tenantId, applicationId }: PoolTreeQuestion): Predicate | undefined {
  const given = [tenantId, applicationId ?? ''];
  if (given.some((id) => !isAscii(id) || id.includes(' '))) return undefined;
  return allOf(
    { text: 'a.ancestor_id = ?', params: [tenantId] },
    applicationId ? { text: 't.application_id = ?', params: [applicationId] } : everything,
    isAmong('a.ancestor_id', 'SELECT r.id FROM tenants r', tenantScope(actor, 'r')),
    poolScope(actor),
  );
}

function behindOf(cursor: readonly SqlValue[]): Predicate {
  const [depth, tenantId, id] = cursor as [SqlValue, SqlValue, SqlValue];
  return {
    text: 'a.depth >= ? AND (a.depth > ? OR t.tenant_id > ? OR (t.tenant_id = ? AND t.id > ?))',
    params: [depth, depth, tenantId, tenantId, id],
  };
}
