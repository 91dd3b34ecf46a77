import { migrationSource } from './src/persistence/schema/data-source.js';
import { parseDatabaseUrl } from './src/persistence/sql/database-url.js';

/** For the TypeORM command line only; the hub itself migrates with `mercator migrate`. */
export default await migrationSource(parseDatabaseUrl(process.env.DATABASE_URL ?? 'sqlite:./data/mercator.db'));
