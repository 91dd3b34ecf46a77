import type { TrafficClient, TrafficLookup } from '../../core/provisioning/index.js';
import type { Clock } from '../../core/shared/clock.js';
import { lifecycleColumns, lifecycleIn } from '../rows/lifecycle-rows.js';
import type { Row, Sql } from '../sql/sql.js';
import { throttleHash } from './throttles.js';

const ref = (alias: string, kind: string, parent: string): string =>
  `LEFT JOIN external_refs ${alias} ON ${alias}.channel_id = c.id AND ${alias}.kind = '${kind}' AND ` +
  `${alias}.parent_id = ${parent} AND ${alias}.external_id = ? AND ${alias}.live_key = '0'`;

/** Everything hangs on one row that is always there: a name nobody has costs the same as an instance's. */
const statement = (channel: string): string =>
  'SELECT x.blocked_until AS blockedUntil, rp.external_id AS provider, ra.external_id AS application, ' +
  'ri.external_id AS instance, c.id AS channelId, c.name AS channelName, i.id AS instanceId, i.tenant_id AS tenantId, ' +
  'i.application_id AS applicationId, k.password_hash AS passwordHash, k.credential_version AS credentialVersion, ' +
  'f.failures AS failures, f.expires_at AS failuresUntil, go.group_key AS ownerGroup, ga.group_key AS applicationGroup, ' +
  `${lifecycleColumns('o')}, ${lifecycleColumns('a')}, ${lifecycleColumns('i')} FROM (SELECT 1 AS one) q ` +
  `LEFT JOIN throttles x ON x.key_hash = ? LEFT JOIN channels c ON ${channel} ` +
  `${ref('rp', 'tenant', "''")} ${ref('ra', 'application', 'rp.target_id')} ${ref('ri', 'instance', 'ra.target_id')} ` +
  'LEFT JOIN instances i ON i.id = ri.target_id LEFT JOIN traffic_credentials k ON k.instance_id = i.id ' +
  'LEFT JOIN throttles f ON f.key_hash = i.id LEFT JOIN applications a ON a.id = i.application_id ' +
  'LEFT JOIN tenants o ON o.id = a.owner_tenant_id ' +
  'LEFT JOIN service_level_groups go ON go.id = o.service_level_group_id ' +
  'LEFT JOIN service_level_groups ga ON ga.id = a.service_level_group_id';

const onChannel = statement("c.name = ? AND c.protocol = 'prm'");
/** By position alone: switching a channel off does not give its names to the next one. */
const onFirstChannel = statement(
  "c.id = (SELECT p.id FROM channels p WHERE p.protocol = 'prm' ORDER BY p.position, p.id LIMIT 1)",
);

export function createTrafficLookup(sql: Pick<Sql, 'all'>, clock: Clock): TrafficLookup {
  return {
    async find({ channel, provider, application, instance }, throttleKey) {
      const onFirst = channel === '';
      const params = [throttleHash(throttleKey), ...(onFirst ? [] : [channel]), provider, application, instance];
      const [row = {}] = await sql.all<Row>(onFirst ? onFirstChannel : onChannel, params);
      const now = clock.now();
      const until = row.blockedUntil;
      // the database may call names equal that differ in a blank at the end
      const meant =
        row.provider === provider &&
        row.application === application &&
        row.instance === instance &&
        (onFirst || row.channelName === channel);
      return {
        client: meant ? clientIn(row, now) : undefined,
        blockedUntil: typeof until === 'string' && until > now ? until : null,
      };
    },
  };
}

function clientIn(row: Row, now: string): TrafficClient | undefined {
  if (typeof row.passwordHash !== 'string' || typeof row.o_pending !== 'string') return undefined;
  const counting = typeof row.failuresUntil === 'string' && row.failuresUntil > now;
  return {
    instanceId: String(row.instanceId),
    tenantId: String(row.tenantId),
    applicationId: String(row.applicationId),
    channelId: String(row.channelId),
    channelName: String(row.channelName),
    passwordHash: row.passwordHash,
    credentialVersion: Number(row.credentialVersion),
    failures: counting ? Number(row.failures) : 0,
    ownerTenant: lifecycleIn(row, 'o'),
    application: lifecycleIn(row, 'a'),
    instance: lifecycleIn(row, 'i'),
    ownerGroup: textOf(row.ownerGroup),
    applicationGroup: textOf(row.applicationGroup),
  };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
