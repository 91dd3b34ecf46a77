import { openDatabase } from '../../../src/persistence/sql/open-database.js';
import { allTables } from '../../../src/persistence/tables/index.js';
import type { PrmHub } from './hub.js';

/** All rows of the hub's database as a thief of the disk reads them. */
export async function everythingStored({ databaseUrl }: PrmHub): Promise<string> {
  const database = await openDatabase(databaseUrl, 1);
  try {
    const rows = [];
    for (const { name } of allTables) rows.push(name, ...(await database.read.all(`SELECT * FROM ${name}`, [])));
    return JSON.stringify(rows);
  } finally {
    await database.close();
  }
}

/** What a hub keeps or says of the calls it got, besides its answers. */
export async function everythingTold(hub: PrmHub): Promise<string> {
  await new Promise((resolve) => setImmediate(resolve)); // records are handed over after the answer
  return [await everythingStored(hub), JSON.stringify(hub.records), hub.logged()].join('\n');
}
