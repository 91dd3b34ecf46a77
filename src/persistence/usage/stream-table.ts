import { selectList } from '../rows/statements.js';
import type { StoredTable } from '../rows/stored-table.js';
import { padded, placeholders } from '../sql/in-list.js';
import { type Sql, UniqueViolation } from '../sql/sql.js';
import { type UsageStreamRow, usageStreams } from '../tables/usage.js';
import type { Stream } from './streams.js';
import { overwrite, writeRows } from './write-rows.js';

const select = `SELECT ${selectList(usageStreams)} FROM usage_streams t`;
const present = overwrite(['number'], ['records', 'height', 'counted']);
const idsAtOnce = 256;

type NewStream = Omit<UsageStreamRow, 'number'>;

/** The streams of one channel, for the unit that holds it. */
export interface StreamTable {
  /** The channel's own, locked until the unit ends; made when it is the first time. */
  hold(channelId: string): Promise<Stream>;
  /** The provider's and the accounts' behind it. */
  ofProviders(channelId: string, externalIds: readonly string[]): Promise<Stream[]>;
  create(stream: NewStream): Promise<Stream>;
  save(streams: readonly Stream[]): Promise<void>;
}

export function streamTableOf(sql: Sql, stored: StoredTable<UsageStreamRow>): StreamTable {
  const decode = (row: object): Stream => stored.codec.decode(row as Record<string, unknown>) as Stream;

  async function find(channelId: string): Promise<Stream | undefined> {
    const locking = sql.dialect === 'mysql' ? ' FOR UPDATE' : '';
    const text = `${select} WHERE t.channel_id = ? AND t.kind = 'channel' AND t.provider_external_id = '' AND t.tenant_id = ''`;
    const [row] = await sql.all(`${text}${locking}`, [channelId]);
    return row && decode(row);
  }

  /** Undefined when another unit took the number, or made the same stream, at the same time. */
  async function attempt(stream: NewStream): Promise<Stream | undefined> {
    const [row] = await sql.all<{ last: number }>('SELECT COALESCE(MAX(number), 0) AS last FROM usage_streams');
    const numbered = { ...stream, number: row!.last + 1 };
    try {
      await writeRows(sql, stored, [numbered]);
      return numbered;
    } catch (error) {
      if (error instanceof UniqueViolation) return undefined;
      throw error;
    }
  }

  return {
    async hold(channelId) {
      for (;;) {
        const there = await find(channelId);
        if (there !== undefined) return there;
        const kind = 'channel' as const;
        const none = { providerExternalId: '', tenantId: '', parent: 0, records: 0, height: 0, counted: true };
        const made = await attempt({ ...none, kind, channelId });
        if (made !== undefined) return made;
      }
    },
    async ofProviders(channelId, externalIds) {
      const found: Stream[] = [];
      for (let at = 0; at < externalIds.length; at += idsAtOnce) {
        const some = externalIds.slice(at, at + idsAtOnce);
        const rows = await sql.all(
          `${select} WHERE t.channel_id = ? AND t.kind IN ('provider', 'account') AND t.provider_external_id IN (${placeholders(some.length)})`,
          [channelId, ...padded(some)],
        );
        found.push(...rows.map(decode));
      }
      return found;
    },
    async create(stream) {
      for (;;) {
        const made = await attempt(stream);
        if (made !== undefined) return made;
      }
    },
    save: (streams) => writeRows(sql, stored, streams, present),
  };
}
