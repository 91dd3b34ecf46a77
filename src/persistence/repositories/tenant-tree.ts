import { invalid } from '../../core/shared/errors.js';
import type { Tenant, TenantTree } from '../../core/tenancy/index.js';
import { selectList } from '../rows/statements.js';
import { listsOf, padded, placeholders } from '../sql/in-list.js';
import { tenants } from '../tables/tenancy.js';
import type { UnitContext } from '../unit/unit-context.js';

const levels = 16;

const lineageText =
  `SELECT ${selectList(tenants)} FROM tenant_paths p JOIN tenants t ON t.id = p.ancestor_id ` +
  'WHERE p.descendant_id = ? ORDER BY p.depth';

export function tenantTreeOf({ sql, storage }: UnitContext): TenantTree {
  return {
    async attach(tenantId, parentId) {
      if (parentId !== '') {
        const [deepest] = await sql.all<{ depth: number | null }>(
          'SELECT MAX(depth) AS depth FROM tenant_paths WHERE descendant_id = ?',
          [parentId],
        );
        if ((deepest?.depth ?? 0) + 2 > levels) throw invalid('parent', `the tree has at most ${levels} levels`);
        await sql.run(
          'INSERT INTO tenant_paths (ancestor_id, descendant_id, depth) ' +
            'SELECT ancestor_id, ?, depth + 1 FROM tenant_paths WHERE descendant_id = ?',
          [tenantId, parentId],
        );
      }
      await sql.run('INSERT INTO tenant_paths (ancestor_id, descendant_id, depth) VALUES (?, ?, 0)', [
        tenantId,
        tenantId,
      ]);
    },
    async lineage(tenantId) {
      const { codec } = storage<Tenant>(tenants);
      return (await sql.all(lineageText, [tenantId])).map((row) => codec.decode(row));
    },
    async descendants(tenantId) {
      const rows = await sql.all<{ id: string }>(
        'SELECT descendant_id AS id FROM tenant_paths WHERE ancestor_id = ? ORDER BY depth, descendant_id',
        [tenantId],
      );
      return rows.map((row) => row.id);
    },
    async depths(tenantIds) {
      const found = new Map<string, number>();
      for (const list of listsOf(tenantIds)) {
        const rows = await sql.all<{ id: string; depth: number }>(
          'SELECT descendant_id AS id, MAX(depth) AS depth FROM tenant_paths ' +
            `WHERE descendant_id IN (${placeholders(list.length)}) GROUP BY descendant_id`,
          padded(list),
        );
        for (const { id, depth } of rows) found.set(id, depth);
      }
      return found;
    },
    async isWithin(tenantId, rootIds) {
      if (rootIds.length === 0) return false;
      const rows = await sql.all(
        `SELECT 1 AS one FROM tenant_paths WHERE descendant_id = ? AND ancestor_id IN (${placeholders(rootIds.length)}) LIMIT 1`,
        [tenantId, ...padded(rootIds)],
      );
      return rows.length > 0;
    },
  };
}
