import type { LicenseUsage } from '../../core/billing/index.js';
import type { Readers } from '../../core/readers.js';
import { padded, placeholders } from '../sql/in-list.js';
import type { Sql } from '../sql/sql.js';

interface Subject {
  readonly tenantId: string;
  readonly applicationId: string;
  readonly ownerTenantId: string;
}

interface TypeRow {
  readonly licenseTypeId: string;
  readonly code: string;
  readonly poolId: string | null;
  readonly poolInstanceId: string | null;
}

interface HeldRow {
  readonly licenseTypeId: string;
  readonly userId: string;
}

/**
 * What was bought, held and to be billed at an instant, from the quantity changes, the licenses and the stretches during which
 * every link of the chain was active. Stretches begin inclusive and end exclusive.
 */
export function licenseUsageOn(sql: Sql): Readers['licenseUsage'] {
  return {
    async of(instanceId, at) {
      const [subject] = await sql.all<Subject>(
        'SELECT i.tenant_id AS tenantId, i.application_id AS applicationId, a.owner_tenant_id AS ownerTenantId ' +
          'FROM instances i JOIN applications a ON a.id = i.application_id WHERE i.id = ?',
        [instanceId],
      );
      if (subject === undefined) return [];
      const types = await typesAndPools(sql, instanceId, subject);
      const quantities = await quantitiesAt(
        sql,
        [...types.values()].flatMap((type) => type.poolIds),
        at,
      );
      const held = await heldAt(sql, instanceId, subject, at);
      const billable = held.length > 0 && (await isBillable(sql, instanceId, subject, at));
      const people = billable ? await activePeople(sql, instanceId, subject.tenantId, held, at) : new Set<string>();
      return [...types].map(([licenseTypeId, { code, poolIds }]): LicenseUsage => {
        const seats = held.filter((license) => license.licenseTypeId === licenseTypeId);
        return {
          licenseTypeId,
          code,
          purchased: poolIds.reduce((sum, poolId) => sum + (quantities.get(poolId) ?? 0), 0),
          assigned: seats.length,
          billable: seats.filter((seat) => people.has(seat.userId)).length,
        };
      });
    },
  };
}

/** The instance's own pool of each type; where it has none, the tenant's for the application. */
async function typesAndPools(sql: Sql, instanceId: string, subject: Subject) {
  const rows = await sql.all<TypeRow>(
    'SELECT lt.id AS licenseTypeId, lt.code AS code, p.id AS poolId, p.instance_id AS poolInstanceId ' +
      'FROM license_types lt LEFT JOIN license_pools p ON p.license_type_id = lt.id AND p.tenant_id = ? ' +
      "AND p.instance_id IN (?, '') WHERE lt.application_id = ? ORDER BY lt.position, lt.id",
    [subject.tenantId, instanceId, subject.applicationId],
  );
  const types = new Map<string, { code: string; poolIds: string[] }>();
  for (const { licenseTypeId, code } of rows) {
    const own = rows.filter((row) => row.licenseTypeId === licenseTypeId && row.poolId !== null);
    const exact = own.filter((row) => row.poolInstanceId === instanceId);
    types.set(licenseTypeId, { code, poolIds: (exact.length > 0 ? exact : own).map((row) => row.poolId!) });
  }
  return types;
}

async function quantitiesAt(sql: Sql, poolIds: readonly string[], at: string): Promise<Map<string, number>> {
  if (poolIds.length === 0) return new Map();
  const rows = await sql.all<{ poolId: string; quantity: number }>(
    `SELECT pool_id AS poolId, quantity FROM pool_changes WHERE pool_id IN (${placeholders(poolIds.length)}) ` +
      'AND changed_at <= ? ORDER BY changed_at, id',
    [...padded(poolIds), at],
  );
  return new Map(rows.map((row) => [row.poolId, row.quantity])); // the latest of each pool wins
}

function heldAt(sql: Sql, instanceId: string, subject: Subject, at: string): Promise<HeldRow[]> {
  return sql.all<HeldRow>(
    'SELECT license_type_id AS licenseTypeId, user_id AS userId FROM licenses ' +
      "WHERE application_id = ? AND (instance_id = ? OR (instance_id = '' AND tenant_id = ?)) " +
      'AND assigned_at <= ? AND (released_at IS NULL OR released_at > ?)',
    [subject.applicationId, instanceId, subject.tenantId, at, at],
  );
}

/** Everything above the person: owner, application, the tenant and all above it, the instance, and a subscription past its trial. */
async function isBillable(sql: Sql, instanceId: string, subject: Subject, at: string): Promise<boolean> {
  const lineage = await sql.all<{ id: string }>('SELECT ancestor_id AS id FROM tenant_paths WHERE descendant_id = ?', [
    subject.tenantId,
  ]);
  const links = new Set([instanceId, subject.applicationId, ...lineage.map((tenant) => tenant.id)]);
  if (subject.ownerTenantId !== '') links.add(subject.ownerTenantId);
  const active = await activeAt(sql, [...links], at);
  if (active.size < links.size) return false;
  const subscriptions = await sql.all<{ id: string; trialEndsAt: string | null; startedAt: string }>(
    'SELECT id, trial_ends_at AS trialEndsAt, started_at AS startedAt FROM subscriptions ' +
      "WHERE instance_id = ? OR (instance_id = '' AND tenant_id = ? AND application_id = ?)",
    [instanceId, subject.tenantId, subject.applicationId],
  );
  if (subscriptions.length === 0) return true;
  const running = await activeAt(
    sql,
    subscriptions.map((subscription) => subscription.id),
    at,
  );
  return subscriptions.some(({ id, trialEndsAt }) => running.has(id) && (trialEndsAt === null || trialEndsAt <= at));
}

/** Of the people who held a seat those who were active themselves and in the membership that decided then. */
async function activePeople(
  sql: Sql,
  instanceId: string,
  tenantId: string,
  held: readonly HeldRow[],
  at: string,
): Promise<Set<string>> {
  const userIds = [...new Set(held.map((license) => license.userId))];
  const memberships = await sql.all<{ id: string; userId: string; instanceId: string }>(
    'SELECT id, user_id AS userId, instance_id AS instanceId FROM memberships ' +
      `WHERE tenant_id = ? AND instance_id IN (?, '') AND user_id IN (${placeholders(userIds.length)}) ` +
      'AND created_at <= ? AND (terminated_at IS NULL OR terminated_at > ?)',
    [tenantId, instanceId, ...padded(userIds), at, at],
  );
  const deciding = new Map<string, string>();
  for (const row of memberships) {
    if (row.instanceId !== '' || !deciding.has(row.userId)) deciding.set(row.userId, row.id);
  }
  const active = await activeAt(sql, [...userIds, ...deciding.values()], at);
  return new Set(userIds.filter((id) => active.has(id) && active.has(deciding.get(id) ?? '')));
}

/** Those of the objects that were active at the instant; in lists of at most 1,000. */
async function activeAt(sql: Sql, objectIds: readonly string[], at: string): Promise<Set<string>> {
  const active = new Set<string>();
  for (let from = 0; from < objectIds.length; from += 1_000) {
    const some = objectIds.slice(from, from + 1_000);
    const rows = await sql.all<{ id: string }>(
      `SELECT object_id AS id FROM active_spans WHERE object_id IN (${placeholders(some.length)}) ` +
        'AND started_at <= ? AND (ended_at IS NULL OR ended_at > ?)',
      [...padded(some), at, at],
    );
    for (const row of rows) active.add(row.id);
  }
  return active;
}
