import type { ManagedInstance, ManagedMember, ManagedReader } from '../../core/readers.js';
import type { Role } from '../../core/shared/actor.js';
import { isLive } from '../../core/shared/lifecycle.js';
import { holdsIn, lifecycleColumns, lifecycleIn, lineagesOf } from '../rows/lifecycle-rows.js';
import { padded, placeholders } from '../sql/in-list.js';
import type { Sql, SqlValue } from '../sql/sql.js';
import { readManagedMember, readManagedPlace } from './managed-member.js';

const instanceColumns =
  'r.external_id AS externalId, i.id AS id, i.tenant_id AS tenantId, i.application_id AS applicationId, ' +
  'i.created_at AS createdAt, i.parameters AS parameters, t.name AS tenantName, a.natural_key AS applicationKey, ' +
  "COALESCE(tr.external_id, '') AS tenantExternalId, o.id AS ownerId, " +
  `${lifecycleColumns('i')}, ${lifecycleColumns('a')}, ${lifecycleColumns('o')}`;

const instanceSource =
  'FROM external_refs r JOIN instances i ON i.id = r.target_id JOIN tenants t ON t.id = i.tenant_id ' +
  'JOIN applications a ON a.id = i.application_id ' +
  "LEFT JOIN tenants o ON a.owner_tenant_id <> '' AND o.id = a.owner_tenant_id " +
  "LEFT JOIN external_refs tr ON tr.channel_id = r.channel_id AND tr.kind = 'tenant' AND tr.target_id = i.tenant_id " +
  "AND tr.live_key = '0' WHERE r.channel_id = ? AND r.kind = 'instance' AND r.parent_id = ''";

const oneInstance = `SELECT ${instanceColumns} ${instanceSource} AND r.external_id = ? ORDER BY r.live_key = '0' DESC, r.id DESC LIMIT 1`;
const live = " AND r.live_key = '0' AND i.terminated_at IS NULL";

const memberColumns =
  'r.external_id AS externalId, m.user_id AS userId, m.id AS membershipId, m.login_name AS loginName, m.email AS email, ' +
  'm.given_name AS givenName, m.family_name AS familyName, m.locale AS locale, m.roles AS roles, m.holds AS holds, ' +
  'm.terminated_at AS terminatedAt, u.holds AS userHolds, u.terminated_at AS userTerminatedAt';

const memberSource =
  'FROM external_refs r JOIN memberships m ON m.user_id = r.target_id AND m.instance_id = r.parent_id ' +
  "JOIN users u ON u.id = m.user_id WHERE r.channel_id = ? AND r.kind = 'user' AND r.parent_id = ?";

const liveMember = " AND r.live_key = '0' AND m.live_key = '0'";
const membersText = `SELECT ${memberColumns} ${memberSource}${liveMember} ORDER BY m.id LIMIT ? OFFSET ?`;

type InstanceRow = Omit<ManagedInstance, 'parameters' | 'quantities' | 'live'> & {
  readonly parameters: string;
  readonly ownerId: string | null;
};

type MemberRow = Omit<ManagedMember, 'roles' | 'live' | 'licenseTypes'> & {
  readonly roles: string;
  readonly holds: string;
  readonly userHolds: string;
  readonly userTerminatedAt: string | null;
};

export function managedOn(sql: Sql): ManagedReader {
  return {
    async instance(channelId, externalId) {
      const rows = await sql.all<InstanceRow>(oneInstance, [channelId, externalId]);
      const [instance] = await withFacts(
        sql,
        rows.filter((row) => row.externalId === externalId),
      );
      return instance ?? null;
    },
    async instances(channelId, { offset, limit, tenantExternalId }) {
      const ofTenant = tenantExternalId === undefined ? '' : ' AND tr.external_id = ?';
      const params = tenantExternalId === undefined ? [channelId] : [channelId, tenantExternalId];
      const total = await totalOf(sql, `${instanceSource}${live}${ofTenant}`, params);
      const rows = await sql.all<InstanceRow>(
        `SELECT ${instanceColumns} ${instanceSource}${live}${ofTenant} ORDER BY i.id LIMIT ? OFFSET ?`,
        [...params, String(limit), String(offset)],
      );
      return { total, nodes: await withFacts(sql, rows) };
    },
    place: (channelId, instanceExternalId) => readManagedPlace(sql, channelId, instanceExternalId),
    member: (channelId, instanceExternalId, externalId) =>
      readManagedMember(sql, channelId, instanceExternalId, externalId),
    async members(channelId, instanceId, { offset, limit }) {
      const params = [channelId, instanceId];
      const rows = await sql.all<MemberRow>(membersText, [...params, String(limit), String(offset)]);
      // a page that is not full is the last one, and says how many there are
      const last = rows.length < limit && (rows.length > 0 || offset === 0);
      const total = last ? offset + rows.length : await totalOf(sql, `${memberSource}${liveMember}`, params);
      return { total, nodes: await withLicenses(sql, instanceId, rows) };
    },
  };
}

async function totalOf(sql: Sql, source: string, params: readonly SqlValue[]): Promise<number> {
  const [row] = await sql.all<{ total: number }>(`SELECT COUNT(*) AS total ${source}`, params);
  return row?.total ?? 0;
}

/** Lineages, subscriptions and pools of all of them: three more statements, however many there are. */
async function withFacts(sql: Sql, rows: readonly InstanceRow[]): Promise<ManagedInstance[]> {
  if (rows.length === 0) return [];
  const lineages = await lineagesOf(sql, [...new Set(rows.map((row) => row.tenantId))]);
  const ids = rows.map((row) => row.id);
  const marks = placeholders(ids.length);
  const subscriptions = await sql.all<{ instanceId: string; status: string }>(
    `SELECT instance_id AS instanceId, status FROM subscriptions WHERE instance_id IN (${marks}) ` +
      "ORDER BY instance_id, status = 'ENDED', id DESC",
    padded(ids),
  );
  const pools = await sql.all<{ instanceId: string; code: string; quantity: number }>(
    'SELECT p.instance_id AS instanceId, lt.code AS code, p.quantity AS quantity FROM license_pools p ' +
      `JOIN license_types lt ON lt.id = p.license_type_id WHERE p.instance_id IN (${marks}) ORDER BY lt.position, lt.id`,
    padded(ids),
  );
  return rows.map((row) => {
    const subscription = subscriptions.find((found) => found.instanceId === row.id);
    return {
      id: row.id,
      externalId: row.externalId,
      tenantId: row.tenantId,
      tenantExternalId: row.tenantExternalId,
      tenantName: row.tenantName,
      applicationId: row.applicationId,
      applicationKey: row.applicationKey,
      createdAt: row.createdAt,
      terminatedAt: lifecycleIn(row, 'i').terminatedAt,
      live:
        (row.ownerId === null || isLive(lifecycleIn(row, 'o'))) &&
        isLive(lifecycleIn(row, 'a')) &&
        (lineages.get(row.tenantId) ?? []).every(isLive) &&
        isLive(lifecycleIn(row, 'i')) &&
        (subscription === undefined || subscription.status === 'ACTIVE'),
      parameters: JSON.parse(row.parameters) as Record<string, string>,
      quantities: pools.filter((pool) => pool.instanceId === row.id).map(({ code, quantity }) => ({ code, quantity })),
    };
  });
}

async function withLicenses(sql: Sql, instanceId: string, rows: readonly MemberRow[]): Promise<ManagedMember[]> {
  if (rows.length === 0) return [];
  const userIds = rows.map((row) => row.userId);
  const held = await sql.all<{ userId: string; code: string }>(
    'SELECT l.user_id AS userId, lt.code AS code FROM licenses l JOIN license_types lt ON lt.id = l.license_type_id ' +
      `WHERE l.instance_id = ? AND l.live_key = '0' AND l.user_id IN (${placeholders(userIds.length)}) ` +
      'ORDER BY lt.position, lt.id',
    [instanceId, ...padded(userIds)],
  );
  const codes = new Map<string, string[]>();
  for (const { userId, code } of held) {
    const known = codes.get(userId);
    if (known === undefined) codes.set(userId, [code]);
    else if (!known.includes(code)) known.push(code);
  }
  return rows.map((row) => ({
    externalId: row.externalId,
    userId: row.userId,
    membershipId: row.membershipId,
    loginName: row.loginName,
    email: row.email,
    givenName: row.givenName,
    familyName: row.familyName,
    locale: row.locale,
    terminatedAt: row.terminatedAt,
    roles: JSON.parse(row.roles) as Role[],
    live:
      row.terminatedAt === null &&
      row.userTerminatedAt === null &&
      holdsIn(row.holds).length === 0 &&
      holdsIn(row.userHolds).length === 0,
    licenseTypes: codes.get(row.userId) ?? [],
  }));
}
