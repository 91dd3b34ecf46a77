import { selectList } from '../rows/statements.js';
import type { StoredTable } from '../rows/stored-table.js';
import { isAscii } from '../sql/ascii.js';
import { padded, placeholders } from '../sql/in-list.js';
import type { Sql } from '../sql/sql.js';
import { type UsageStreamRow, usageStreams } from '../tables/usage.js';
import type { Stream } from './streams.js';

/** The streams as they are committed. */
export interface StreamFinder {
  channel(channelId: string): Promise<Stream | undefined>;
  /** Of every channel. */
  channels(): Promise<Stream[]>;
  provider(channelId: string, externalId: string): Promise<Stream | undefined>;
  /** Of every channel where the id is known. */
  providers(externalId: string): Promise<Stream[]>;
  byNumber(number: number): Promise<Stream | undefined>;
  /** Accounts of these tenants and of those below them; on one channel when it is given. */
  accounts(tenantIds: readonly string[], channelId?: string): Promise<Stream[]>;
}

const select = `SELECT ${selectList(usageStreams)} FROM usage_streams t`;
const byName = `${select} WHERE t.channel_id = ? AND t.kind = ? AND t.provider_external_id = ? AND t.tenant_id = ''`;

export function streamFinderOn(sql: Sql, { codec }: StoredTable<UsageStreamRow>): StreamFinder {
  const decode = (row: Record<string, unknown>): Stream => codec.decode(row) as Stream;
  const named = async (channelId: string, kind: string, externalId: string): Promise<Stream | undefined> => {
    if (!isAscii(channelId)) return undefined;
    const [row] = await sql.all(byName, [channelId, kind, externalId]);
    const stream = row && decode(row);
    return stream?.providerExternalId === externalId ? stream : undefined; // MySQL ignores blanks at the end
  };
  return {
    channels: async () => (await sql.all(`${select} WHERE t.kind = 'channel' ORDER BY t.number`)).map(decode),
    channel: (channelId) => named(channelId, 'channel', ''),
    provider: (channelId, externalId) => named(channelId, 'provider', externalId),
    async providers(externalId) {
      const rows = await sql.all(`${select} WHERE t.kind = 'provider' AND t.provider_external_id = ?`, [externalId]);
      return rows.map(decode).filter((stream) => stream.providerExternalId === externalId);
    },
    async byNumber(number) {
      const [row] = await sql.all(`${select} WHERE t.number = ?`, [number]);
      return row && decode(row);
    },
    async accounts(tenantIds, channelId) {
      if (tenantIds.length === 0 || !isAscii(channelId ?? '')) return [];
      const rows = await sql.all(
        `${select} JOIN tenant_paths p ON p.descendant_id = t.tenant_id WHERE t.kind = 'account' ` +
          `AND p.ancestor_id IN (${placeholders(tenantIds.length)})${channelId === undefined ? '' : ' AND t.channel_id = ?'} ORDER BY t.number`,
        [...padded(tenantIds), ...(channelId === undefined ? [] : [channelId])],
      );
      const unique = new Map(rows.map((row) => [row.number, decode(row)]));
      return [...unique.values()];
    },
  };
}
