import type { RequestRecordView } from '../../core/readers.js';
import { ascii, id, instant, int, json, long, named, nullable, sealed, text } from './columns.js';
import { defineTable } from './define-table.js';

export interface ThrottleRow {
  readonly keyHash: string;
  readonly failures: number;
  readonly windowEndsAt: string;
  readonly blockedUntil: string | null;
  readonly expiresAt: string;
}

export const throttles = defineTable<ThrottleRow>(
  'throttles',
  {
    keyHash: ascii(43),
    failures: int(),
    windowEndsAt: instant(),
    blockedUntil: nullable(instant()),
    expiresAt: instant(),
  },
  { primaryKey: ['keyHash'], indexes: [['expiresAt']] },
);

export interface SeenRow {
  readonly kind: string;
  readonly hash: string;
  readonly expiresAt: string;
}

export const seenHashes = defineTable<SeenRow>(
  'seen_hashes',
  { kind: ascii(32), hash: ascii(64), expiresAt: instant() },
  { primaryKey: ['kind', 'hash'], indexes: [['expiresAt']] },
);

export interface RevocationRow {
  readonly id: string;
  readonly at: string;
  readonly kind: string;
  readonly targetId: string;
  readonly clientIds: readonly string[] | null;
}

export const revocations = defineTable<RevocationRow>(
  'revocations',
  { id: id(), at: instant(), kind: ascii(16), targetId: text(), clientIds: nullable(json()) },
  { indexes: [['at', 'id']] },
);

export interface OpenIdRow {
  /** SHA-256 of model and id: what is stolen from here opens nothing. */
  readonly idHash: string;
  readonly model: string;
  readonly payload: string;
  readonly accountId: string;
  readonly clientId: string;
  readonly grantHash: string;
  readonly uidHash: string;
  readonly sessionUidHash: string;
  readonly userCodeHash: string;
  readonly sid: string;
  readonly consumedAt: string | null;
  readonly expiresAt: string | null;
}

export const openIdRecords = defineTable<OpenIdRow>(
  'openid_records',
  {
    idHash: ascii(43),
    model: ascii(40),
    payload: sealed(),
    accountId: text(),
    clientId: text(),
    grantHash: ascii(43),
    uidHash: ascii(43),
    sessionUidHash: ascii(43),
    userCodeHash: ascii(43),
    sid: text(128),
    consumedAt: nullable(instant()),
    expiresAt: nullable(instant()),
  },
  {
    primaryKey: ['idHash'],
    indexes: [
      ['accountId'],
      ['clientId'],
      ['grantHash'],
      ['uidHash'],
      ['sessionUidHash'],
      ['userCodeHash'],
      ['sid'],
      ['expiresAt'],
    ],
  },
);

export interface SigningKeyRow {
  readonly kid: string;
  readonly algorithm: string;
  /** The private JWK. */
  readonly jwk: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  /** Signs from then on. */
  readonly activeFrom: string;
  /** Signs no more from then on, and is still published. */
  readonly retiredAt: string | null;
}

export const signingKeys = defineTable<SigningKeyRow>(
  'signing_keys',
  {
    kid: ascii(64),
    algorithm: ascii(16),
    jwk: { ...sealed(), holdsJson: true },
    createdAt: instant(),
    activeFrom: instant(),
    retiredAt: nullable(instant()),
  },
  { primaryKey: ['kid'] },
);

export const requestRecords = defineTable<RequestRecordView>(
  'request_records',
  {
    id: id(),
    at: instant(),
    direction: ascii(8),
    protocol: ascii(32),
    channelId: id(),
    operation: text(),
    requestId: text(),
    status: int(),
    durationMs: int(),
    request: named('request_text', long()),
    response: named('response_text', long()),
  },
  { indexes: [['at'], ['channelId', 'at'], ['requestId']] },
);

export interface MetaRow {
  readonly name: string;
  readonly value: string;
}

export const hubMeta = defineTable<MetaRow>(
  'hub_meta',
  { name: ascii(64), value: named('value_text', long()) },
  { primaryKey: ['name'] },
);
