import type { Hold, Lifecycle } from '../../core/shared/lifecycle.js';
import { padded, placeholders } from '../sql/in-list.js';
import type { Row, Sql } from '../sql/sql.js';

const columns = ['activated', 'holds', 'locked', 'pending', 'terminated_at'];

/** `a.activated AS a_activated, …`: the lifecycle of a joined table, to be read back with `lifecycleIn(row, 'a')`. */
export function lifecycleColumns(alias: string): string {
  return columns.map((column) => `${alias}.${column} AS ${alias}_${column}`).join(', ');
}

type Names = readonly [string, string, string, string, string];

const namesOf = new Map<string, Names>();

/** Aliases are ours and few; putting their columns' names together for every row is what costs. */
function namesUnder(alias: string): Names {
  const known = namesOf.get(alias);
  if (known !== undefined) return known;
  const names = columns.map((column) => `${alias}_${column}`) as unknown as Names;
  namesOf.set(alias, names);
  return names;
}

export function lifecycleIn(row: object, alias: string): Lifecycle {
  const values = row as Row;
  const [activated, holds, locked, pending, terminatedAt] = namesUnder(alias);
  return {
    activated: values[activated] === 1,
    holds: holdsIn(values[holds] as string),
    locked: values[locked] === 1,
    pending: values[pending] as Lifecycle['pending'],
    terminatedAt: values[terminatedAt] as string | null,
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
