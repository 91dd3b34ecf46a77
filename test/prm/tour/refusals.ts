import { minute, shift } from '../../../src/core/shared/clock.js';
import { operatorPassword, providerPassword } from '../support/hub.js';
import { operations } from '../support/operations.js';
import type { CallOptions, Fields, Visit } from './visit.js';

/** Nobody is above a provider, and an id in use is a CommonException: there is no state this could be refused for. */
export const impossible = ['OpService.registerSpAccountReq INVALID_STATE'];

type Refusals = readonly [denied: Fields, deniedTo: CallOptions, meaningless: Fields];

/** How the operations that nobody needs to sign in for are refused; all others by who calls. */
function ofStrangers(stale: CallOptions, ended: { sp: string; op: string }): Readonly<Record<string, Refusals>> {
  return {
    'SpLogin.login': [{ password: 'wrong' }, {}, { spAccountId: '' }],
    'OpLogin.login': [{ password: 'wrong' }, {}, { password: '' }],
    'SpLogin.logout': [{}, {}, { loginTicket: ended.sp }],
    'OpLogin.logout': [{}, {}, { loginTicket: ended.op }],
    'SpLogin.registerSpAccountReq': [{}, stale, {}],
  };
}

/**
 * Every operation refuses who may not call it, and sessions that have ended. Wrong passwords and accounts of the other side would
 * make the address wait: a level that is too low and a token that is too old are refused as often as they come.
 */
export async function beRefused({ hub, ok, refused, as, subject }: Visit): Promise<void> {
  const ended = { sp: String(await ok('SpLogin.login')), op: String(await ok('OpLogin.login')) };
  await ok('SpLogin.logout', { loginTicket: ended.sp });
  await ok('OpLogin.logout', { loginTicket: ended.op });
  const created = shift(hub.clock.now(), -60 * minute);
  const stale = { as: { username: subject.sp, password: providerPassword, digest: true, created } };
  const powerless = { as: { username: 'op-none', password: operatorPassword } };
  const strangers = ofStrangers(stale, ended);
  for (const { fullName: name, service, minUserLevel = 0 } of operations) {
    const [wrong, caller, meaningless] = strangers[name] ?? [{}, minUserLevel > 0 ? powerless : stale, {}];
    await refused('ACCESS_DENIED', name, wrong, caller);
    const session = strangers[name] === undefined ? { as: { ticket: ended[service.side] } } : {};
    await refused('CommonException', name, meaningless, session);
  }
  await refused('ACCESS_DENIED', 'OpService.getSpAccount', {}, { as: as.sp });
  await refused('ACCESS_DENIED', 'SpService.changeSpAccountPassword', { oldPassword: 'wrong' });
  await refused('CommonException', 'OpService.getSpAccount', { spAccountId: `${subject.sp}-none` });
}

/** Everything is ACTIVE: nothing waits for an answer, and nothing can be started or deleted. */
export async function beRefusedWhileActive({ refused }: Visit): Promise<void> {
  const wrong = /\.(activate|getUpdatePending)|Res$|\.delete.*Req$/;
  for (const { fullName, faults } of operations) {
    if (!faults.includes('INVALID_STATE') || !wrong.test(fullName)) continue;
    const { detail } = await refused('INVALID_STATE', fullName);
    expect(detail.currentState).toBe('ACTIVE');
  }
}

/** The same by messages of SOAP 1.2, where faults have another form. */
export async function callWithSoap12(visit: Visit): Promise<void> {
  const { hub, ok, refused, subject } = visit;
  const version = '1.2';
  const reading = [
    'SpService.getSpAccount',
    'SpCdrUtil.countCdrs',
    'SpStatisticsUtil.getStatistics',
    'OpService.listAppAccounts',
    'OpCdrUtil.listCdrs',
    'OpStatisticsUtil.listStatisticTypes',
    'OpAlarmUtil.listAlarms',
  ];
  for (const name of reading) expect(await ok(name, {}, { version })).toEqual(await ok(name));
  await ok('SpLogin.logout', { loginTicket: await ok('SpLogin.login', {}, { version }) }, { version });
  await ok('OpLogin.logout', { loginTicket: await ok('OpLogin.login', {}, { version }) }, { version });
  const powerless = { username: 'op-none', password: operatorPassword };
  await refused('ACCESS_DENIED', 'OpService.getSpAccount', {}, { version, as: powerless });
  await refused('CommonException', 'OpService.getSpAccount', { spAccountId: `${subject.sp}-none` }, { version });
  const { detail } = await refused('INVALID_STATE', 'SpService.activateSpAccount', {}, { version });
  expect(detail.currentState).toBe('ACTIVE');

  hub.clock.set(new Date().toISOString());
  const digest = { username: 'op-admin', password: operatorPassword, digest: true };
  expect(await ok('OpService.getUserLevel', {}, { as: digest })).toBe('ADMINISTRATOR');
  expect(await ok('OpService.getUserLevel', {}, { version, as: digest })).toBe('ADMINISTRATOR');
  await refused('ACCESS_DENIED', 'OpService.getUserLevel', {}, { version, as: { ...digest, password: 'wrong' } });
}
