import type { RevocationTarget } from '../../core/identity/index.js';
import { type Clock, minute, shift } from '../../core/shared/clock.js';
import type { Storage } from '../rows/stored-table.js';
import type { Sql } from '../sql/sql.js';
import { revocations } from '../tables/infrastructure.js';

export interface Revocation extends RevocationTarget {
  readonly at: string;
}

/** Where a process is in the list; kept in its memory only. */
export interface RevocationCursor {
  readonly since: string;
  /** Ids already handed on that a later look would find again. */
  readonly seen: ReadonlySet<string>;
}

export interface Revocations {
  /** What was revoked since the cursor; `null` begins now. A row is handed on once per chain of cursors. */
  poll(cursor: RevocationCursor | null): Promise<{ revocations: Revocation[]; cursor: RevocationCursor }>;
}

/** A row carries the instant its unit began and appears when it commits, perhaps from a clock that is behind: look back. */
const lookBackMs = minute;
const batch = 1_000;

export function createRevocations(sql: Sql, storage: Storage, clock: Clock): Revocations {
  const { codec } = storage(revocations);
  const text =
    'SELECT id, at, kind, target_id AS targetId, client_ids AS clientIds FROM revocations ' +
    'WHERE at > ? OR (at = ? AND id > ?) ORDER BY at, id LIMIT ?';

  async function rowsSince(since: string) {
    const rows = [];
    for (let [at, id] = [since, '']; ; ) {
      const some = (await sql.all(text, [at, at, id, String(batch)])).map((row) => codec.decode(row));
      rows.push(...some);
      const last = some.at(-1);
      if (last === undefined || some.length < batch) return rows;
      [at, id] = [last.at, last.id];
    }
  }

  return {
    async poll(cursor) {
      const since = shift(clock.now(), -lookBackMs);
      const from = cursor === null || cursor.since > since ? since : cursor.since;
      const rows = await rowsSince(from);
      const fresh = cursor === null ? [] : rows.filter((row) => !cursor.seen.has(row.id));
      return {
        revocations: fresh.map((row) => ({
          kind: row.kind as RevocationTarget['kind'],
          id: row.targetId,
          at: row.at,
          ...(row.clientIds === null ? {} : { clientIds: row.clientIds }),
        })),
        cursor: { since, seen: new Set(rows.map((row) => row.id)) },
      };
    },
  };
}
