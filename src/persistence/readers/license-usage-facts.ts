import { padded, placeholders } from '../sql/in-list.js';
import type { Sql } from '../sql/sql.js';
import { inSlices } from './in-slices.js';

export interface Subject {
  readonly instanceId: string;
  readonly tenantId: string;
  readonly applicationId: string;
  readonly ownerTenantId: string;
}

interface Place {
  readonly id: string;
  readonly tenantId: string;
  readonly applicationId: string;
  readonly instanceId: string;
}

interface Membership {
  readonly id: string;
  readonly userId: string;
  readonly tenantId: string;
  readonly instanceId: string;
}

/** What counting seats of some instances at an instant needs. */
export interface UsageFacts {
  /** In the order they were declared. */
  readonly types: readonly { readonly id: string; readonly code: string; readonly applicationId: string }[];
  readonly pools: readonly (Place & { readonly licenseTypeId: string })[];
  /** By pool. */
  readonly quantities: ReadonlyMap<string, number>;
  readonly licenses: readonly (Place & { readonly licenseTypeId: string; readonly userId: string })[];
  readonly subscriptions: readonly (Place & { readonly trialEndsAt: string | null })[];
  /** The tenant and all above it. */
  readonly lineages: ReadonlyMap<string, readonly string[]>;
  /** By person. */
  readonly memberships: ReadonlyMap<string, readonly Membership[]>;
  /** Whatever of all these was active then. */
  readonly active: ReadonlySet<string>;
}

const placeColumns =
  't.id AS id, t.tenant_id AS tenantId, t.application_id AS applicationId, t.instance_id AS instanceId';

export async function loadUsageFacts(sql: Sql, subjects: readonly Subject[], at: string): Promise<UsageFacts> {
  const instanceIds = subjects.map((subject) => subject.instanceId);
  const tenantIds = [...new Set(subjects.map((subject) => subject.tenantId))];
  const applicationIds = [...new Set(subjects.map((subject) => subject.applicationId))];

  /** Rows for the instances, and rows for their tenants as such. */
  function inPlaces<T extends Place>(table: string, columns: string, condition = '', params: readonly string[] = []) {
    const text =
      `SELECT ${placeColumns}, ${columns} FROM ${table} t WHERE t.application_id IN (${placeholders(applicationIds.length)}) ` +
      `AND (t.instance_id IN (${placeholders(instanceIds.length)}) ` +
      `OR (t.instance_id = '' AND t.tenant_id IN (${placeholders(tenantIds.length)})))${condition}`;
    return sql.all<T>(text, [...padded(applicationIds), ...padded(instanceIds), ...padded(tenantIds), ...params]);
  }

  const types = await sql.all<UsageFacts['types'][number]>(
    'SELECT id, code, application_id AS applicationId FROM license_types ' +
      `WHERE application_id IN (${placeholders(applicationIds.length)}) ORDER BY position, id`,
    padded(applicationIds),
  );
  const pools = await inPlaces<UsageFacts['pools'][number]>('license_pools', 't.license_type_id AS licenseTypeId');
  const licenses = await inPlaces<UsageFacts['licenses'][number]>(
    'licenses',
    't.license_type_id AS licenseTypeId, t.user_id AS userId',
    ' AND t.assigned_at <= ? AND (t.released_at IS NULL OR t.released_at > ?)',
    [at, at],
  );
  const quantities = await quantitiesAt(sql, pools, at);
  if (licenses.length === 0) {
    const none = new Map<string, never>();
    return {
      types,
      pools,
      licenses,
      quantities,
      subscriptions: [],
      lineages: none,
      memberships: none,
      active: new Set(),
    };
  }

  const subscriptions = await inPlaces<UsageFacts['subscriptions'][number]>(
    'subscriptions',
    't.trial_ends_at AS trialEndsAt',
  );
  const paths = await inSlices<{ id: string; tenantId: string }>(sql, tenantIds, (marks) => ({
    text: `SELECT ancestor_id AS id, descendant_id AS tenantId FROM tenant_paths WHERE descendant_id IN (${marks})`,
  }));
  const userIds = [...new Set(licenses.map((license) => license.userId))];
  const memberships = await inSlices<Membership>(sql, userIds, (marks) => ({
    text:
      'SELECT id, user_id AS userId, tenant_id AS tenantId, instance_id AS instanceId FROM memberships ' +
      `WHERE user_id IN (${marks}) AND tenant_id IN (${placeholders(tenantIds.length)}) ` +
      'AND created_at <= ? AND (terminated_at IS NULL OR terminated_at > ?)',
    after: [...padded(tenantIds), at, at],
  }));
  const links = [
    subjects.flatMap(({ instanceId, applicationId, ownerTenantId }) => [instanceId, applicationId, ownerTenantId]),
  ];
  links.push(userIds, ...[paths, subscriptions, memberships].map((rows) => rows.map(({ id }) => id)));
  return {
    types,
    pools,
    quantities,
    licenses,
    subscriptions,
    lineages: grouped(
      paths,
      (path) => path.tenantId,
      (path) => path.id,
    ),
    memberships: grouped(
      memberships,
      (membership) => membership.userId,
      (membership) => membership,
    ),
    active: await activeAt(sql, [...new Set(links.flat())], at),
  };
}

/** The latest quantity of each pool. */
async function quantitiesAt(sql: Sql, pools: readonly Place[], at: string): Promise<Map<string, number>> {
  const ids = pools.map((pool) => pool.id);
  const rows = await inSlices<{ poolId: string; quantity: number }>(sql, ids, (marks) => ({
    text:
      `SELECT pool_id AS poolId, quantity FROM pool_changes WHERE pool_id IN (${marks}) ` +
      'AND changed_at <= ? ORDER BY changed_at, id',
    after: [at],
  }));
  return new Map(rows.map((row) => [row.poolId, row.quantity]));
}

async function activeAt(sql: Sql, objectIds: readonly string[], at: string): Promise<Set<string>> {
  const rows = await inSlices<{ id: string }>(sql, objectIds, (marks) => ({
    text:
      `SELECT object_id AS id FROM active_spans WHERE object_id IN (${marks}) ` +
      'AND started_at <= ? AND (ended_at IS NULL OR ended_at > ?)',
    after: [at, at],
  }));
  return new Set(rows.map((row) => row.id));
}

function grouped<Row, Value>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  toValue: (row: Row) => Value,
): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(toValue(row));
    else groups.set(keyOf(row), [toValue(row)]);
  }
  return groups;
}
