import { breathe } from '../sql/breathe.js';
import { blocks } from '../sql/in-list.js';
import type { Sql, SqlValue } from '../sql/sql.js';
import type { StoredTable } from './stored-table.js';

/** Inserts rows in as few statements as have constant texts. */
export async function insertRows<T>(sql: Sql, stored: StoredTable<T>, rows: readonly T[]): Promise<void> {
  const { table, codec, statements } = stored;
  for (const [place, block] of blocks(rows).entries()) {
    if (place > 0) await breathe(sql);
    const values: SqlValue[] = [];
    for (const row of block) for (const field of table.fields) values.push(codec.encode(field, row[field]));
    await sql.run(statements.insertMany(block.length), values);
  }
}
