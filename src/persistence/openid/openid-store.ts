import { createHash } from 'node:crypto';
import { type Clock, second, shift, toMilliseconds } from '../../core/shared/clock.js';
import type { Storage } from '../rows/stored-table.js';
import type { Database, Row, SqlValue } from '../sql/sql.js';
import { type OpenIdRow, openIdRecords } from '../tables/infrastructure.js';

export type OpenIdPayload = Readonly<Record<string, unknown>>;

/**
 * Artifacts of the OpenID provider, by model name. Ids are stored as hashes and payloads encrypted: a copy of the table opens
 * nothing. Expired ones are not found.
 */
export interface OpenIdStore {
  upsert(model: string, id: string, payload: OpenIdPayload, expiresInSeconds?: number): Promise<void>;
  /** With `consumed` (epoch seconds) when it was consumed. */
  find(model: string, id: string): Promise<OpenIdPayload | undefined>;
  findByUid(model: string, uid: string): Promise<OpenIdPayload | undefined>;
  findByUserCode(model: string, userCode: string): Promise<OpenIdPayload | undefined>;
  /** True for the one call that consumed it: of two at once the other gets false. */
  consume(model: string, id: string): Promise<boolean>;
  destroy(model: string, id: string): Promise<void>;
  /** Everything of every model under the grant, and the grant itself. */
  revokeByGrantId(grantId: string): Promise<void>;
}

export function createOpenIdStore(database: Database, storage: Storage, clock: Clock): OpenIdStore {
  const { table, codec } = storage(openIdRecords);
  const columns = table.fields.map((field) => table.column(field));
  const overwritten = columns.filter((column) => column !== 'id_hash');
  const upsertText =
    `INSERT INTO openid_records (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')}) ` +
    (database.dialect === 'mysql'
      ? `ON DUPLICATE KEY UPDATE ${overwritten.map((column) => `${column} = VALUES(${column})`).join(', ')}`
      : `ON CONFLICT (id_hash) DO UPDATE SET ${overwritten.map((column) => `${column} = excluded.${column}`).join(', ')}`);
  const found =
    'SELECT payload, consumed_at AS consumedAt, expires_at AS expiresAt FROM openid_records WHERE model = ? AND ';

  async function one(condition: string, params: readonly SqlValue[]): Promise<OpenIdPayload | undefined> {
    const [row] = await database.read.all<Row>(`${found}${condition}`, params);
    if (row === undefined || (row.expiresAt !== null && (row.expiresAt as string) <= clock.now())) return undefined;
    const { payload, consumedAt } = codec.decode(row);
    const content = JSON.parse(payload) as OpenIdPayload;
    return consumedAt === null ? content : { ...content, consumed: Math.floor(toMilliseconds(consumedAt) / second) };
  }

  return {
    async upsert(model, id, payload, expiresInSeconds) {
      const row: OpenIdRow = {
        idHash: recordHash(model, id),
        model,
        payload: JSON.stringify(payload),
        accountId: textOf(payload.accountId),
        clientId: textOf(payload.clientId),
        grantHash: model === 'Grant' ? recordHash('Grant', id) : hashOf('Grant', payload.grantId),
        uidHash: hashOf('uid', payload.uid),
        sessionUidHash: hashOf('uid', payload.sessionUid),
        userCodeHash: hashOf('userCode', payload.userCode),
        sid: textOf(payload.sid),
        consumedAt: null,
        expiresAt: expiresInSeconds === undefined ? null : shift(clock.now(), expiresInSeconds * second),
      };
      await database.execute(
        upsertText,
        table.fields.map((field) => codec.encode(field, row[field])),
      );
    },
    find: (model, id) => one('id_hash = ?', [model, recordHash(model, id)]),
    findByUid: (model, uid) => one('uid_hash = ?', [model, hashOf('uid', uid)]),
    findByUserCode: (model, userCode) => one('user_code_hash = ?', [model, hashOf('userCode', userCode)]),
    async consume(model, id) {
      const consumed = await database.execute(
        'UPDATE openid_records SET consumed_at = ? WHERE id_hash = ? AND consumed_at IS NULL',
        [clock.now(), recordHash(model, id)],
      );
      return consumed > 0;
    },
    async destroy(model, id) {
      await database.execute('DELETE FROM openid_records WHERE id_hash = ?', [recordHash(model, id)]);
    },
    async revokeByGrantId(grantId) {
      await database.execute('DELETE FROM openid_records WHERE grant_hash = ?', [recordHash('Grant', grantId)]);
    },
  };
}

function recordHash(model: string, id: string): string {
  return createHash('sha256').update(`${model}\n${id}`, 'utf8').digest('base64url');
}

function hashOf(what: string, value: unknown): string {
  return typeof value === 'string' && value !== '' ? recordHash(what, value) : '';
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
