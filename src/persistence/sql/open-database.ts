import { parseDatabaseUrl } from './database-url.js';
import type { Database } from './sql.js';

/** Opens the database behind DATABASE_URL; only the driver that is needed gets loaded. */
export async function openDatabase(databaseUrl: string, poolSize: number): Promise<Database> {
  const address = parseDatabaseUrl(databaseUrl);
  if (address.dialect === 'mysql') return (await import('./mysql.js')).openMysql(address.url, poolSize);
  return (await import('./sqlite.js')).openSqlite(address.path, address.temporary);
}
