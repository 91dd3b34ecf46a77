import type { Secrets } from '../secrets.js';
import type { Database } from '../sql/sql.js';
import { type AnyTable, allTables } from '../tables/index.js';

const batch = 200;

/**
 * Seals again with the newest key what older keys sealed, row by row, so that the older ones can be dropped from SECRET_KEY.
 * Safe beside running processes: a row that changed meanwhile is left to the next run. Returns how many values were sealed again.
 */
export async function resealEverything(database: Database, secrets: Secrets): Promise<number> {
  let resealed = 0;
  for (const table of allTables) {
    const fields = table.fields.filter((field) => table.columns[field]?.kind === 'sealed');
    for (const field of fields) resealed += await resealColumn(database, secrets, table, table.column(field));
  }
  return resealed;
}

async function resealColumn(database: Database, secrets: Secrets, table: AnyTable, column: string): Promise<number> {
  const purpose = `${table.name}.${column}`;
  const keys = table.primaryKey.map((field) => table.column(field));
  const order = keys.join(', ');
  const match = keys.map((key) => `${key} = ?`).join(' AND ');
  const beyond = keys.length === 1 ? `${keys[0]} > ?` : `(${order}) > (${keys.map(() => '?').join(', ')})`;
  let resealed = 0;
  let after: (string | number)[] | undefined;
  for (;;) {
    const rows = await database.read.all<Record<string, string | null>>(
      `SELECT ${order}, ${column} AS sealed_value FROM ${table.name} ${after === undefined ? '' : `WHERE ${beyond}`} ORDER BY ${order} LIMIT ${batch}`,
      after ?? [],
    );
    for (const row of rows) {
      const sealed = row.sealed_value;
      if (sealed === null || sealed === undefined || sealed === '') continue;
      const again = secrets.reseal(purpose, sealed);
      if (again === sealed) continue;
      const key = keys.map((name) => row[name] ?? '');
      resealed += await database.execute(`UPDATE ${table.name} SET ${column} = ? WHERE ${match} AND ${column} = ?`, [
        again,
        ...key,
        sealed,
      ]);
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < batch) return resealed;
    after = keys.map((name) => last[name] ?? '');
  }
}
