import { minute, shift } from '../../../src/core/shared/clock.js';
import { operatorPassword } from '../support/hub.js';
import { operations } from '../support/operations.js';
import type { CallOptions, Fields, Visit } from './visit.js';

/** Nobody is above a provider, and an id in use is a CommonException: there is no state this could be refused for. */
export const impossible = ['OpService.registerSpAccountReq INVALID_STATE'];

/** How the operations that nobody needs to sign in for are refused; all others by who calls. */
function ofStrangers({ hub, subject }: Visit, ended: { sp: string; op: string }) {
  const stale = shift(hub.clock.now(), -60 * minute);
  const old = { as: { username: subject.sp, password: 'any', digest: true, created: stale } };
  return {
    'SpLogin.login': [{ password: 'wrong' }, {}, { spAccountId: '' }],
    'OpLogin.login': [{ password: 'wrong' }, {}, { password: '' }],
    'SpLogin.logout': [{}, {}, { loginTicket: ended.sp }],
    'OpLogin.logout': [{}, {}, { loginTicket: ended.op }],
    'SpLogin.registerSpAccountReq': [{}, old, {}],
  } as Readonly<Record<string, readonly [Fields, CallOptions, Fields]>>;
}

/** Every operation refuses accounts of the other side, and sessions that have ended. */
export async function beRefused(visit: Visit): Promise<void> {
  const { ok, refused, as, subject } = visit;
  const ended = { sp: String(await ok('SpLogin.login')), op: String(await ok('OpLogin.login')) };
  await ok('SpLogin.logout', { loginTicket: ended.sp });
  await ok('OpLogin.logout', { loginTicket: ended.op });
  const strangers = ofStrangers(visit, ended);
  for (const { fullName: name, service } of operations) {
    const { side } = service;
    const other = side === 'sp' ? 'op' : 'sp';
    const [wrong, caller, meaningless] = strangers[name] ?? [{}, { as: as[other] }, {}];
    const denied = await refused('ACCESS_DENIED', name, wrong, caller);
    expect(denied.detail.message).toBe('not authenticated or not allowed');
    const session = strangers[name] === undefined ? { as: { ticket: ended[side] } } : {};
    await refused('CommonException', name, meaningless, session);
  }
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
  const { hub, ok, refused, as, subject } = visit;
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
  await refused('ACCESS_DENIED', 'OpService.getSpAccount', {}, { version, as: as.sp });
  await refused('CommonException', 'OpService.getSpAccount', { spAccountId: `${subject.sp}-none` }, { version });
  const { detail } = await refused('INVALID_STATE', 'SpService.activateSpAccount', {}, { version });
  expect(detail.currentState).toBe('ACTIVE');

  hub.clock.set(new Date().toISOString());
  const digest = { username: 'op-admin', password: operatorPassword, digest: true };
  expect(await ok('OpService.getUserLevel', {}, { as: digest })).toBe('ADMINISTRATOR');
  expect(await ok('OpService.getUserLevel', {}, { version, as: digest })).toBe('ADMINISTRATOR');
  await refused('ACCESS_DENIED', 'OpService.getUserLevel', {}, { version, as: { ...digest, password: 'wrong' } });
}
