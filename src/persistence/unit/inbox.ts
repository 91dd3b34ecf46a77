import { day, shift } from '../../core/shared/clock.js';
import { DomainError } from '../../core/shared/errors.js';
import type { Ids } from '../../core/shared/ids.js';
import type { Idempotency } from '../../core/shared/unit-of-work.js';
import type { Storage } from '../rows/stored-table.js';
import type { Secrets } from '../secrets.js';
import { type Sql, UniqueViolation } from '../sql/sql.js';
import { type InboxRow, inbox } from '../tables/outbox.js';

const keptMs = 7 * day;
const macPurpose = 'inbox content';

export interface Inbox {
  /**
   * Takes the key for this transaction. Another transaction with the same key waits here until this one ends.
   * Returns the stored answer when the command was done before; throws `idempotency_conflict` when it was another one.
   */
  claim(sql: Sql, idempotency: Idempotency, now: string): Promise<{ answer: unknown } | { claimed: string }>;
  /** Stores the answer, encrypted, with the row `claim` made. */
  answer(sql: Sql, claimed: string, answer: unknown): Promise<void>;
}

export function createInbox(storage: Storage, secrets: Secrets, ids: Ids): Inbox {
  const { table, codec, statements } = storage(inbox);

  async function insert(sql: Sql, { scope, key, content }: Idempotency, now: string): Promise<string | undefined> {
    const row: InboxRow = {
      id: ids.next('request'),
      scope,
      key,
      contentMac: secrets.hmac(macPurpose, content).toString('base64url'),
      answer: '',
      createdAt: now,
      expiresAt: shift(now, keptMs),
    };
    try {
      await sql.run(
        statements.insert,
        table.fields.map((field) => codec.encode(field, row[field])),
      );
      return row.id;
    } catch (error) {
      if (error instanceof UniqueViolation) return undefined;
      throw error;
    }
  }

  return {
    async claim(sql, idempotency, now) {
      const claimed = await insert(sql, idempotency, now);
      if (claimed !== undefined) return { claimed };
      const { scope, key, content } = idempotency;
      const [row] = await sql.all(statements.select(['scope', 'key'], [false, false]), [scope, key, '1']);
      const found = row === undefined ? undefined : codec.decode(row);
      if (found === undefined || found.expiresAt <= now || found.key !== key) {
        if (found !== undefined && found.key !== key) throw new DomainError('idempotency_conflict', { key });
        if (found !== undefined) await sql.run('DELETE FROM inbox WHERE id = ?', [found.id]);
        const again = await insert(sql, idempotency, now);
        if (again === undefined) throw new DomainError('busy');
        return { claimed: again };
      }
      if (!secrets.verifyHmac(macPurpose, content, Buffer.from(found.contentMac, 'base64url'))) {
        throw new DomainError('idempotency_conflict', { key });
      }
      return { answer: (JSON.parse(found.answer) as [unknown])[0] };
    },
    async answer(sql, claimed, answer) {
      const text = codec.encode('answer', JSON.stringify([answer ?? null]));
      await sql.run('UPDATE inbox SET answer = ? WHERE id = ?', [text, claimed]);
    },
  };
}
