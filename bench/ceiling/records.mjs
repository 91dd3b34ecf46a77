/** What every command leaves beside its own rows, by hand: inbox, journal, outbox. */
import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { systemClock } from '../../dist/src/platform/clock.js';
import { createIds } from '../../dist/src/platform/ids.js';
import { inserting, selected } from './columns.mjs';

const clock = systemClock();
const ids = createIds(clock);
const key = randomBytes(32);
const week = 7 * 86_400_000;
const slots = 1_024;
const slotText =
  `SELECT s.slot AS slot, ${selected('inbox')} FROM inbox_slots s ` +
  'LEFT JOIN inbox t ON t.scope = ? AND t.idempotency_key = ? WHERE s.slot = ?';
const inboxText = inserting('inbox');
const answerText = 'UPDATE inbox SET answer = ? WHERE id = ?';
const texts = (table) => [undefined, ...[1, 2, 3, 4].map((rows) => inserting(table, rows))];
const entriesTexts = texts('journal_entries');
const payloadsTexts = texts('journal_payloads');
const eventsTexts = texts('outbox_events');

export const now = () => clock.now();
export const nextId = (kind) => ids.next(kind);

export async function claim(sql, { scope, key: idempotencyKey, content, at }) {
  const slot = createHash('sha256').update(`${scope}\n${idempotencyKey}`).digest().readUInt16BE(0) % slots;
  const [{ id: found }] = await sql.all(slotText + sql.forUpdate, [scope, idempotencyKey, slot]);
  if (found !== null) throw new Error('this key was used before');
  const id = nextId('request');
  const mac = createHmac('sha256', key).update(content).digest('base64url');
  const until = new Date(Date.parse(at) + week).toISOString();
  await sql.run(inboxText, [id, scope, idempotencyKey, mac, '', at, until]);
  return id;
}

export async function keepAnswer(sql, id, answer) {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const sealed = Buffer.concat([
    iv,
    cipher.update(JSON.stringify(answer), 'utf8'),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
  await sql.run(answerText, [`k1.${sealed.toString('base64url')}`, id]);
}

/** `changes`: [tenantId, objectKind, objectId, before, after] of every journaled row. */
export async function writeJournal(sql, { at, actor, channelId, command, requestId, reason }, changes) {
  const entries = [];
  const payloads = [];
  for (const [tenantId, kind, objectId, before, after] of changes) {
    const id = nextId('journalEntry');
    const salt = randomBytes(16).toString('base64url');
    const [old, fresh] = [before && JSON.stringify(before), JSON.stringify(after)];
    const hash = createHash('sha256')
      .update(JSON.stringify([salt, old, fresh]))
      .digest('base64url');
    const [actorKind, actorId, actorName] = actor;
    entries.push(
      id,
      at,
      actorKind,
      actorId,
      actorName,
      channelId,
      command,
      requestId,
      '127.0.0.1',
      reason,
      tenantId,
      kind,
      objectId,
      hash,
      null,
      null,
    );
    payloads.push(id, salt, old, fresh, null);
  }
  await sql.run(entriesTexts[changes.length], entries);
  await sql.run(payloadsTexts[changes.length], payloads);
}

/** `events`: [type, kind, id, version, tenantId, payload]. */
export async function writeEvents(sql, at, events) {
  const values = events.flatMap(([type, kind, id, version, tenantId, payload]) => [
    nextId('event'),
    at,
    type,
    kind,
    id,
    version * 100,
    tenantId,
    JSON.stringify(payload),
    null,
  ]);
  await sql.run(eventsTexts[events.length], values);
}
