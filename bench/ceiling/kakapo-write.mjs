/** AddUserLicense by hand: who calls, where the user is, then the seat with its journal entry and event in one transaction. */
import { inserting, selected } from './columns.mjs';
import { closing, findAccount, opening } from './nec-read.mjs';
import { nextId, now, writeEvents, writeJournal } from './records.mjs';

const placeText =
  'pt.id AS provider, NULL AS reseller, NULL AS grp, u.target_id AS userId, m.id AS membershipId, mt.id AS tenantId, ' +
  'mr.external_id AS userReseller, mg.external_id AS userGroup, lt.id AS licenseType ' +
  "FROM external_refs p JOIN tenants pt ON pt.id = p.target_id AND pt.kind = 'provider' AND pt.terminated_at IS NULL " +
  "LEFT JOIN external_refs u ON u.channel_id = p.channel_id AND u.kind = 'user' AND u.parent_id = p.target_id " +
  "AND u.live_key = '0' AND u.external_id = ? " +
  'LEFT JOIN memberships m ON m.user_id = u.target_id AND m.channel_id = p.channel_id ' +
  "AND m.instance_id = '' AND m.live_key = '0' " +
  "LEFT JOIN tenants mt ON mt.id = m.tenant_id AND mt.kind = 'group' AND mt.terminated_at IS NULL " +
  "LEFT JOIN external_refs mg ON mg.target_id = mt.id AND mg.channel_id = p.channel_id AND mg.kind = 'tenant' " +
  "AND mg.live_key = '0' " +
  "LEFT JOIN external_refs mr ON mr.target_id = mg.parent_id AND mr.channel_id = p.channel_id AND mr.kind = 'tenant' " +
  "AND mr.live_key = '0' AND mr.parent_id = p.target_id " +
  "LEFT JOIN applications a ON a.owner_tenant_id = '' AND a.natural_key = ? AND a.live_key = '0' " +
  'LEFT JOIN license_types lt ON lt.application_id = a.id AND lt.code = ? ' +
  "WHERE p.channel_id = ? AND p.kind = 'tenant' AND p.parent_id = '' AND p.live_key = '0' AND p.external_id = ? " +
  'AND EXISTS (SELECT 1 FROM tenant_paths s WHERE s.ancestor_id = ? AND s.descendant_id = p.target_id)';
const placeTexts = { mysql: `SELECT STRAIGHT_JOIN ${placeText}`, sqlite: `SELECT ${placeText}` };

const by = (table, fields) =>
  `SELECT ${selected(table)} FROM \`${table}\` t WHERE ${fields.map((field) => `t.\`${field}\` = ?`).join(' AND ')} ORDER BY t.id LIMIT ?`;
const byId = (table) => `SELECT ${selected(table)} FROM \`${table}\` t WHERE t.id = ?`;
const rely = (table) => `UPDATE \`${table}\` SET version = version + 1 WHERE id = ?`;

const relyTenantText = rely('tenants');
const tenantText = byId('tenants');
const withinText = 'SELECT 1 AS one FROM tenant_paths WHERE descendant_id = ? AND ancestor_id IN (?) LIMIT 1';
const typeText = byId('license_types');
const memberText = by('memberships', ['user_id', 'tenant_id', 'instance_id', 'live_key']);
const heldText = by('licenses', [
  'user_id',
  'tenant_id',
  'application_id',
  'license_type_id',
  'instance_id',
  'live_key',
]);
const channelText = byId('channels');
const relyUserText = rely('users');
const userText = byId('users');
const othersText = by('licenses', ['user_id', 'application_id', 'live_key']);
const poolsText =
  `SELECT ${selected('license_pools')}, o.kind AS tenantKind, ` +
  '(SELECT MAX(q.channel_id) FROM tenant_paths b JOIN tenants q ON q.id = b.ancestor_id ' +
  "AND q.kind = 'provider' WHERE b.descendant_id = a.descendant_id AND b.depth < a.depth) AS providerChannelId " +
  'FROM tenant_paths a JOIN license_pools t ON t.tenant_id = a.ancestor_id AND t.application_id = ? ' +
  "AND t.license_type_id = ? AND t.instance_id = '' JOIN tenants o ON o.id = a.ancestor_id " +
  'WHERE a.descendant_id = ? ORDER BY a.depth';
const takeText = 'UPDATE license_pools SET used = used + ? WHERE id = ? AND used + ? <= quantity';
const licenseText = inserting('licenses');

async function addUserLicense(sql, { unity }, caller, given) {
  const { loginUserName, loginPassword, serverHostName, broadworksUserId, applicationName, licenseType } = given;
  const [account] = await findAccount(sql, unity, loginUserName);
  const isCaller = loginUserName === caller.username && loginPassword === caller.password;
  if (!isCaller || account.lockedAt !== null || account.disabledAt !== null) throw new Error('not authenticated');
  const where = [broadworksUserId, applicationName, licenseType, unity.channelId, serverHostName, unity.id];
  const [place] = await sql.all(placeTexts[sql.dialect], where);
  const { userId, tenantId } = place;
  await sql.transaction(async (tx) => {
    const at = now();
    await tx.run(relyTenantText, [tenantId]);
    const [tenant] = await tx.all(tenantText, [tenantId]);
    const [within] = await tx.all(withinText, [tenantId, unity.id]);
    const [type] = await tx.all(typeText, [place.licenseType]);
    const [member] = await tx.all(memberText, [userId, tenantId, '', '0', '1']);
    if (tenant.terminatedAt !== null || within === undefined || member === undefined) throw new Error('not found');
    const { applicationId } = type;
    const held = await tx.all(heldText, [userId, tenantId, applicationId, type.id, '', '0', '1']);
    if (held.length > 0) throw new Error('assigned already');
    await tx.all(channelText, [unity.channelId]);
    await tx.run(relyUserText, [userId]);
    await tx.all(userText, [userId]);
    const others = await tx.all(othersText, [userId, applicationId, '0', '1000']);
    if (others.length > 0) throw new Error('another type is held');
    const [pool] = await tx.all(poolsText, [applicationId, type.id, tenantId]);
    const { affectedRows, changes = affectedRows } = await tx.run(takeText, [1, pool.id, 1]);
    if (changes === 0) throw new Error('no seat');
    const id = nextId('license');
    const license = [id, 1, pool.id, userId, tenantId, applicationId, type.id, '', at, null, '0'];
    await tx.run(licenseText, license);
    const actor = ['serviceAccount', account.id, loginUserName];
    const about = { at, actor, channelId: unity.channelId, command: 'kakapo.AddUserLicense', reason: '' };
    await writeJournal(tx, { ...about, requestId: nextId('request') }, [[tenantId, 'license', id, null, license]]);
    const payload = { userId, applicationId, licenseType: type.code, instanceId: '' };
    await writeEvents(tx, at, [['license.assigned', 'license', id, 1, tenantId, payload]]);
  });
}

const names = [
  'loginUserName',
  'loginPassword',
  'serverHostName',
  'broadworksUserId',
  'applicationName',
  'licenseType',
];
const patterns = names.map((name) => [name, new RegExp(`<${name}>([^<]*)<`)]);
const soapAnswer =
  `${opening}<AddUserLicenseResponse xmlns="http://kakaposystems.com"><AddUserLicenseResult><success>true</success>` +
  `</AddUserLicenseResult></AddUserLicenseResponse>${closing}`;
const formAnswer =
  '<?xml version="1.0" encoding="utf-8"?>\r\n<ProvisionResponse xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ' +
  'xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns="http://kakaposystems.com">\r\n' +
  '  <success>true</success>\r\n</ProvisionResponse>';

/** By SOAP or by a form, as the constant answer filled with nothing. */
export async function answerUnity(sql, world, caller, request, body) {
  if (request.url === world.unityPath) {
    await addUserLicense(sql, world, caller, Object.fromEntries(patterns.map(([name, p]) => [name, p.exec(body)[1]])));
    return soapAnswer;
  }
  await addUserLicense(sql, world, caller, Object.fromEntries(new URLSearchParams(body)));
  return formAnswer;
}
