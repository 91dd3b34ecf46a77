import { createHash } from 'node:crypto';
import type { Throttles } from '../../core/identity/index.js';
import { type Clock, shift } from '../../core/shared/clock.js';
import type { Database } from '../sql/sql.js';

interface State {
  readonly failures: number;
  readonly windowEndsAt: string;
  readonly blockedUntil: string | null;
}

/** Counts in the shared database. A key is stored as its hash: it may name a person or an address. */
export function createThrottles(database: Database, clock: Clock): Throttles {
  const ensureRow =
    'INSERT INTO throttles (key_hash, failures, window_ends_at, blocked_until, expires_at) VALUES (?, 0, ?, NULL, ?) ' +
    (database.dialect === 'mysql'
      ? 'ON DUPLICATE KEY UPDATE key_hash = key_hash'
      : 'ON CONFLICT (key_hash) DO NOTHING');
  const read =
    'SELECT failures, window_ends_at AS windowEndsAt, blocked_until AS blockedUntil FROM throttles WHERE key_hash = ?';

  return {
    async blockedUntil(key) {
      const [state] = await database.read.all<State>(read, [throttleHash(key)]);
      const until = state?.blockedUntil ?? null;
      return until !== null && until > clock.now() ? until : null;
    },
    fail: (key, rule) =>
      database.transaction(async (sql) => {
        const hash = throttleHash(key);
        const now = clock.now();
        await sql.run(ensureRow, [hash, shift(now, rule.windowMs), shift(now, rule.windowMs)]);
        const [state] = await sql.all<State>(sql.dialect === 'mysql' ? `${read} FOR UPDATE` : read, [hash]);
        if (state?.blockedUntil != null && state.blockedUntil > now) return null; // a block is not made longer by attempts
        const fresh = state === undefined || state.windowEndsAt <= now || state.blockedUntil !== null;
        const failures = fresh ? 1 : state.failures + 1;
        const windowEndsAt = fresh ? shift(now, rule.windowMs) : state.windowEndsAt;
        const blockedUntil = failures >= rule.limit ? shift(now, rule.blockMs) : null;
        const expiresAt = blockedUntil !== null && blockedUntil > windowEndsAt ? blockedUntil : windowEndsAt;
        await sql.run(
          'UPDATE throttles SET failures = ?, window_ends_at = ?, blocked_until = ?, expires_at = ? WHERE key_hash = ?',
          [failures, windowEndsAt, blockedUntil, expiresAt, hash],
        );
        return blockedUntil;
      }),
    async clear(key) {
      await database.execute('DELETE FROM throttles WHERE key_hash = ?', [throttleHash(key)]);
    },
  };
}

/** Machines call from few addresses, each of them on every call. */
const hashedBefore = new Map<string, string>();
const mostRemembered = 1_000;

export function throttleHash(key: string): string {
  const before = hashedBefore.get(key);
  if (before !== undefined) return before;
  const hash = createHash('sha256').update(key, 'utf8').digest('base64url');
  if (hashedBefore.size >= mostRemembered) hashedBefore.clear();
  hashedBefore.set(key, hash);
  return hash;
}
