import { ascii, big, id, instant, int, long, nullable, text } from './columns.js';
import { defineTable } from './define-table.js';

export interface JournalEntryRow {
  readonly id: string;
  readonly at: string;
  readonly actorKind: string;
  readonly actorId: string;
  readonly actorName: string;
  readonly channelId: string;
  readonly command: string;
  readonly requestId: string;
  readonly address: string;
  readonly reason: string;
  readonly tenantId: string;
  readonly objectKind: string;
  readonly objectId: string;
  /** SHA-256 of salt and payload. */
  readonly payloadHash: string;
  readonly sequence: number | null;
  /** HMAC over the previous hash and this entry; null until sealed. */
  readonly chainHash: string | null;
}

export const journalEntries = defineTable<JournalEntryRow>(
  'journal_entries',
  {
    id: id(),
    at: instant(),
    actorKind: ascii(16),
    actorId: text(),
    actorName: text(),
    channelId: id(),
    command: text(),
    requestId: text(),
    address: text(64),
    reason: text(2_000),
    tenantId: id(),
    objectKind: ascii(32),
    objectId: id(),
    payloadHash: ascii(43),
    sequence: nullable(big()),
    chainHash: nullable(ascii(43)),
  },
  { unique: [['sequence']], indexes: [['objectId'], ['tenantId', 'sequence'], ['requestId'], ['at']] },
);

export interface JournalPayloadRow {
  readonly entryId: string;
  readonly salt: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly erasedAt: string | null;
}

export const journalPayloads = defineTable<JournalPayloadRow>(
  'journal_payloads',
  {
    entryId: id(),
    salt: ascii(24),
    before: { ...nullable(long()), name: 'before_json' },
    after: { ...nullable(long()), name: 'after_json' },
    erasedAt: nullable(instant()),
  },
  { primaryKey: ['entryId'] },
);

/** One sealed batch: how far the chain reaches and its head, under a code of its own. */
export interface JournalSealRow {
  readonly lastSequence: number;
  readonly entryCount: number;
  readonly head: string;
  readonly keyId: string;
  readonly sealedAt: string;
  readonly mac: string;
}

export const journalSeals = defineTable<JournalSealRow>(
  'journal_seals',
  {
    lastSequence: big(),
    entryCount: int(),
    head: ascii(43),
    keyId: ascii(16),
    sealedAt: instant(),
    mac: ascii(43),
  },
  { primaryKey: ['lastSequence'] },
);

/** One row: the end of the chain, locked by whoever seals. */
export interface JournalHeadRow {
  readonly name: string;
  readonly sequence: number;
  readonly hash: string;
  readonly keyId: string;
  readonly mac: string;
}

export const journalHeads = defineTable<JournalHeadRow>(
  'journal_heads',
  { name: ascii(16), sequence: big(), hash: ascii(43), keyId: ascii(16), mac: ascii(43) },
  { primaryKey: ['name'] },
);
