import type { RowDataPacket } from 'mysql2';
import { DataSource, type MixedList } from 'typeorm';
import { migrations } from '../../../migrations/index.js';
import type { DatabaseAddress } from '../sql/database-url.js';
import { entitySchemas } from './entity-schema.js';

/** TypeORM for migrations and the drift check only; `synchronize` is never on. */
export async function migrationSource(
  address: DatabaseAddress,
  steps: MixedList<new () => object> = migrations,
): Promise<DataSource> {
  const common = {
    synchronize: false,
    logging: false,
    entities: entitySchemas(address.dialect),
    migrations: steps as never,
    migrationsTableName: 'schema_migrations',
  } as const;
  if (address.dialect === 'mysql') {
    const type = await mysqlFlavor(address.url);
    return new DataSource({ type, url: address.url, charset: 'utf8mb4_bin', ...common });
  }
  const { default: driver } = await import('libsql');
  return new DataSource({ type: 'better-sqlite3', database: address.path, driver, timeout: 5_000, ...common });
}

/** MariaDB shows column defaults in another way, which TypeORM knows only when told. */
async function mysqlFlavor(url: string): Promise<'mysql' | 'mariadb'> {
  const { createConnection } = await import('mysql2/promise');
  const connection = await createConnection(url);
  try {
    const [rows] = await connection.query<RowDataPacket[]>('SELECT VERSION() AS version');
    return String(rows[0]?.version).includes('MariaDB') ? 'mariadb' : 'mysql';
  } finally {
    await connection.end();
  }
}
