import type { UsageReader, UsageRecord } from '../../core/usage/index.js';
import type { CompiledList } from '../readers/list-spec.js';
import type { Storage } from '../rows/stored-table.js';
import type { Sql } from '../sql/sql.js';
import { usageStreams } from '../tables/usage.js';
import { Bookmarks } from './bookmarks.js';
import { countUnder, listUnder } from './filtered.js';
import { placeOf, rankOf } from './places.js';
import { type Question, questionOf, rowsOf } from './question.js';
import { statisticsOn } from './statistics-reader.js';
import { streamFinderOn } from './stream-finder.js';

/** Several reads of one committed state. */
export type Snapshot = <T>(work: (sql: Sql) => Promise<T>) => Promise<T>;

export interface UsageReaderParts {
  readonly sql: Sql;
  readonly snapshot: Snapshot;
  readonly storage: Storage;
  readonly records: CompiledList;
  readonly statistics: CompiledList;
}

/** Records by position: by blocks where nothing is left out, from bookmarks under filters. */
export function usageReaderOn({ sql, snapshot, storage, records, statistics }: UsageReaderParts): UsageReader {
  const bookmarks = new Bookmarks();
  const asked = <T>(
    [actor, channelId, filter]: Parameters<UsageReader['count']>,
    nothing: T,
    answer: (sql: Sql, question: Question) => Promise<T>,
  ): Promise<T> =>
    snapshot(async (one) => {
      const finder = streamFinderOn(one, storage(usageStreams));
      const question = await questionOf(one, finder, records.fields, actor, channelId, filter);
      return question === undefined ? nothing : answer(one, question);
    });

  async function pageAt(one: Sql, question: Question, low: string, offset: number, size: number) {
    const { text, paramsFrom } = rowsOf(question, one);
    const rows = await one.all(
      `SELECT ${records.select} FROM (SELECT t.id AS id ${text} ORDER BY t.id LIMIT ? OFFSET ?) x ` +
        'JOIN usage_records t ON t.id = x.id ORDER BY x.id',
      [...paramsFrom(low), String(size), String(offset)],
    );
    return rows.map((row) => records.decode(row) as unknown as UsageRecord);
  }

  return {
    count: (actor, channelId, filter) =>
      asked([actor, channelId, filter], 0n, async (one, question) =>
        BigInt(question.filter === undefined ? await countBetween(one, question) : await countUnder(one, question)),
      ),
    list: (actor, channelId, filter, { start, size }) =>
      asked<UsageRecord[]>([actor, channelId, filter], [], async (one, question) => {
        if (start >= BigInt(question.stream.records)) return [];
        if (question.filter !== undefined) {
          return listUnder(one, bookmarks, question, Number(start), size, pageAt);
        }
        if (start === 0n) return pageAt(one, question, question.from, 0, size);
        const skipped = question.from === '' ? 0 : await rankOf(one, question.stream, question.from);
        const position = skipped + Number(start);
        if (position >= question.stream.records) return [];
        const { low, offset } = await placeOf(one, question.stream, position);
        return pageAt(one, question, low, offset, size);
      }),
    statistics: statisticsOn(sql, statistics),
    async byTransaction(actor, channelId, providerExternalId, transactionId) {
      const finder = streamFinderOn(sql, storage(usageStreams));
      const stream = await finder.provider(channelId, providerExternalId);
      const scope = records.scope(actor);
      if (stream === undefined || scope === undefined) return null;
      const limited = scope.text === '' ? '' : ` AND ${scope.text}`;
      const [row] = await sql.all(
        `SELECT ${records.select} ${records.from} WHERE t.provider_stream = ? AND t.transaction_id = CAST(? AS SIGNED)${limited}`,
        [stream.number, transactionId.toString(), ...scope.params],
      );
      return row === undefined ? null : (records.decode(row) as unknown as UsageRecord);
    },
  };
}

async function countBetween(sql: Sql, { stream, from, to }: Question): Promise<number> {
  const until = to === undefined ? stream.records : await rankOf(sql, stream, to);
  const before = from === '' ? 0 : await rankOf(sql, stream, from);
  return Math.max(0, until - before);
}
