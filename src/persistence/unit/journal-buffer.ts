import { createHash, randomBytes } from 'node:crypto';
import { type Actor, actorId, actorName } from '../../core/shared/actor.js';
import type { Ids, ObjectKind } from '../../core/shared/ids.js';
import type { Command, JournalNote } from '../../core/shared/unit-of-work.js';
import { insertRows } from '../rows/insert-rows.js';
import type { Storage } from '../rows/stored-table.js';
import type { Sql } from '../sql/sql.js';
import { type JournalEntryRow, type JournalPayloadRow, journalEntries, journalPayloads } from '../tables/journal.js';

/** Collects the entries of one unit; they are written at its end, in its transaction. */
export interface JournalBuffer {
  add(note: JournalNote): void;
  /** What kinds of objects the entries are about. */
  kinds(): ReadonlySet<ObjectKind>;
  flush(sql: Sql): Promise<number>;
}

export function createJournalBuffer(
  actor: Actor,
  command: Command,
  now: string,
  ids: Ids,
  storage: Storage,
): JournalBuffer {
  const entries: JournalEntryRow[] = [];
  const kinds = new Set<ObjectKind>();
  const payloads: JournalPayloadRow[] = [];
  const common = {
    at: now,
    actorKind: actor.kind,
    actorId: clip(actorId(actor), 200),
    actorName: clip(actorName(actor), 200),
    channelId: command.channelId ?? (actor.kind === 'serviceAccount' ? actor.channelId : ''),
    command: clip(command.name, 200),
    requestId: clip(command.requestId, 200),
    address: clip(command.address ?? '', 64),
    reason: clip(command.reason ?? '', 2_000),
    sequence: null,
    chainHash: null,
  };
  return {
    add(note) {
      const id = ids.next('journalEntry');
      kinds.add(note.objectKind);
      const salt = randomBytes(16).toString('base64url');
      const before = jsonOrNull(note.before);
      const after = jsonOrNull(note.after);
      entries.push({
        ...common,
        id,
        tenantId: note.tenantId,
        objectKind: note.objectKind,
        objectId: note.objectId,
        payloadHash: payloadHash(salt, before, after),
      });
      payloads.push({ entryId: id, salt, before, after, erasedAt: null });
    },
    kinds: () => kinds,
    async flush(sql) {
      await insertRows(sql, storage(journalEntries), entries);
      await insertRows(sql, storage(journalPayloads), payloads);
      return entries.length;
    },
  };
}

/** Salted, so that the hash left after an erasure does not give away what it was of. */
export function payloadHash(salt: string, before: string | null, after: string | null): string {
  return createHash('sha256')
    .update(JSON.stringify([salt, before, after]))
    .digest('base64url');
}

function jsonOrNull(value: unknown): string | null {
  if (value === undefined) return null;
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? part.toString() : part)) ?? null;
}

/** The journal never makes a command fail because somebody's text was long. */
function clip(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length);
}
