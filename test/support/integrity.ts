import type { Database, Row } from '../../src/persistence/sql/sql.js';

/**
 * What must never be seen in a hub's database, whatever happened to its processes: one line for each thing found. Looks past
 * the hub, with SQL of its own.
 */
export async function findHalves({ read }: Database): Promise<string[]> {
  const queries: Record<string, string> = {
    'the counter of a pool is not its seats plus what pools below draw': `
      SELECT p.id, p.used, (SELECT COUNT(*) FROM licenses l WHERE l.pool_id = p.id AND l.live_key = '0') AS held
      FROM license_pools p
      WHERE p.used <> (SELECT COUNT(*) FROM licenses l WHERE l.pool_id = p.id AND l.live_key = '0')
                    + (SELECT COALESCE(SUM(c.quantity), 0) FROM license_pools c WHERE c.parent_pool_id = p.id)`,
    'a pool gave out more than it has': `SELECT id, used, quantity FROM license_pools WHERE used > quantity AND oversell = 0`,
    'an instance bought through a channel without subscription': `
      SELECT i.id FROM instances i JOIN external_refs r ON r.target_id = i.id
      WHERE NOT EXISTS (SELECT 1 FROM subscriptions s WHERE s.instance_id = i.id)`,
    'an instance bought through a channel without license pool': `
      SELECT i.id FROM instances i JOIN external_refs r ON r.target_id = i.id
      WHERE NOT EXISTS (SELECT 1 FROM license_pools p WHERE p.instance_id = i.id)`,
    'a member of an instance without license': `
      SELECT m.id FROM memberships m WHERE m.instance_id <> '' AND m.live_key = '0'
      AND NOT EXISTS (SELECT 1 FROM licenses l WHERE l.instance_id = m.instance_id AND l.user_id = m.user_id AND l.live_key = '0')`,
    'a license whose holder has no membership in its tenant': `
      SELECT l.id FROM licenses l WHERE l.live_key = '0'
      AND NOT EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = l.user_id AND m.tenant_id = l.tenant_id AND m.live_key = '0')`,
    'a license that no journal entry speaks of': `
      SELECT l.id FROM licenses l WHERE NOT EXISTS (SELECT 1 FROM journal_entries j WHERE j.object_id = l.id)`,
    'a license without its event': `
      SELECT l.id FROM licenses l WHERE NOT EXISTS
      (SELECT 1 FROM outbox_events e WHERE e.aggregate_id = l.id AND e.event_type = 'license.assigned')`,
  };
  const found: string[] = [];
  for (const [what, sql] of Object.entries(queries)) {
    const rows = await read.all<Row>(sql);
    if (rows.length > 0) found.push(`${what}: ${rows.length}, such as ${JSON.stringify(rows[0])}`);
  }
  return found;
}

/** How many events are not yet delivered to everybody who wants them. */
export async function undelivered({ read }: Database): Promise<{ readonly waiting: number; readonly parked: number }> {
  const one = async (sql: string) => Number((await read.all<{ n: number }>(sql))[0]?.n);
  return {
    waiting:
      (await one('SELECT COUNT(*) AS n FROM outbox_events WHERE sequence IS NULL')) +
      (await one('SELECT COUNT(*) AS n FROM outbox_deliveries WHERE delivered_at IS NULL AND parked_at IS NULL')),
    parked: await one('SELECT COUNT(*) AS n FROM outbox_deliveries WHERE parked_at IS NOT NULL'),
  };
}
