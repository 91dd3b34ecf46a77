/** getAppAccountState by hand: who calls, then the lifecycle of the application two ids name. */
import { closing, findAccount, lifecycle, opening } from './nec-read.mjs';

const columns = `p.target_id AS tenantId, ${lifecycle('t')}`;
const tables =
  'FROM external_refs p JOIN external_refs a ON ' +
  "a.channel_id = p.channel_id AND a.kind = 'application' AND a.parent_id = p.target_id AND a.live_key = '0' " +
  'JOIN applications t ON t.id = a.target_id ' +
  "WHERE p.channel_id = ? AND p.kind = 'tenant' AND p.parent_id = '' AND p.live_key = '0' AND p.external_id = ? " +
  'AND a.external_id = ? AND t.terminated_at IS NULL';
const texts = { mysql: `SELECT STRAIGHT_JOIN ${columns} ${tables}`, sqlite: `SELECT ${columns} ${tables}` };

/** Whether the password is the account's and nothing blocks it; both servers compare texts, the hub's cache does no more. */
export async function isOperator(sql, { prmChannelId }, { username, password }, given) {
  if (given.username !== username || given.password !== password) return false;
  const [row] = await findAccount(sql, { channelId: prmChannelId }, username);
  return row.blockedUntil === null && row.disabledAt === null && row.level >= 333;
}

export async function applicationState(sql, { prmChannelId }, spAccountId, appAccountId) {
  const [row] = await sql.all(texts[sql.dialect], [prmChannelId, spAccountId, appAccountId]);
  if (row.t_pending === 'register') return 'REGISTERED';
  if (row.t_pending === 'delete') return 'DELETE_PENDING';
  if (row.t_locked === 1) return 'LOCKED';
  if (row.t_activated !== 1 || row.t_holds !== '[]') return 'INACTIVE';
  return row.t_pending === 'update' ? 'UPDATE_PENDING' : 'ACTIVE';
}

const text = (name, body) => new RegExp(`:${name}(?: [^>]*)?>([^<]*)<`).exec(body)[1];

export async function getAppAccountState(sql, world, body, desk) {
  const given = { username: text('Username', body), password: text('Password', body) };
  if (!(await isOperator(sql, world, desk, given))) return undefined;
  const state = await applicationState(sql, world, text('spAccountId', body), text('appAccountId', body));
  return (
    `${opening}<getAppAccountStateResponse xmlns="urn:prm:4.0:OpService">` +
    `<getAppAccountStateReturn>${state}</getAppAccountStateReturn></getAppAccountStateResponse>${closing}`
  );
}
