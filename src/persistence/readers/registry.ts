import type { Registered, Registry } from '../../core/readers.js';
import { lifecycleColumns, lifecycleIn } from '../rows/lifecycle-rows.js';
import { selectList } from '../rows/statements.js';
import type { Storage } from '../rows/stored-table.js';
import { isAscii } from '../sql/ascii.js';
import type { Dialect, Row, Sql } from '../sql/sql.js';
import { applications } from '../tables/catalog.js';
import type { Table } from '../tables/define-table.js';
import { instances } from '../tables/provisioning.js';
import { tenants } from '../tables/tenancy.js';

/** MySQL ignores blanks at the end when it compares; no id ends with one. */
const mayBeIds = (texts: readonly string[]): boolean => texts.every((text) => !text.endsWith(' '));

/** The tables stand in the order to be read in, each found by its unique index. */
const select: Readonly<Record<Dialect, string>> = { mysql: 'SELECT STRAIGHT_JOIN', sqlite: 'SELECT' };
const live = (alias: string): string => `${alias}.live_key = '0'`;
const provider = `p.channel_id = ? AND p.kind = 'tenant' AND p.parent_id = '' AND ${live('p')}`;
const below = (alias: string, kind: string, parent: string): string =>
  `${alias}.channel_id = p.channel_id AND ${alias}.kind = '${kind}' AND ${alias}.parent_id = ${parent} AND ${live(alias)}`;

const applicationRef = `JOIN external_refs a ON ${below('a', 'application', 'p.target_id')}`;
const instanceRef = `JOIN external_refs i ON ${below('i', 'instance', 'a.target_id')}`;

interface Path {
  readonly columns: string;
  readonly from: string;
  readonly order: string;
}

/** From the provider down; the table whose lifecycle counts is `t`. */
const paths: Readonly<Record<'tenant' | 'application' | 'instance', Path>> = {
  tenant: {
    columns: 'p.external_id AS providerId',
    from: 'FROM external_refs p JOIN tenants t ON t.id = p.target_id',
    order: 'p.external_id',
  },
  application: {
    columns: 'p.external_id AS providerId, a.external_id AS applicationId',
    from: `FROM external_refs p ${applicationRef} JOIN applications t ON t.id = a.target_id`,
    order: 'p.external_id, a.external_id',
  },
  instance: {
    columns: 'p.external_id AS providerId, a.external_id AS applicationId, i.external_id AS instanceId',
    from: `FROM external_refs p ${applicationRef} ${instanceRef} JOIN instances t ON t.id = i.target_id`,
    order: 'p.external_id, a.external_id, i.external_id',
  },
};

const one = (columns: string, { from }: Path, dialect: Dialect, depth: number): string =>
  `${select[dialect]} ${columns} ${from} WHERE ${provider} AND p.external_id = ?` +
  `${depth > 1 ? ' AND a.external_id = ?' : ''}${depth > 2 ? ' AND i.external_id = ?' : ''} AND t.terminated_at IS NULL`;

export function registryOn(sql: Sql, storage: Storage): Registry {
  const { dialect } = sql;
  const texts = {
    tenant: one(selectList(tenants), paths.tenant, dialect, 1),
    application: one(selectList(applications), paths.application, dialect, 2),
    instance: one(selectList(instances), paths.instance, dialect, 3),
  };
  const stateColumns = `p.target_id AS tenantId, ${lifecycleColumns('t')}`;
  const stateTexts = [paths.tenant, paths.application, paths.instance].map((path, at) =>
    one(stateColumns, path, dialect, at + 1),
  );

  async function find<T>(table: Table<T>, text: string, params: readonly string[]): Promise<T | null> {
    if (!mayBeIds(params)) return null;
    const [row] = await sql.all<Row>(text, params);
    return row === undefined ? null : storage(table).codec.decode({ ...row });
  }

  async function list(
    path: Path,
    channelId: string,
    within: Readonly<Record<string, string | undefined>>,
  ): Promise<Registered[]> {
    const given = Object.entries(within).filter((entry): entry is [string, string] => entry[1] !== undefined);
    if (!mayBeIds(given.map(([, value]) => value))) return [];
    const where = given.map(([column]) => ` AND ${column} = ?`).join('');
    const rows = await sql.all<Row>(
      `${select[dialect]} ${path.columns}, ${lifecycleColumns('t')} ${path.from} WHERE ${provider}${where} ` +
        `AND t.terminated_at IS NULL ORDER BY ${path.order}`,
      [channelId, ...given.map(([, value]) => value)],
    );
    return rows.map((row) => ({ ...row, lifecycle: lifecycleIn(row, 't') }) as unknown as Registered);
  }

  return {
    provider: (channelId, id) => find(tenants, texts.tenant, [channelId, id]),
    application: (channelId, providerId, id) => find(applications, texts.application, [channelId, providerId, id]),
    instance: (channelId, providerId, applicationId, id) =>
      find(instances, texts.instance, [channelId, providerId, applicationId, id]),
    async state(channelId, ids) {
      const path = ids.filter((id) => id !== undefined);
      if (!mayBeIds(path)) return null;
      const [row] = await sql.all<Row>(stateTexts[path.length - 1]!, [channelId, ...path]);
      return row === undefined ? null : { tenantId: String(row.tenantId), lifecycle: lifecycleIn(row, 't') };
    },
    async providerIdOf(channelId, tenantId) {
      if (!isAscii(tenantId)) return null;
      const [row] = await sql.all<{ externalId: string }>(
        "SELECT p.external_id AS externalId FROM external_refs p WHERE p.target_id = ? AND p.channel_id = ? AND p.kind = 'tenant' " +
          `AND ${live('p')}`,
        [tenantId, channelId],
      );
      return row?.externalId ?? null;
    },
    providers: (channelId) => list(paths.tenant, channelId, {}) as never,
    applications: (channelId, within) =>
      list(paths.application, channelId, { 'p.external_id': within.providerId }) as never,
    instances: (channelId, within) =>
      list(paths.instance, channelId, {
        'p.external_id': within.providerId,
        'a.external_id': within.applicationId,
      }) as never,
  };
}
