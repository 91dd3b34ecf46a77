/**
 * UpdateUserStatus by hand: the realm's customer locked first, the disable ledger, the membership's hold, its span, sessions
 * and sign-ins in the instance looked up, then journal, outbox and inbox; one transaction.
 */
import { inserting, selected } from './columns.mjs';
import { closing, opening } from './nec-read.mjs';
import { claim, keepAnswer, nextId, now, writeEvents, writeJournal } from './records.mjs';

const by = (table, fields) =>
  `SELECT ${selected(table)} FROM \`${table}\` t WHERE ${fields.map((field) => `t.\`${field}\` = ?`).join(' AND ')} ORDER BY t.id LIMIT ?`;
const byId = (table) => `SELECT ${selected(table)} FROM \`${table}\` t WHERE t.id = ?`;
const open = (text, column) => text.replace(' ORDER BY', ` AND t.\`${column}\` IS NULL ORDER BY`);

const refText = by('external_refs', ['channel_id', 'kind', 'parent_id', 'external_id', 'live_key']);
const instanceText = byId('instances');
const relyText = 'UPDATE `tenants` SET version = version + 1 WHERE id = ?';
const tenantText = byId('tenants');
const memberText = by('memberships', ['user_id', 'tenant_id', 'instance_id', 'live_key']);
const memberByIdText = byId('memberships');
const recordText = by('channel_records', ['channel_id', 'kind', 'parent_id', 'external_id']);
const recordByIdText = byId('channel_records');
const countText = 'SELECT COUNT(*) AS total FROM `memberships` t WHERE t.`instance_id` = ? AND t.`live_key` = ?';
const holdText = 'UPDATE `memberships` SET `holds` = ?, version = version + 1 WHERE id = ? AND version = ?';
const closeSpanText =
  'UPDATE active_spans SET ended_at = ?, open_key = id, version = version + 1 WHERE object_id = ? AND open_key = ?';
const openSpanText = 'SELECT id FROM active_spans WHERE object_id = ? AND open_key = ?';
const spanText = inserting('active_spans');
const revocationText = inserting('revocations');
const sessionsText = by('sessions', ['user_id', 'instance_id', 'state']);
const clientSessionsText = open(by('client_sessions', ['user_id', 'instance_id']), 'ended_at');
const loginTokensText = open(by('login_tokens', ['kind', 'user_id', 'instance_id']), 'used_at');
const clientsText = by('clients', ['instance_id']);
const newRecordText = inserting('channel_records');
const changeRecordText = 'UPDATE `channel_records` SET `data` = ?, version = version + 1 WHERE id = ? AND version = ?';
const many = '1000';

const field = (body, name) => new RegExp(`<${name}>([^<]*)<`).exec(body)[1];

export async function updateUserStatus(sql, { channelId }, body) {
  const [requestId, customerId, realmId, userId] = ['requestId', 'customerId', 'realmId', 'userId'].map((name) =>
    field(body, name),
  );
  const status = Number(field(body, 'status'));
  await sql.transaction(async (tx) => {
    const at = now();
    const content = JSON.stringify(['UpdateUserStatus', customerId, realmId, userId, status]);
    const claimed = await claim(tx, { scope: channelId, key: requestId, content, at });
    const context = await lockRealm(tx, channelId, { customerId, realmId, userId });
    const work = { ...context, tx, at, channelId, changes: [] };
    await (status === 7 ? disable : enable)(work);
    const about = { at, channelId, actor: ['serviceAccount', channelId, 'mkp'], command: 'nec.UpdateUserStatus' };
    await writeJournal(tx, { ...about, requestId: nextId('request'), reason: `requestId ${requestId}` }, work.changes);
    const { member } = work;
    const type = status === 7 ? 'membership.disabled' : 'membership.enabled';
    const payload = { userId: member.userId, instanceId: member.instanceId, roles: JSON.parse(member.roles) };
    await writeEvents(tx, at, [[type, 'membership', member.id, member.version + 1, member.tenantId, payload]]);
    await keepAnswer(tx, claimed, { status });
  });
  return (
    `${opening}<UpdateUserStatusResponse xmlns="urn:hub:ncbs:isv:v1"><UpdateUserStatusResult><resultCode>0</resultCode>` +
    `<resultMessage>OK</resultMessage><requestId>${requestId}</requestId><status>${status}</status>` +
    `</UpdateUserStatusResult></UpdateUserStatusResponse>${closing}`
  );
}

async function lockRealm(tx, channelId, { customerId, realmId, userId }) {
  const [ref] = await tx.all(refText, [channelId, 'instance', '', realmId, '0', '1']);
  const [seen] = await tx.all(instanceText, [ref.targetId]);
  const [customer] = await tx.all(refText, [channelId, 'tenant', '', customerId, '0', '1']);
  if (customer.targetId !== seen.tenantId) throw new Error('no such realm');
  await tx.run(relyText, [seen.tenantId]);
  await tx.all(tenantText, [seen.tenantId]);
  const [instance] = await tx.all(instanceText + tx.forUpdate, [seen.id]);
  const [userRef] = await tx.all(refText, [channelId, 'user', instance.id, userId, '0', '1']);
  const [found] = await tx.all(memberText, [userRef.targetId, instance.tenantId, instance.id, '0', '1']);
  const [member] = await tx.all(memberByIdText + tx.forUpdate, [found.id]);
  await tx.all(countText, [instance.id, '0']);
  return { instance, member };
}

async function record(tx, channelId, kind, instance, externalId) {
  const [found] = await tx.all(recordText, [channelId, kind, instance.id, externalId, '1']);
  if (found === undefined) return undefined;
  const [locked] = await tx.all(recordByIdText + tx.forUpdate, [found.id]);
  return locked;
}

/** Writes a record when its content changed, and says so in the journal. */
async function put({ tx, at, channelId, instance, changes }, kind, externalId, before, data) {
  const text = JSON.stringify(data);
  if (before?.data === text) return;
  const id = before?.id ?? nextId('channelRecord');
  if (before === undefined) await tx.run(newRecordText, [id, 1, at, channelId, kind, instance.id, externalId, text]);
  else await tx.run(changeRecordText, [text, id, before.version]);
  changes.push(['', 'channelRecord', id, before ?? null, data]);
}

async function disable(work) {
  const { tx, at, channelId, instance, member } = work;
  const cycle = await record(tx, channelId, 'nec.disable-cycle', instance, 'latest');
  const count = (cycle === undefined ? 0 : JSON.parse(cycle.data).cycle) + 1;
  const holds = JSON.stringify([{ authority: 'marketplace', channelId, by: 'mkp', at }]);
  await tx.run(holdText, [holds, member.id, member.version]);
  work.changes.push([member.tenantId, 'membership', member.id, member, { ...member, holds }]);
  await tx.run(closeSpanText, [at, member.id, '0']);
  for (const state of ['ACTIVE', 'PENDING']) await tx.all(sessionsText, [member.userId, instance.id, state, many]);
  await tx.all(clientSessionsText, [member.userId, instance.id, many]);
  await tx.all(loginTokensText, ['marketplace_login', member.userId, instance.id, many]);
  await tx.all(clientsText, [instance.id, many]);
  const ledger = {
    cycle: count,
    open: true,
    userDisableSeen: { at, dialect: '4.3' },
    realmDisableSeen: null,
    waived: false,
  };
  await put(work, 'nec.disable-cycle', 'latest', cycle, { ...ledger, witness: member.id });
  const mark = await record(tx, channelId, 'nec.user-disable', instance, member.id);
  await put(work, 'nec.user-disable', member.id, mark, { cycle: count });
}

async function enable(work) {
  const { tx, at, channelId, instance, member } = work;
  await record(tx, channelId, 'nec.disable-cycle', instance, 'latest');
  await record(tx, channelId, 'nec.user-disable', instance, member.id);
  await tx.run(holdText, ['[]', member.id, member.version]);
  work.changes.push([member.tenantId, 'membership', member.id, member, { ...member, holds: '[]' }]);
  await tx.all(openSpanText, [member.id, '0']);
  await tx.run(spanText, [nextId('activeSpan'), 1, 'membership', member.id, at, null, '0']);
  await tx.run(revocationText, [nextId('revocation'), at, 'user', member.userId, '[]']);
}
