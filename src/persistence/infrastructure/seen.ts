import type { SeenStore } from '../../core/identity/index.js';
import type { Clock } from '../../core/shared/clock.js';
import { type Database, UniqueViolation } from '../sql/sql.js';

/** Replay state in one table: whoever inserts a hash first wins; one that expired may be seen again. */
export function createSeenStore(database: Database, clock: Clock): SeenStore {
  return {
    async add(kind, hash, expiresAt) {
      try {
        await database.execute('INSERT INTO seen_hashes (kind, hash, expires_at) VALUES (?, ?, ?)', [
          kind,
          hash,
          expiresAt,
        ]);
        return true;
      } catch (error) {
        if (!(error instanceof UniqueViolation)) throw error;
      }
      const renewed = await database.execute(
        'UPDATE seen_hashes SET expires_at = ? WHERE kind = ? AND hash = ? AND expires_at <= ?',
        [expiresAt, kind, hash, clock.now()],
      );
      return renewed > 0;
    },
  };
}
