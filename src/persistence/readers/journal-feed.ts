import type { JournalEntryView, JournalFeed } from '../../core/journal/index.js';
import type { Reader } from '../../core/shared/reading.js';
import type { Secrets } from '../secrets.js';
import type { Sql } from '../sql/sql.js';
import { filterPredicate } from './conditions.js';
import { ListReader } from './list-reader.js';
import type { CompiledList } from './list-spec.js';
import { allOf, where } from './predicate.js';

const largestSlice = 1_000;

/** The journal as a list and as a feed of what is sealed: sequences are given without gaps, so nothing can be missed. */
export function journalFeedOn(sql: Sql, list: CompiledList, secrets: Secrets): Reader<JournalEntryView> & JournalFeed {
  const reader = new ListReader<JournalEntryView>(list, sql, secrets);
  return Object.assign(reader, {
    async after(...[actor, sequence, filter, limit]: Parameters<JournalFeed['after']>): Promise<JournalEntryView[]> {
      const predicate = allOf(
        { text: 't.sequence > ?', params: [sequence] },
        list.scope(actor),
        filterPredicate(list.fields, filter, sql.dialect),
      );
      if (predicate === undefined) return [];
      const rows = await sql.all(`SELECT ${list.select} ${list.from}${where(predicate)} ORDER BY t.sequence LIMIT ?`, [
        ...predicate.params,
        String(Math.min(limit, largestSlice)),
      ]);
      return rows.map((row) => list.decode(row) as unknown as JournalEntryView);
    },
    async head(): Promise<number> {
      const [row] = await sql.all<{ sequence: number }>("SELECT sequence FROM journal_heads WHERE name = 'main'");
      return row?.sequence ?? 0;
    },
  });
}
