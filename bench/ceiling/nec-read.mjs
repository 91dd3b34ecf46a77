/** GetUser by hand: who calls, the realm with what decides its status, the member, their seats. Seven statements. */
import { createHash } from 'node:crypto';

const lifecycle = (alias) =>
  ['activated', 'holds', 'locked', 'pending', 'terminated_at']
    .map((name) => `${alias}.${name} AS ${alias}_${name}`)
    .join(', ');

const accountText =
  'SELECT x.blocked_until AS blockedUntil, t.`id` AS `id`, t.`version` AS `version`, t.`created_at` AS `createdAt`, ' +
  't.`channel_id` AS `channelId`, t.`username` AS `username`, t.`password_hash` AS `passwordHash`, ' +
  't.`credential_version` AS `credentialVersion`, t.`soap_secret` AS `soapSecret`, t.`level` AS `level`, ' +
  't.`tenant_id` AS `tenantId`, t.`addresses` AS `addresses`, t.`locked_at` AS `lockedAt`, t.`disabled_at` AS `disabledAt` ' +
  'FROM (SELECT 1 AS one) o LEFT JOIN throttles x ON x.key_hash = ? ' +
  'LEFT JOIN service_accounts t ON t.channel_id = ? AND t.username = ?';

const realmText =
  'SELECT r.external_id AS externalId, i.id AS id, i.tenant_id AS tenantId, i.application_id AS applicationId, ' +
  'i.created_at AS createdAt, i.parameters AS parameters, t.name AS tenantName, a.natural_key AS applicationKey, ' +
  "COALESCE(tr.external_id, '') AS tenantExternalId, o.id AS ownerId, " +
  `${lifecycle('i')}, ${lifecycle('a')}, ${lifecycle('o')} ` +
  'FROM external_refs r JOIN instances i ON i.id = r.target_id JOIN tenants t ON t.id = i.tenant_id ' +
  'JOIN applications a ON a.id = i.application_id ' +
  "LEFT JOIN tenants o ON a.owner_tenant_id <> '' AND o.id = a.owner_tenant_id " +
  "LEFT JOIN external_refs tr ON tr.channel_id = r.channel_id AND tr.kind = 'tenant' AND tr.target_id = i.tenant_id " +
  "AND tr.live_key = '0' WHERE r.channel_id = ? AND r.kind = 'instance' AND r.parent_id = ''" +
  " AND r.external_id = ? ORDER BY r.live_key = '0' DESC, r.id DESC LIMIT 1";

const lineageText =
  `SELECT p.descendant_id AS of_tenant, ${lifecycle('t')} FROM tenant_paths p JOIN tenants t ON t.id = p.ancestor_id ` +
  'WHERE p.descendant_id IN (?) ORDER BY p.descendant_id, p.depth';

const subscriptionText =
  'SELECT instance_id AS instanceId, status FROM subscriptions WHERE instance_id IN (?) ' +
  "ORDER BY instance_id, status = 'ENDED', id DESC";

const poolText =
  'SELECT p.instance_id AS instanceId, lt.code AS code, p.quantity AS quantity FROM license_pools p ' +
  'JOIN license_types lt ON lt.id = p.license_type_id WHERE p.instance_id IN (?) ORDER BY lt.position, lt.id';

const memberText =
  'SELECT r.external_id AS externalId, m.user_id AS userId, m.id AS membershipId, m.login_name AS loginName, m.email AS email, ' +
  'm.given_name AS givenName, m.family_name AS familyName, m.locale AS locale, m.roles AS roles, m.holds AS holds, ' +
  'm.terminated_at AS terminatedAt, u.holds AS userHolds, u.terminated_at AS userTerminatedAt ' +
  'FROM external_refs r JOIN memberships m ON m.user_id = r.target_id AND m.instance_id = r.parent_id ' +
  "JOIN users u ON u.id = m.user_id WHERE r.channel_id = ? AND r.kind = 'user' AND r.parent_id = ?" +
  " AND r.external_id = ? ORDER BY r.live_key = '0' DESC, r.id DESC, m.live_key = '0' DESC, m.id DESC LIMIT 1";

const seatText =
  'SELECT l.user_id AS userId, lt.code AS code FROM licenses l JOIN license_types lt ON lt.id = l.license_type_id ' +
  "WHERE l.instance_id = ? AND l.live_key = '0' AND l.user_id IN (?) ORDER BY lt.position, lt.id";

const isLive = (row, alias) =>
  row[`${alias}_activated`] === 1 &&
  row[`${alias}_holds`] === '[]' &&
  row[`${alias}_locked`] === 0 &&
  row[`${alias}_terminated_at`] === null;

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export const opening =
  '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" ' +
  'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body>';
export const closing = '</soap:Body></soap:Envelope>';

/** The statement behind every authenticated SOAP call. */
export function findAccount(sql, { channelId }, username, address = '127.0.0.1') {
  const key = createHash('sha256').update(`service-account:${channelId}:${address}`, 'utf8').digest('base64url');
  return sql.all(accountText, [key, channelId, username]);
}

/** What GetUser answers, as an object; undefined when there is no such realm or user. */
export async function readUser(sql, { channelId }, realmId, userId) {
  const [realm] = await sql.all(realmText, [channelId, realmId]);
  if (realm === undefined) return undefined;
  const lineage = await sql.all(lineageText, [realm.tenantId]);
  const [subscription] = await sql.all(subscriptionText, [realm.id]);
  await sql.all(poolText, [realm.id]);
  const [member] = await sql.all(memberText, [channelId, realm.id, userId]);
  if (member === undefined) return undefined;
  const seats = await sql.all(seatText, [realm.id, member.userId]);
  const realmLive =
    isLive(realm, 'i') &&
    isLive(realm, 'a') &&
    lineage.every((row) => isLive(row, 't')) &&
    subscription?.status === 'ACTIVE';
  const own = member.holds === '[]' && member.userHolds === '[]' ? 1 : 7;
  return { member, codes: seats.map((seat) => seat.code), status: realmLive ? own : 7, ownStatus: own };
}

/** GetUser as a constant template that gets filled. */
export async function getUser(sql, world, body) {
  const realmId = /<realmId>([^<]*)</.exec(body)[1];
  const userId = /<userId>([^<]*)</.exec(body)[1];
  const requestId = /<requestId>([^<]*)</.exec(body)?.[1];
  const { member, codes, status, ownStatus } = await readUser(sql, world, realmId, userId);
  return (
    `${opening}<GetUserResponse xmlns="urn:hub:ncbs:isv:v1"><GetUserResult><resultCode>0</resultCode>` +
    `<resultMessage>OK</resultMessage>${requestId === undefined ? '' : `<requestId>${requestId}</requestId>`}` +
    `<user><userId>${escape(member.externalId)}</userId><loginName>${escape(member.loginName)}</loginName>` +
    `<email>${escape(member.email)}</email><firstName>${escape(member.givenName)}</firstName>` +
    `<lastName>${escape(member.familyName)}</lastName><locale>${escape(member.locale)}</locale>` +
    `<role>${member.roles.includes('"ADMIN"') ? 'admin' : 'member'}</role>` +
    `<licenceCodes>${codes.map((code) => `<licenceCode>${escape(code)}</licenceCode>`).join('')}</licenceCodes>` +
    `<status>${status}</status><ownStatus>${ownStatus}</ownStatus></user></GetUserResult></GetUserResponse>${closing}`
  );
}
