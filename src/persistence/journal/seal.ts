import type { Clock } from '../../core/shared/clock.js';
import { insertRows } from '../rows/insert-rows.js';
import { selectList } from '../rows/statements.js';
import type { Storage } from '../rows/stored-table.js';
import type { Secrets } from '../secrets.js';
import type { Database, Sql } from '../sql/sql.js';
import {
  type JournalEntryRow,
  type JournalHeadRow,
  type JournalSealRow,
  journalEntries,
  journalHeads,
  journalSeals,
} from '../tables/journal.js';
import { entryHash, headMac, sealMac } from './chain-hashes.js';

export const headName = 'main';

/** Short, so that nobody waits long for the head. */
const batch = 500;

export const headText = `SELECT ${selectList(journalHeads)} FROM journal_heads t WHERE t.name = '${headName}'`;
const unsealedText = `SELECT ${selectList(journalEntries)} FROM journal_entries t WHERE t.sequence IS NULL ORDER BY t.id LIMIT ?`;

export interface Sealer {
  seal(limit: number): Promise<number>;
}

/** Chains what commands wrote. The head row is locked and written, so processes that seal at once take turns. */
export function createSealer(database: Database, storage: Storage, secrets: Secrets, clock: Clock): Sealer {
  const firstHead =
    'INSERT INTO journal_heads (name, sequence, hash, key_id, mac) VALUES (?, 0, ?, ?, ?) ' +
    (database.dialect === 'mysql' ? 'ON DUPLICATE KEY UPDATE name = name' : 'ON CONFLICT (name) DO NOTHING');

  async function lockHead(sql: Sql): Promise<JournalHeadRow> {
    const first = { name: headName, sequence: 0, hash: '', keyId: secrets.currentKeyId };
    await sql.run(firstHead, [headName, '', first.keyId, headMac(secrets, first)]);
    const [head] = await sql.all<JournalHeadRow>(sql.dialect === 'mysql' ? `${headText} FOR UPDATE` : headText);
    return head!;
  }

  function sealBatch(size: number): Promise<number> {
    return database.transaction(async (sql) => {
      const before = await lockHead(sql);
      const entries = await sql.all<JournalEntryRow>(unsealedText, [String(size)]);
      if (entries.length === 0) return 0;
      const keyId = secrets.currentKeyId;
      let { sequence, hash } = before;
      const updates: Promise<number>[] = [];
      for (const entry of entries) {
        sequence += 1;
        hash = entryHash(secrets, keyId, hash, { ...entry, sequence });
        updates.push(
          sql.run('UPDATE journal_entries SET sequence = ?, chain_hash = ? WHERE id = ?', [sequence, hash, entry.id]),
        );
      }
      await Promise.all(updates);
      const seal = { lastSequence: sequence, entryCount: entries.length, head: hash, keyId, sealedAt: clock.now() };
      const sealed: JournalSealRow = { ...seal, mac: sealMac(secrets, seal) };
      await insertRows(sql, storage(journalSeals), [sealed]);
      const head = { name: headName, sequence, hash, keyId };
      await sql.run('UPDATE journal_heads SET sequence = ?, hash = ?, key_id = ?, mac = ? WHERE name = ?', [
        sequence,
        hash,
        keyId,
        headMac(secrets, head),
        headName,
      ]);
      return entries.length;
    });
  }

  return {
    async seal(limit) {
      let sealed = 0;
      while (sealed < limit) {
        const size = Math.min(batch, limit - sealed);
        const count = await sealBatch(size);
        sealed += count;
        if (count < size) break;
      }
      return sealed;
    },
  };
}
