import { createHash } from 'node:crypto';
import { day, shift } from '../../core/shared/clock.js';
import { DomainError } from '../../core/shared/errors.js';
import type { Ids } from '../../core/shared/ids.js';
import type { Idempotency } from '../../core/shared/unit-of-work.js';
import { insertRows } from '../rows/insert-rows.js';
import { selectList } from '../rows/statements.js';
import type { Storage } from '../rows/stored-table.js';
import type { Secrets } from '../secrets.js';
import type { Row, Sql } from '../sql/sql.js';
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

/** As many as the migration made; two keys that share one only take turns. */
const slots = 1_024;

export function createInbox(storage: Storage, secrets: Secrets, ids: Ids): Inbox {
  const { codec } = storage(inbox);
  const look =
    `SELECT s.slot AS slot, ${selectList(inbox)} FROM inbox_slots s ` +
    'LEFT JOIN inbox t ON t.scope = ? AND t.idempotency_key = ? WHERE s.slot = ?';

  /**
   * Takes the slot and reads the key's row. Waiting for the row itself would not do: when the first of many gives up, InnoDB
   * leaves all who waited with a lock on the gap, and they deadlock one after the other.
   */
  async function find(sql: Sql, { scope, key }: Idempotency): Promise<InboxRow | undefined> {
    const text = sql.dialect === 'mysql' ? `${look} FOR UPDATE` : look;
    const [row] = await sql.all<Row>(text, [scope, key, slotOf(scope, key)]);
    if (row === undefined) throw new Error('the rows of inbox_slots are missing: run the migrations');
    return row.id === null ? undefined : codec.decode(row);
  }

  async function insert(sql: Sql, { scope, key, content }: Idempotency, now: string): Promise<string> {
    const row: InboxRow = {
      id: ids.next('request'),
      scope,
      key,
      contentMac: secrets.hmac(macPurpose, content).toString('base64url'),
      answer: '',
      createdAt: now,
      expiresAt: shift(now, keptMs),
    };
    await insertRows(sql, storage(inbox), [row]);
    return row.id;
  }

  return {
    async claim(sql, idempotency, now) {
      const { key, content } = idempotency;
      const found = await find(sql, idempotency);
      // MySQL ignores blanks at the end when it compares; such a key is another one, and cannot be stored beside it
      if (found !== undefined && found.key !== key) throw new DomainError('idempotency_conflict', { key });
      if (found !== undefined && found.expiresAt > now) {
        const same = secrets.verifyHmac(macPurpose, content, Buffer.from(found.contentMac, 'base64url'));
        if (!same) throw new DomainError('idempotency_conflict', { key });
        return { answer: (JSON.parse(found.answer) as [unknown])[0] };
      }
      if (found !== undefined) await sql.run('DELETE FROM inbox WHERE id = ?', [found.id]);
      return { claimed: await insert(sql, idempotency, now) };
    },
    async answer(sql, claimed, answer) {
      const text = codec.encode('answer', JSON.stringify([answer ?? null]));
      await sql.run('UPDATE inbox SET answer = ? WHERE id = ?', [text, claimed]);
    },
  };
}

function slotOf(scope: string, key: string): number {
  return createHash('sha256').update(`${scope}\n${key}`, 'utf8').digest().readUInt16BE(0) % slots;
}
