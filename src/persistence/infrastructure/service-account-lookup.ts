import type { LoginTicket, ServiceAccount, ServiceAccountLookup } from '../../core/marketplace/index.js';
import type { Clock } from '../../core/shared/clock.js';
import { selectList } from '../rows/statements.js';
import type { Storage } from '../rows/stored-table.js';
import { padded, placeholders } from '../sql/in-list.js';
import type { Database, Row } from '../sql/sql.js';
import { loginTickets, serviceAccounts } from '../tables/marketplace.js';
import { throttleHash } from './throttles.js';

/** The block and the account come in one row: an unknown account costs the same as a known one. */
const statement = (found: string, columns = '', order = ''): string =>
  'SELECT x.blocked_until AS blockedUntil, n.pending AS tenantPending, n.terminated_at AS tenantTerminatedAt, ' +
  `${columns}${selectList(serviceAccounts)} FROM (SELECT 1 AS one) o ` +
  `LEFT JOIN throttles x ON x.key_hash = ? ${found} LEFT JOIN tenants n ON n.id = t.tenant_id${order}`;

const live = "COALESCE(t.live_key, '0') = '0'";
const byName = statement(`LEFT JOIN service_accounts t ON t.channel_id = ? AND t.username = ? AND ${live}`);
const byCertificate = (hashes: number): string =>
  statement(
    'LEFT JOIN account_certificates c ON c.channel_id = ? AND c.value_hash IN ' +
      `(${placeholders(hashes)}) LEFT JOIN service_accounts t ON t.id = c.service_account_id AND ${live}`,
    '',
    // bound by itself it is more than one of a subject that is bound
    " ORDER BY CASE c.kind WHEN 'fingerprint' THEN 0 ELSE 1 END",
  );
const ticketFields = ['id', 'endedAt', 'expiresAt', 'lastUsedAt'] as const;
const byTicket = statement(
  'LEFT JOIN login_tickets k ON k.channel_id = ? AND k.ticket_hash = ? ' +
    `LEFT JOIN service_accounts t ON t.id = k.service_account_id AND ${live}`,
  ticketFields.map((field) => `k.${loginTickets.column(field)} AS ticket_${field}, `).join(''),
);

export function createServiceAccountLookup(
  database: Pick<Database, 'read' | 'execute'>,
  storage: Storage,
  clock: Clock,
): ServiceAccountLookup {
  const { codec } = storage(serviceAccounts);

  async function look(text: string, params: readonly string[]) {
    const [row = {}] = await database.read.all<Row>(text, params);
    const { blockedUntil, tenantPending, tenantTerminatedAt, ...columns } = row;
    const until = typeof blockedUntil === 'string' && blockedUntil > clock.now() ? blockedUntil : null;
    const account: ServiceAccount | undefined =
      typeof columns.id === 'string' ? codec.decode({ ...columns }) : undefined;
    const admitted = tenantPending !== 'register' && (tenantTerminatedAt ?? null) === null;
    return { row, found: { account, admitted, blockedUntil: until } };
  }

  return {
    async find(channelId, username, throttleKey) {
      const { found } = await look(byName, [throttleHash(throttleKey), channelId, username]);
      return found.account?.username === username ? found : { ...found, account: undefined };
    },
    async findByCertificate(channelId, valueHashes, throttleKey) {
      const text = byCertificate(valueHashes.length);
      const { found } = await look(text, [throttleHash(throttleKey), channelId, ...padded(valueHashes)]);
      return found;
    },
    async findByTicket(channelId, ticketHash, throttleKey) {
      const { row, found } = await look(byTicket, [throttleHash(throttleKey), channelId, ticketHash]);
      return { ...found, ticket: ticketOf(row) };
    },
    async touchTicket(ticketId) {
      await database.execute('UPDATE login_tickets SET last_used_at = ? WHERE id = ? AND ended_at IS NULL', [
        clock.now(),
        ticketId,
      ]);
    },
  };
}

function ticketOf(row: Row): LoginTicket | undefined {
  if (typeof row.ticket_id !== 'string') return undefined;
  return Object.fromEntries(ticketFields.map((field) => [field, row[`ticket_${field}`] ?? null])) as never;
}
