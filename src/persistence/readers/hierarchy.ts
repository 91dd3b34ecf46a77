import type {
  HierarchyKey,
  HierarchyReader,
  HierarchyScope,
  ListedLicense,
  ListedPool,
  ListedProvider,
  ListedTenant,
  ListedUser,
  Located,
  LocatedUser,
} from '../../core/hierarchy-reader.js';
import type { Property } from '../../core/shared/properties.js';
import { isAscii } from '../sql/ascii.js';
import type { Dialect, Row, Sql, SqlValue } from '../sql/sql.js';

/** MySQL ignores blanks at the end when it compares; no id ends with one. */
const mayBeId = (text: string): boolean => !text.endsWith(' ');

interface Words {
  readonly select: string;
  readonly join: string;
  by(index: string): string;
}

/**
 * The tables stand in the order to be read in. Where a column of many rows is compared too, the index is named: SQLite has no statistics
 * and may read all of a channel or of a group, MySQL's lag behind.
 */
const wordsOf: Readonly<Record<Dialect, Words>> = {
  mysql: { select: 'SELECT STRAIGHT_JOIN', join: 'JOIN', by: (index) => ` FORCE INDEX (${index})` },
  sqlite: { select: 'SELECT', join: 'CROSS JOIN', by: (index) => ` INDEXED BY ${index}` },
};

const byTarget = 'ix_external_refs_target_id';

const ref = (alias: string, kind: string, parent: string): string =>
  `${alias}.channel_id = p.channel_id AND ${alias}.kind = '${kind}' AND ${alias}.parent_id = ${parent} AND ${alias}.live_key = '0'`;
/** The id a channel has for one of our objects. */
const refOf = (alias: string, kind: string, target: string): string =>
  `${alias}.target_id = ${target} AND ${alias}.channel_id = p.channel_id AND ${alias}.kind = '${kind}' AND ${alias}.live_key = '0'`;
const live = (alias: string, kind: string, id: string): string =>
  `${alias}.id = ${id} AND ${alias}.kind = '${kind}' AND ${alias}.terminated_at IS NULL`;

/** Some FROM with what is bound in it, in order. */
interface Part {
  readonly joins: string;
  readonly params: readonly SqlValue[];
}
const part = (joins: string, ...params: SqlValue[]): Part => ({ joins, params });

const left = 'LEFT JOIN';
const resellerJoin = (join: string, id: string): Part =>
  part(
    ` ${join} external_refs r ON ${ref('r', 'tenant', 'p.target_id')} AND r.external_id = ?` +
      ` ${join} tenants rt ON ${live('rt', 'reseller', 'r.target_id')}`,
    id,
  );
const groupJoin = (join: string, id: string): Part =>
  part(
    ` ${join} external_refs g ON ${ref('g', 'tenant', 'rt.id')} AND g.external_id = ?` +
      ` ${join} tenants gt ON ${live('gt', 'group', 'g.target_id')}`,
    id,
  );
/** The person with their place in a group, and the ids of that place. */
const userJoin = (join: string, by: Words['by'], id: string): Part =>
  part(
    ` ${join} external_refs u ON ${ref('u', 'user', 'p.target_id')} AND u.external_id = ?` +
      ` ${join} memberships m${by('ux_memberships_user_id_tenant_id_instance_id_live_key')} ON m.user_id = u.target_id ` +
      "AND m.channel_id = p.channel_id AND m.instance_id = '' AND m.live_key = '0'" +
      ` ${join} tenants mt ON ${live('mt', 'group', 'm.tenant_id')}` +
      ` ${join} external_refs mg${by(byTarget)} ON ${refOf('mg', 'tenant', 'mt.id')}` +
      ` ${join} external_refs mr${by(byTarget)} ON ${refOf('mr', 'tenant', 'mg.parent_id')} AND mr.parent_id = p.target_id`,
    id,
  );
const typeJoin = (application: string, code: string): Part =>
  part(
    " LEFT JOIN applications a ON a.owner_tenant_id = '' AND a.natural_key = ? AND a.live_key = '0'" +
      ' LEFT JOIN license_types lt ON lt.application_id = a.id AND lt.code = ?',
    application,
    code,
  );

/** Of the hub's own applications only. */
const applicationJoin = (join: string, alias: string): string =>
  `${join} applications a ON a.id = ${alias}.application_id AND a.owner_tenant_id = '' ` +
  `${join} license_types lt ON lt.id = ${alias}.license_type_id`;

const providersBy = (join: string): string =>
  `FROM external_refs p ${join} tenants pt ON ${live('pt', 'provider', 'p.target_id')}`;

/** Providers of the scope, or the one of that id. */
function where({ channelId, withinId }: HierarchyScope, provider?: string): Part {
  const params = [channelId, ...(provider === undefined ? [] : [provider]), ...(withinId === null ? [] : [withinId])];
  return part(
    ` WHERE p.channel_id = ? AND p.kind = 'tenant' AND p.parent_id = '' AND p.live_key = '0'` +
      (provider === undefined ? '' : ' AND p.external_id = ?') +
      (withinId === null
        ? ''
        : ' AND EXISTS (SELECT 1 FROM tenant_paths s WHERE s.ancestor_id = ? AND s.descendant_id = p.target_id)'),
    ...params,
  );
}

interface List {
  readonly scope: HierarchyScope;
  readonly provider: string;
  /** The other ids that lead to what the list is about. */
  readonly ids?: readonly string[];
  readonly container?: readonly Part[];
  readonly items: string;
  /** In the order of the list. */
  readonly columns: readonly string[];
  readonly order?: string;
  readonly limit?: number;
}

export function hierarchyOn(sql: Sql): HierarchyReader {
  const { select: verb, join, by } = wordsOf[sql.dialect];
  const providers = providersBy(join);

  /** One row without values stands before the items, so that nothing in it differs from nothing of that id. */
  async function list<R extends Row>(asked: List): Promise<R[] | null> {
    const { scope, provider, ids = [], container = [], items, columns, order = '1', limit = 1_000_000 } = asked;
    if (![provider, ...ids].every(mayBeId)) return null;
    const cut = where(scope, provider);
    const from = `${providers}${container.map(({ joins }) => joins).join('')}`;
    const params = [...container.flatMap((one) => one.params), ...cut.params];
    const nothing = columns.map((column) => `NULL AS ${column.split(' AS ')[1]}`).join(', ');
    const rows = await sql.all<R>(
      `${verb} ${nothing} ${from}${cut.joins} UNION ALL ` +
        `${verb} ${columns.join(', ')} ${from}${items}${cut.joins} ORDER BY ${order} LIMIT ${limit + 1}`,
      [...params, ...params],
    );
    const first = columns[0]!.split(' AS ')[1]!;
    return rows.length === 0 ? null : rows.filter((row) => row[first] !== null);
  }

  async function locate(scope: HierarchyScope, key: HierarchyKey): Promise<Located | null> {
    if (!mayBeId(key.provider)) return null;
    const { reseller, group, user, licenseType } = key;
    const known = (id: string | undefined): id is string => id !== undefined && mayBeId(id);
    const parts = [
      ...(known(reseller) ? [resellerJoin(left, reseller)] : []),
      ...(known(reseller) && known(group) ? [groupJoin(left, group)] : []),
      ...(known(user) ? [userJoin(left, by, user)] : []),
      ...(licenseType === undefined ? [] : [typeJoin(licenseType.application, licenseType.code)]),
    ];
    const columns = [
      'pt.id AS provider',
      `${known(reseller) ? 'rt.id' : 'NULL'} AS reseller`,
      `${known(reseller) && known(group) ? 'gt.id' : 'NULL'} AS grp`,
      known(user)
        ? 'u.target_id AS userId, m.id AS membershipId, mt.id AS tenantId, mr.external_id AS userReseller, mg.external_id AS userGroup'
        : 'NULL AS userReseller',
      `${licenseType === undefined ? 'NULL' : 'lt.id'} AS licenseType`,
    ];
    const cut = where(scope, key.provider);
    const rows = await sql.all<Record<string, string | null>>(
      `${verb} ${columns.join(', ')} ${providers}${parts.map(({ joins }) => joins).join('')}${cut.joins}`,
      [...parts.flatMap(({ params }) => params), ...cut.params],
    );
    const [row] = rows;
    if (row === undefined) return null;
    const placed = rows.filter(({ userReseller }) => userReseller !== null);
    placed.sort((a, b) => (a.membershipId! < b.membershipId! ? -1 : 1));
    return {
      provider: row.provider!,
      reseller: row.reseller ?? null,
      group: row.grp ?? null,
      user: placed[0] === undefined ? null : locatedUser(placed[0]),
      licenseType: row.licenseType ?? null,
    };
  }

  return {
    locate,
    async providers(scope, limit) {
      if (scope.withinId !== null && !isAscii(scope.withinId)) return [];
      const cut = where(scope);
      const rows = await sql.all<ProviderRow>(
        `${verb} ${providerColumns('p', 'pt').join(', ')} ${providers}${cut.joins} ORDER BY 1 LIMIT ${limit}`,
        cut.params,
      );
      return rows.map(providerOf);
    },
    async providersBelow(scope, provider, limit) {
      const rows = await list<ProviderRow>({
        scope,
        provider,
        items:
          ` ${join} tenants ct${by('ix_tenants_parent_id')} ON ct.parent_id = p.target_id AND ct.kind = 'provider' ` +
          `AND ct.terminated_at IS NULL ${join} external_refs c${by(byTarget)} ON ${refOf('c', 'tenant', 'ct.id')} AND c.parent_id = ''`,
        columns: providerColumns('c', 'ct'),
        limit,
      });
      return rows?.map(providerOf) ?? null;
    },
    resellers: (scope, provider, limit) =>
      list<Row & ListedTenant>({
        scope,
        provider,
        items:
          ` ${join} external_refs r ON ${ref('r', 'tenant', 'p.target_id')}` +
          ` ${join} tenants rt ON ${live('rt', 'reseller', 'r.target_id')}`,
        columns: ['r.external_id AS externalId', 'rt.name AS name'],
        limit,
      }),
    groups: (scope, key, limit) =>
      list<Row & ListedTenant>({
        scope,
        provider: key.provider,
        ids: [key.reseller],
        container: [resellerJoin(join, key.reseller)],
        items:
          ` ${join} external_refs g ON ${ref('g', 'tenant', 'rt.id')}` +
          ` ${join} tenants gt ON ${live('gt', 'group', 'g.target_id')}`,
        columns: ['g.external_id AS externalId', 'gt.name AS name'],
        limit,
      }),
    users: (scope, key, limit) =>
      list<Row & ListedUser>({
        scope,
        provider: key.provider,
        ids: [key.reseller, key.group],
        container: [resellerJoin(join, key.reseller), groupJoin(join, key.group)],
        items:
          ` ${join} memberships m${by('ix_memberships_tenant_id')} ON m.tenant_id = gt.id AND m.channel_id = p.channel_id ` +
          `AND m.instance_id = '' AND m.live_key = '0' ${join} external_refs u${by(byTarget)} ` +
          `ON ${refOf('u', 'user', 'm.user_id')} AND u.parent_id = p.target_id ${join} users us ON us.id = m.user_id`,
        columns: ['u.external_id AS user', 'us.display_name AS name'],
        limit,
      }),
    licenses: (scope, provider, user) =>
      list<Row & ListedLicense>({
        scope,
        provider,
        ids: [user],
        container: [userJoin(join, by, user)],
        items:
          ` ${join} licenses l${by('ix_licenses_user_id_application_id')} ON l.user_id = u.target_id AND l.tenant_id = mt.id ` +
          `AND l.live_key = '0' ${applicationJoin(join, 'l')}`,
        columns: ['a.natural_key AS application', 'lt.code AS licenseType', 'l.assigned_at AS assignedAt'],
        order: '1, 2, 3',
      }),
    async pools(scope, key) {
      const rows = await list<PoolRow>({
        scope,
        provider: key.provider,
        ids: [key.reseller, key.group ?? ''],
        container: [resellerJoin(join, key.reseller), ...(key.group === undefined ? [] : [groupJoin(join, key.group)])],
        items:
          ` ${join} license_pools lp${by('ux_license_pools_tenant_id_and_3_more')} ` +
          `ON lp.tenant_id = ${key.group === undefined ? 'rt' : 'gt'}.id AND lp.instance_id = '' ${applicationJoin(join, 'lp')}`,
        columns: [
          'a.natural_key AS application',
          'lt.code AS licenseType',
          'lp.quantity AS quantity',
          'lp.used AS used',
          'lp.oversell AS oversell',
          '(SELECT SUM(b.quantity) FROM license_pools b WHERE b.parent_pool_id = lp.id) AS below',
        ],
        order: '1, 2',
      });
      return rows?.map(poolOf) ?? null;
    },
  };
}

function locatedUser(row: Readonly<Record<string, string | null>>): LocatedUser {
  return {
    userId: row.userId!,
    membershipId: row.membershipId!,
    tenantId: row.tenantId!,
    place: { reseller: row.userReseller!, group: row.userGroup! },
  };
}

type ProviderRow = Row & { readonly provider: string; readonly name: string; readonly properties: string | null };

const providerColumns = (id: string, tenant: string): string[] => [
  `${id}.external_id AS provider`,
  `${tenant}.name AS name`,
  `${tenant}.properties AS properties`,
];

function providerOf({ provider, name, properties }: ProviderRow): ListedProvider {
  const pairs = JSON.parse(properties ?? '[]') as Property[];
  const systemProviderId = pairs.find((pair) => pair.name === 'systemProviderId')?.value ?? '';
  return { provider, name, systemProviderId };
}

type PoolRow = Row & {
  readonly application: string;
  readonly licenseType: string;
  readonly quantity: number;
  readonly used: number;
  readonly oversell: number;
  readonly below: number | string | null;
};

function poolOf({ application, licenseType, quantity, used, oversell, below }: PoolRow): ListedPool {
  const subPurchased = Number(below ?? 0);
  return { application, licenseType, quantity, subPurchased, assigned: used - subPurchased, oversell: oversell === 1 };
}
