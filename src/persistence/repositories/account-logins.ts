import { createHash } from 'node:crypto';
import type { AccountLogins, LoginOutcome } from '../../core/marketplace/index.js';
import { hour, type Instant, minute, toInstant, toMilliseconds } from '../../core/shared/clock.js';
import { idAt } from '../../core/shared/id-time.js';
import { encodeBase32, idPrefixes } from '../../core/shared/ids.js';
import { isAscii } from '../sql/ascii.js';
import { accountLogins } from '../tables/marketplace.js';
import type { UnitContext } from '../unit/unit-context.js';

/** A line's id is made of what it counts and of its time, so that two who write it at once write the same one. */
export function accountLoginsOf({ sql, now, storage }: UnitContext): AccountLogins {
  const { table, codec } = storage(accountLogins);
  const columns = table.fields.map((field) => table.column(field)).join(', ');
  const marks = table.fields.map(() => '?').join(', ');
  const text =
    `INSERT INTO account_logins (${columns}) VALUES (${marks}) ` +
    (sql.dialect === 'mysql'
      ? 'ON DUPLICATE KEY UPDATE times = times + 1, last_at = GREATEST(last_at, VALUES(last_at))'
      : 'ON CONFLICT (id) DO UPDATE SET times = times + 1, last_at = MAX(last_at, excluded.last_at)');

  return {
    async add({ serviceAccountId, outcome, address, by = '' }) {
      const shown = isAscii(address) ? address.slice(0, 64) : '';
      const row = {
        id: lineId(beginOf(now, outcome), [serviceAccountId, outcome, shown, by]),
        serviceAccountId,
        outcome,
        address: shown,
        by: by.slice(0, 200),
        firstAt: now,
        lastAt: now,
        times: 1,
      };
      await sql.run(
        text,
        table.fields.map((field) => codec.encode(field, row[field])),
      );
    },
  };
}

/** Successes are many and alike. */
function beginOf(now: Instant, outcome: LoginOutcome): Instant {
  const length = outcome === 'succeeded' ? hour : minute;
  return toInstant(Math.floor(toMilliseconds(now) / length) * length);
}

function lineId(begin: Instant, parts: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(parts), 'utf8').digest().subarray(0, 16);
  return idAt(`${idPrefixes.accountLogin}_${encodeBase32(hash)}`, begin);
}
