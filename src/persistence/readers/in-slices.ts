import { padded, placeholders } from '../sql/in-list.js';
import type { Row, Sql, SqlValue } from '../sql/sql.js';

/** Ids in one statement: few enough for every driver, whatever else is bound. */
const sliceLength = 1_000;

/** The rows of one statement for each 1,000 of the ids; their marks must come first in its text. */
export async function inSlices<T extends object = Row>(
  sql: Sql,
  ids: readonly string[],
  statement: (marks: string) => { readonly text: string; readonly after?: readonly SqlValue[] },
): Promise<T[]> {
  const rows: T[] = [];
  for (let from = 0; from < ids.length; from += sliceLength) {
    const some = ids.slice(from, from + sliceLength);
    const { text, after } = statement(placeholders(some.length));
    rows.push(...(await sql.all<T>(text, [...padded(some), ...(after ?? [])])));
  }
  return rows;
}
