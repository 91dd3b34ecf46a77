import type { UsageRecord } from '../../core/usage/index.js';
import type { Sql } from '../sql/sql.js';
import type { Bookmark, Bookmarks } from './bookmarks.js';
import { rankOf } from './places.js';
import { type Question, rowsOf } from './question.js';

type PageAt = (sql: Sql, question: Question, low: string, offset: number, size: number) => Promise<UsageRecord[]>;

/** Goes through the index that covers the filters. */
export async function countUnder(sql: Sql, question: Question): Promise<number> {
  const { text, paramsFrom } = rowsOf(question, sql);
  const [row] = await sql.all<{ total: number }>(`SELECT COUNT(*) AS total ${text}`, paramsFrom(question.from));
  return row?.total ?? 0;
}

/** From the nearest bookmark that still holds; without one from the begin, through the index that covers the filters. */
export async function listUnder(
  sql: Sql,
  bookmarks: Bookmarks,
  question: Question,
  start: number,
  size: number,
  pageAt: PageAt,
): Promise<UsageRecord[]> {
  const list = JSON.stringify([question.stream.number, question.from, question.to, question.filter]);
  const mark = await holding(sql, bookmarks, list, question, start);
  const page = await pageAt(sql, question, mark?.id ?? question.from, start - (mark?.position ?? 0), size);
  const last = page.at(-1);
  if (last !== undefined) {
    const id = behind(last.id);
    const rank = await rankOf(sql, question.stream, id);
    bookmarks.add(list, { position: start + page.length, id, rank, total: question.stream.records });
  }
  return page;
}

async function holding(
  sql: Sql,
  bookmarks: Bookmarks,
  list: string,
  { stream }: Question,
  start: number,
): Promise<Bookmark | undefined> {
  for (const mark of bookmarks.before(list, start)) {
    if (mark.total === stream.records || (await rankOf(sql, stream, mark.id)) === mark.rank) return mark;
    bookmarks.drop(list, mark);
  }
  return undefined;
}

/** Greater than this id and not greater than any that follows: ids have one length. */
function behind(id: string): string {
  return `${id}0`;
}
