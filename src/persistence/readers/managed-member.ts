import type { ManagedMember, ManagedPlace } from '../../core/readers.js';
import type { Role } from '../../core/shared/actor.js';
import { isLive } from '../../core/shared/lifecycle.js';
import { holdsIn, lifecycleColumns, lifecycleIn } from '../rows/lifecycle-rows.js';
import type { Dialect, Sql } from '../sql/sql.js';

/** The instance with all that decides whether it may be used: one row per tenant above, the ones that count first. */
const placeColumns =
  'r.id AS refId, r.external_id AS instanceExternalId, i.id AS instanceId, o.id AS ownerId, ' +
  "COALESCE(tr.external_id, '') AS tenantExternalId, p.depth AS depth, " +
  `${['i', 'a', 'o', 'l'].map(lifecycleColumns).join(', ')}, ` +
  "(SELECT s.status FROM subscriptions s WHERE s.instance_id = i.id ORDER BY s.status = 'ENDED', s.id DESC LIMIT 1) " +
  'AS subscriptionStatus';
const placeTables =
  'FROM external_refs r JOIN instances i ON i.id = r.target_id JOIN applications a ON a.id = i.application_id ' +
  'JOIN tenant_paths p ON p.descendant_id = i.tenant_id JOIN tenants l ON l.id = p.ancestor_id ' +
  "LEFT JOIN tenants o ON a.owner_tenant_id <> '' AND o.id = a.owner_tenant_id " +
  "LEFT JOIN external_refs tr ON tr.channel_id = r.channel_id AND tr.kind = 'tenant' AND tr.target_id = i.tenant_id " +
  "AND tr.live_key = '0'";
const ofChannel = "WHERE r.channel_id = ? AND r.kind = 'instance' AND r.parent_id = '' AND r.external_id = ?";
const latestRef = "ORDER BY r.live_key = '0' DESC, r.id DESC";

const placeText = `${placeColumns} ${placeTables} ${ofChannel} ${latestRef}`;

/**
 * The same with a member and their seats: one row per tenant above, membership and seat. It is the question marketplaces ask
 * most, so it is one statement.
 */
const memberText =
  `${placeColumns}, ur.external_id AS externalId, m.user_id AS userId, m.id AS membershipId, ` +
  'm.login_name AS loginName, m.email AS email, m.given_name AS givenName, m.family_name AS familyName, ' +
  'm.locale AS locale, m.roles AS roles, m.holds AS holds, m.terminated_at AS terminatedAt, ' +
  'u.holds AS userHolds, u.terminated_at AS userTerminatedAt, lt.code AS code ' +
  `${placeTables} LEFT JOIN external_refs ur ON ur.channel_id = r.channel_id AND ur.kind = 'user' AND ur.parent_id = i.id ` +
  'AND ur.external_id = ? LEFT JOIN memberships m ON m.user_id = ur.target_id AND m.instance_id = i.id ' +
  'LEFT JOIN users u ON u.id = m.user_id ' +
  "LEFT JOIN licenses h ON h.user_id = m.user_id AND h.instance_id = i.id AND h.live_key = '0' " +
  'LEFT JOIN license_types lt ON lt.id = h.license_type_id ' +
  `${ofChannel} ${latestRef}, m.id IS NULL, ur.live_key = '0' DESC, ur.id DESC, ` +
  "m.live_key = '0' DESC, m.id DESC, lt.position, lt.id";

/** The tables stand in the order to be read in: looking for a better one among thirteen takes MySQL longer than reading them. */
const select: Readonly<Record<Dialect, string>> = { mysql: 'SELECT STRAIGHT_JOIN', sqlite: 'SELECT' };
const placeTexts = { mysql: `${select.mysql} ${placeText}`, sqlite: `${select.sqlite} ${placeText}` };
const memberTexts = { mysql: `${select.mysql} ${memberText}`, sqlite: `${select.sqlite} ${memberText}` };

interface PlaceRow {
  readonly refId: string;
  readonly instanceExternalId: string;
  readonly instanceId: string;
  readonly ownerId: string | null;
  readonly tenantExternalId: string;
  readonly subscriptionStatus: string | null;
}

type MemberRow = PlaceRow &
  Omit<ManagedMember, 'roles' | 'live' | 'licenseTypes' | 'membershipId'> & {
    readonly membershipId: string | null;
    readonly roles: string;
    readonly holds: string;
    readonly userHolds: string;
    readonly userTerminatedAt: string | null;
    readonly code: string | null;
  };

export interface PlacedMember {
  readonly instance: ManagedPlace;
  readonly member: ManagedMember | null;
}

/** Null when the channel has no such instance. */
export async function readManagedPlace(
  sql: Sql,
  channelId: string,
  instanceExternalId: string,
): Promise<ManagedPlace | null> {
  const rows = rowsOfPlace(
    await sql.all<PlaceRow>(placeTexts[sql.dialect], [channelId, instanceExternalId]),
    instanceExternalId,
  );
  return rows.length === 0 ? null : placeIn(rows);
}

/** Null when the channel has no such instance. */
export async function readManagedMember(
  sql: Sql,
  channelId: string,
  instanceExternalId: string,
  externalId: string,
): Promise<PlacedMember | null> {
  const all = await sql.all<MemberRow>(memberTexts[sql.dialect], [externalId, channelId, instanceExternalId]);
  const rows = rowsOfPlace(all, instanceExternalId);
  if (rows.length === 0) return null;
  const own = rows.filter((row) => row.membershipId !== null && row.externalId === externalId);
  return { instance: placeIn(rows), member: own[0] === undefined ? null : memberIn(own[0], own) };
}

/** The rows of the reference that counts. */
function rowsOfPlace<R extends PlaceRow>(all: readonly R[], instanceExternalId: string): readonly R[] {
  // MySQL ignores blanks at the end when it compares
  const first = all.find((row) => row.instanceExternalId === instanceExternalId);
  return first === undefined ? [] : all.filter((row) => row.refId === first.refId);
}

function placeIn(rows: readonly PlaceRow[]): ManagedPlace {
  const first = rows[0]!;
  const { subscriptionStatus } = first;
  const instance = lifecycleIn(first, 'i');
  return {
    id: first.instanceId,
    tenantExternalId: first.tenantExternalId,
    terminatedAt: instance.terminatedAt,
    live:
      (first.ownerId === null || isLive(lifecycleIn(first, 'o'))) &&
      isLive(lifecycleIn(first, 'a')) &&
      rows.every((row) => isLive(lifecycleIn(row, 'l'))) &&
      isLive(instance) &&
      (subscriptionStatus === null || subscriptionStatus === 'ACTIVE'),
  };
}

function memberIn(row: MemberRow, rows: readonly MemberRow[]): ManagedMember {
  const codes = rows.filter((other) => other.membershipId === row.membershipId && other.code !== null);
  return {
    userId: row.userId,
    membershipId: row.membershipId!,
    externalId: row.externalId,
    loginName: row.loginName,
    email: row.email,
    givenName: row.givenName,
    familyName: row.familyName,
    locale: row.locale,
    roles: JSON.parse(row.roles) as Role[],
    terminatedAt: row.terminatedAt,
    live:
      row.terminatedAt === null &&
      row.userTerminatedAt === null &&
      holdsIn(row.holds).length === 0 &&
      holdsIn(row.userHolds).length === 0,
    licenseTypes: [...new Set(codes.map(({ code }) => code!))],
  };
}
