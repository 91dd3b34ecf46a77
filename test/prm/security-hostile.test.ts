import { minute } from '../../src/core/shared/clock.js';
import { breakText, flipBits } from '../proofs/hostile/fuzz.js';
import { judge } from '../proofs/hostile/judge.js';
import { shoot as shootRaw } from '../proofs/hostile/send.js';
import { onEveryDialect } from '../support/databases.js';
import { seededRandom } from '../support/random.js';
import { expectAccepted, expectDenied, freshAddress, shoot } from './support/attack.js';
import { type Bean, message, passwordText, pathOf } from './support/caller.js';
import { hostileCases } from './support/hostile-cases.js';
import { operatorPassword, type PrmHub, providerPassword, startPrmHub } from './support/hub.js';
import type { PrmProcess } from './support/process.js';
import { expectRefusal, journalEntries } from './support/refusals.js';
import { stage } from './support/stage.js';

const operator = passwordText({ username: 'op-admin', password: operatorPassword });
const stranger = { spAccountId: 'hostile', spAccount: {}, password: 'hostile-1' };
/** One anybody may call, one of each side, one that reads. */
const doors: readonly (readonly [service: string, operation: string, input: Bean, header: string])[] = [
  ['SpLogin', 'registerSpAccountReq', stranger, '<x xmlns="urn:x"/>'],
  ['OpService', 'createSpGroup', { spGroupId: 'hostile', spGroup: { sla: '<Sla/>' } }, operator],
  ['OpCdrUtil', 'countCdrs', {}, operator],
];

onEveryDialect('hostile messages', (dialect) => {
  let hub: PrmHub;
  beforeAll(async () => {
    hub = await startPrmHub(dialect);
  });
  afterAll(() => hub.close());

  const at = (service: string): { port: number; path: string } => {
    const url = new URL(`${hub.base()}${pathOf(service)}`);
    return { port: Number(url.port), path: url.pathname };
  };

  it.each(doors)('to %s.%s do nothing and tell nothing', async (service, operation, input, header) => {
    const { port, path } = at(service);
    const before = await journalEntries(hub);
    for (const { name, status, says, headers, ...shot } of hostileCases(service, operation, input, header)) {
      const reply = await shootRaw(port, { ...shot, path, headers: { ...headers, 'x-test-address': freshAddress() } });
      judge('soap', name, reply);
      expect([name, status.includes(reply.status), reply.status]).toEqual([name, true, reply.status]);
      if (says !== undefined) expect(`${name}: ${reply.text}`).toMatch(says);
      expect([name, await journalEntries(hub)]).toEqual([name, before]);
    }
    expect(hub.logged()).not.toContain('internal error');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('broken at random they are refused in the words of the protocol', async () => {
    const random = seededRandom(20_260_115);
    const upTo = (limit: number) => Math.floor(random() * limit);
    for (let shot = 0; shot < 400; shot += 1) {
      const [service, operation, input, header] = doors[upTo(doors.length)]!;
      const { port, path } = at(service);
      let text = message(service, operation, input, header);
      for (let times = 1 + upTo(4); times > 0; times -= 1) text = breakText(text, upTo, 0);
      const body = upTo(10) === 0 ? flipBits(Buffer.from(text), upTo) : text;
      const headers = { 'content-type': 'text/xml; charset=utf-8', 'x-test-address': freshAddress() };
      judge('soap', `shot ${shot}`, await shootRaw(port, { path, body, headers }), text);
    }
    expect(hub.logged()).not.toContain('internal error');
  });

  it('are heard by the services there are, at their own paths alone', async () => {
    const text = message('OpLogin', 'login', { operatorId: 'op-admin', password: operatorPassword });
    const headers = { 'content-type': 'text/xml', 'x-test-address': freshAddress() };
    for (const path of [
      '/prm_sp/services/OpLogin',
      '/prm_op/services/OpLogin/',
      '/prm_op/services/oplogin',
      '/prm_op/services/%4fpLogin',
      '/prm_op/services//OpLogin',
      '/prm_op/services/__proto__',
      '/prm_op/services/..%2f..%2fetc',
      '/prm_op/services/',
    ]) {
      const reply = await fetch(`${hub.base()}${path}`, { method: 'POST', headers, body: text });
      expect([path, reply.status]).toEqual([path, 404]);
    }
  });
});

onEveryDialect('guessing', (dialect) => {
  let hub: PrmHub;
  let other: PrmProcess;
  let sp: string;
  beforeAll(async () => {
    hub = await startPrmHub(dialect);
    other = await hub.join();
    const scene = stage(hub);
    const names = scene.names();
    sp = names.sp;
    await scene.bring('SpAccount', 'ACTIVE', names);
  });
  afterAll(() => hub.close());
  beforeEach(() => hub.clock.advance(20 * minute));

  const call = 'SpService.getSpAccountState';
  const login = (password: string, address: string, spAccountId = sp, base = hub.base()) =>
    shoot(hub, { call: 'SpLogin.login', input: { spAccountId, password }, address, base });
  const header = (password = providerPassword) => passwordText({ username: sp, password });

  it('at the sign-in has ten tries from an address, whoever they name, in all processes and doors', async () => {
    const address = freshAddress();
    for (let at = 0; at < 10; at += 1) {
      const base = at % 2 === 0 ? hub.base() : other.base('gatekeeper');
      const name = at % 3 === 0 ? sp : `nobody-${at}`;
      await expectRefusal(hub, 'ACCESS_DENIED', () => login(`guess-${at}`, address, name, base));
    }
    await expectRefusal(hub, 'CommonException', () => login(providerPassword, address));
    await expectDenied(hub, { call, header: header(), address });
    await expectDenied(hub, { call, header: header(), address, base: other.base('gatekeeper') });
    await expectAccepted(hub, { call, header: header() });
    hub.clock.advance(15 * minute + 1);
    await expectAccepted(hub, { call, header: header(), address });
  });

  it('in a header counts like guessing at the sign-in', async () => {
    const address = freshAddress();
    for (let at = 0; at < 10; at += 1) await expectDenied(hub, { call, header: header(`guess-${at}`), address });
    await expectRefusal(hub, 'CommonException', () => login(providerPassword, address));
  });

  it('from many addresses of one IPv6 /64 is guessing from one', async () => {
    for (let at = 1; at <= 10; at += 1) {
      await expectDenied(hub, { call, header: header('guess'), address: `2001:db8:0:7::${at}` });
    }
    await expectDenied(hub, { call, header: header(), address: '2001:db8:0:7:abcd::1' });
    await expectAccepted(hub, { call, header: header(), address: '2001:db8:0:8::1' });
  });

  it('nobody is locked out by what others do from elsewhere, and success does not buy more tries', async () => {
    const address = freshAddress();
    for (let at = 0; at < 9; at += 1) {
      await expectDenied(hub, { call, header: header('guess'), address });
      await expectAccepted(hub, { call, header: header(), address });
    }
    await expectDenied(hub, { call, header: header('guess'), address });
    await expectDenied(hub, { call, header: header(), address });
    await expectAccepted(hub, { call, header: header() });
  });
});
