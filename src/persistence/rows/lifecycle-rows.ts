import type { Hold, Lifecycle } from '../../core/shared/lifecycle.js';
import { padded, placeholders } from '../sql/in-list.js';
import type { Row, Sql } from '../sql/sql.js';

const columns = ['activated', 'holds', 'locked', 'pending', 'terminated_at'];

/** `a.activated AS a_activated, …`: the lifecycle of a joined table, to be read back with `lifecycleIn(row, 'a')`. */
export function lifecycleColumns(alias: string): string {
  return columns.map((column) => `${alias}.${column} AS ${alias}_${column}`).join(', ');
}

export function lifecycleIn(row: object, alias: string): Lifecycle {
  const values = row as Row;
  return {
    activated: values[`${alias}_activated`] === 1,
    holds: holdsIn(values[`${alias}_holds`] as string),
    locked: values[`${alias}_locked`] === 1,
    pending: values[`${alias}_pending`] as Lifecycle['pending'],
    terminatedAt: values[`${alias}_terminated_at`] as string | null,
  };
}

export function holdsIn(text: string): readonly Hold[] {
  return text === '[]' ? [] : (JSON.parse(text) as Hold[]);
}

/** Each tenant with all above it, nearest first; one statement. */
export async function lineagesOf(sql: Sql, tenantIds: readonly string[]): Promise<Map<string, Lifecycle[]>> {
  const lineages = new Map<string, Lifecycle[]>();
  if (tenantIds.length === 0) return lineages;
  const rows = await sql.all(
    `SELECT p.descendant_id AS of_tenant, ${lifecycleColumns('t')} FROM tenant_paths p ` +
      'JOIN tenants t ON t.id = p.ancestor_id ' +
      `WHERE p.descendant_id IN (${placeholders(tenantIds.length)}) ORDER BY p.descendant_id, p.depth`,
    padded(tenantIds),
  );
  for (const row of rows) {
    const tenantId = String(row.of_tenant);
    const lineage = lineages.get(tenantId) ?? [];
    lineage.push(lifecycleIn(row, 't'));
    lineages.set(tenantId, lineage);
  }
  return lineages;
}
