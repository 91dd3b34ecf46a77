/** GetUser and GetUsers by hand: who calls, then the realm with all that decides its status, members and their seats. */
import { createHash } from 'node:crypto';

export const lifecycle = (alias) =>
  ['activated', 'holds', 'locked', 'pending', 'terminated_at']
    .map((name) => `${alias}.${name} AS ${alias}_${name}`)
    .join(', ');

const accountText =
  'SELECT x.blocked_until AS blockedUntil, n.pending AS tenantPending, n.terminated_at AS tenantTerminatedAt, t.`id` AS `id`, t.`version` AS `version`, t.`created_at` AS `createdAt`, ' +
  't.`channel_id` AS `channelId`, t.`username` AS `username`, t.`password_hash` AS `passwordHash`, ' +
  't.`credential_version` AS `credentialVersion`, t.`soap_secret` AS `soapSecret`, t.`level` AS `level`, ' +
  't.`tenant_id` AS `tenantId`, t.`addresses` AS `addresses`, t.`locked_at` AS `lockedAt`, t.`disabled_at` AS `disabledAt`, ' +
  "COALESCE(t.`live_key`, '0') AS `liveKey` " +
  'FROM (SELECT 1 AS one) o LEFT JOIN throttles x ON x.key_hash = ? ' +
  'LEFT JOIN service_accounts t ON t.channel_id = ? AND t.username = ? ' +
  "AND COALESCE(t.live_key, '0') = '0' LEFT JOIN tenants n ON n.id = t.tenant_id";

const placeColumns =
  'r.id AS refId, r.external_id AS instanceExternalId, i.id AS instanceId, o.id AS ownerId, ' +
  "COALESCE(tr.external_id, '') AS tenantExternalId, p.depth AS depth, " +
  `${lifecycle('i')}, ${lifecycle('a')}, ${lifecycle('o')}, ${lifecycle('l')}, ` +
  "(SELECT s.status FROM subscriptions s WHERE s.instance_id = i.id ORDER BY s.status = 'ENDED', s.id DESC LIMIT 1) " +
  'AS subscriptionStatus';
const placeTables =
  'FROM external_refs r JOIN instances i ON i.id = r.target_id JOIN applications a ON a.id = i.application_id ' +
  'JOIN tenant_paths p ON p.descendant_id = i.tenant_id JOIN tenants l ON l.id = p.ancestor_id ' +
  "LEFT JOIN tenants o ON a.owner_tenant_id <> '' AND o.id = a.owner_tenant_id " +
  "LEFT JOIN external_refs tr ON tr.channel_id = r.channel_id AND tr.kind = 'tenant' AND tr.target_id = i.tenant_id " +
  "AND tr.live_key = '0'";
const ofChannel = "WHERE r.channel_id = ? AND r.kind = 'instance' AND r.parent_id = '' AND r.external_id = ?";
const latestRef = "ORDER BY r.live_key = '0' DESC, r.id DESC";
const member =
  'm.user_id AS userId, m.id AS membershipId, m.login_name AS loginName, m.email AS email, ' +
  'm.given_name AS givenName, m.family_name AS familyName, m.locale AS locale, m.roles AS roles, m.holds AS holds, ' +
  'm.terminated_at AS terminatedAt, u.holds AS userHolds, u.terminated_at AS userTerminatedAt';

const userText =
  `${placeColumns}, ur.external_id AS externalId, ${member}, lt.code AS code ` +
  `${placeTables} LEFT JOIN external_refs ur ON ur.channel_id = r.channel_id AND ur.kind = 'user' AND ur.parent_id = i.id ` +
  'AND ur.external_id = ? LEFT JOIN memberships m ON m.user_id = ur.target_id AND m.instance_id = i.id ' +
  'LEFT JOIN users u ON u.id = m.user_id ' +
  "LEFT JOIN licenses h ON h.user_id = m.user_id AND h.instance_id = i.id AND h.live_key = '0' " +
  'LEFT JOIN license_types lt ON lt.id = h.license_type_id ' +
  `${ofChannel} ${latestRef}, m.id IS NULL, ur.live_key = '0' DESC, ur.id DESC, ` +
  "m.live_key = '0' DESC, m.id DESC, lt.position, lt.id";
const placeText = `${placeColumns} ${placeTables} ${ofChannel} ${latestRef}`;
const texts = {
  mysql: { user: `SELECT STRAIGHT_JOIN ${userText}`, place: `SELECT STRAIGHT_JOIN ${placeText}` },
  sqlite: { user: `SELECT ${userText}`, place: `SELECT ${placeText}` },
};

const membersText =
  `SELECT r.external_id AS externalId, ${member} ` +
  'FROM external_refs r JOIN memberships m ON m.user_id = r.target_id AND m.instance_id = r.parent_id ' +
  "JOIN users u ON u.id = m.user_id WHERE r.channel_id = ? AND r.kind = 'user' AND r.parent_id = ? " +
  "AND r.live_key = '0' AND m.live_key = '0' ORDER BY m.id LIMIT ? OFFSET ?";
const heldText = (users) =>
  'SELECT l.user_id AS userId, lt.code AS code FROM licenses l JOIN license_types lt ON lt.id = l.license_type_id ' +
  `WHERE l.instance_id = ? AND l.live_key = '0' AND l.user_id IN (${Array(users).fill('?').join(',')}) ` +
  'ORDER BY lt.position, lt.id';
/** Lists of values are as long as a power of two, so that there are few statements to prepare. */
const heldTexts = new Map([1, 2, 4, 8, 16, 32, 64].map((users) => [users, heldText(users)]));

const isLive = (row, alias) =>
  row[`${alias}_activated`] === 1 &&
  row[`${alias}_holds`] === '[]' &&
  row[`${alias}_locked`] === 0 &&
  row[`${alias}_terminated_at`] === null;

const escapeXml = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export const opening =
  '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" ' +
  'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body>';
export const closing = '</soap:Body></soap:Envelope>';

/** The statement behind every authenticated SOAP call. */
export function findAccount(sql, { channelId }, username, address = '127.0.0.1') {
  const key = createHash('sha256').update(`service-account:${channelId}:${address}`, 'utf8').digest('base64url');
  return sql.all(accountText, [key, channelId, username]);
}

const realmLive = (rows) =>
  isLive(rows[0], 'i') &&
  isLive(rows[0], 'a') &&
  rows.every((row) => isLive(row, 'l')) &&
  rows[0].subscriptionStatus === 'ACTIVE';
const ownStatus = ({ holds, userHolds }) => (holds === '[]' && userHolds === '[]' ? 1 : 7);

/** What GetUser answers, as an object; undefined when there is no such realm or user. */
export async function readUser(sql, { channelId }, realmId, userId) {
  const rows = await sql.all(texts[sql.dialect].user, [userId, channelId, realmId]);
  const [member] = rows;
  if (member === undefined || member.membershipId === null) return undefined;
  const own = ownStatus(member);
  const codes = [...new Set(rows.map(({ code }) => code))];
  return { member, codes, status: realmLive(rows) ? own : 7, ownStatus: own };
}

/** What GetUsers answers for a realm of at most 64 users; undefined when there is no such realm. */
export async function readUsers(sql, { channelId }, realmId) {
  const place = await sql.all(texts[sql.dialect].place, [channelId, realmId]);
  if (place.length === 0) return undefined;
  const { instanceId } = place[0];
  const members = await sql.all(membersText, [channelId, instanceId, '100', '0']);
  const ids = members.map(({ userId }) => userId);
  let size = 1;
  while (size < ids.length) size *= 2;
  while (ids.length < size) ids.push(ids[ids.length - 1]);
  const codes = new Map();
  for (const { userId, code } of await sql.all(heldTexts.get(size), [instanceId, ...ids])) {
    if (codes.has(userId)) codes.get(userId).push(code);
    else codes.set(userId, [code]);
  }
  const live = realmLive(place);
  return members.map((member) => {
    const own = ownStatus(member);
    return { member, codes: codes.get(member.userId) ?? [], status: live ? own : 7, ownStatus: own };
  });
}

const fillUser = ({ member, codes, status, ownStatus: own }, name) =>
  `<${name}><userId>${escapeXml(member.externalId)}</userId><loginName>${escapeXml(member.loginName)}</loginName>` +
  `<email>${escapeXml(member.email)}</email><firstName>${escapeXml(member.givenName)}</firstName>` +
  `<lastName>${escapeXml(member.familyName)}</lastName><locale>${escapeXml(member.locale)}</locale>` +
  `<role>${member.roles.includes('"ADMIN"') ? 'admin' : 'member'}</role>` +
  `<licenceCodes>${codes.map((code) => `<licenceCode>${escapeXml(code)}</licenceCode>`).join('')}</licenceCodes>` +
  `<status>${status}</status><ownStatus>${own}</ownStatus></${name}>`;

/** GetUser as a constant template that gets filled. */
export async function getUser(sql, world, body) {
  const realmId = /<realmId>([^<]*)</.exec(body)[1];
  const userId = /<userId>([^<]*)</.exec(body)[1];
  return fill('GetUser', body, fillUser(await readUser(sql, world, realmId, userId), 'user'));
}

export async function getUsers(sql, world, body) {
  const realmId = /<realmId>([^<]*)</.exec(body)[1];
  const users = await readUsers(sql, world, realmId);
  let text = '';
  for (const user of users) text += fillUser(user, 'User');
  return fill('GetUsers', body, `<users>${text}</users><total>${users.length}</total>`);
}

function fill(operation, body, content) {
  const requestId = /<requestId>([^<]*)</.exec(body)?.[1];
  return (
    `${opening}<${operation}Response xmlns="urn:hub:ncbs:isv:v1"><${operation}Result><resultCode>0</resultCode>` +
    `<resultMessage>OK</resultMessage>${requestId === undefined ? '' : `<requestId>${requestId}</requestId>`}` +
    `${content}</${operation}Result></${operation}Response>${closing}`
  );
}
