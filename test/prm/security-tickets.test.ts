import { openLoginTicket, updateServiceAccount } from '../../src/core/marketplace/index.js';
import { day, hour } from '../../src/core/shared/clock.js';
import { onEveryDialect } from '../support/databases.js';
import { expectAccepted, expectDenied, schemaProblem, shoot } from './support/attack.js';
import { passwordText } from './support/caller.js';
import { everythingStored, everythingTold } from './support/everything.js';
import { operatorPassword, type PrmHub, providerPassword, startPrmHub } from './support/hub.js';
import type { PrmProcess } from './support/process.js';
import { expectRefusal } from './support/refusals.js';
import { done, type Names, stage } from './support/stage.js';

const read = 'SpService.getSpAccountState';
const level = 'OpService.getUserLevel';

/** Beside the readings of tickets (readings-sessions): who else may try what with one. */
onEveryDialect('login tickets under attack', (dialect) => {
  let hub: PrmHub;
  let other: PrmProcess;
  let scene: ReturnType<typeof stage>;
  let names: Names;
  beforeAll(async () => {
    hub = await startPrmHub(dialect, { gatekeeper: {}, second: {} });
    other = await hub.join();
    scene = stage(hub);
  });
  afterAll(() => hub.close());
  beforeEach(async () => {
    names = scene.names();
    await scene.bring('SpAccount', 'ACTIVE', names);
  });

  const header = (ticket: string, namespace = ' xmlns="urn:prm:4.0"') =>
    `<loginTicket${namespace}>${ticket}</loginTicket>`;
  const login = async (base = hub.base()) => {
    const input = { spAccountId: names.sp, password: providerPassword };
    return (await expectAccepted(hub, { call: 'SpLogin.login', input, base })).value!;
  };
  const operatorLogin = async (operatorId = 'op-reader') => {
    const input = { operatorId, password: operatorPassword };
    return (await expectAccepted(hub, { call: 'OpLogin.login', input })).value!;
  };
  const logout = (loginTicket: string, side = 'Sp', base = hub.base()) =>
    shoot(hub, { call: `${side}Login.logout`, input: { loginTicket }, base });
  const account = (username: string) =>
    hub.model((tx) => tx.serviceAccounts.findOne({ channelId: hub.channelId(), username, liveKey: '0' }));
  const change = async (username: string, input: object) => {
    const { id } = (await account(username))!;
    await hub.model((tx) => updateServiceAccount(tx, { id, ...input }));
  };

  it('are 256 bits nobody can guess, kept as a hash alone, and good in every process', async () => {
    const tickets = await Promise.all([login(), login(), login(other.base('gatekeeper'))]);
    expect(new Set(tickets).size).toBe(3);
    for (const ticket of tickets) expect(Buffer.from(ticket.replace('plt-', ''), 'base64url')).toHaveLength(32);
    await expectAccepted(hub, { call: read, header: header(tickets[0]!), base: other.base('gatekeeper') });
    const told = await everythingTold(hub);
    for (const ticket of tickets) expect(told).not.toContain(ticket.slice(4));
    expect(told).toContain(names.sp);
  });

  it('are one channel’s and one side’s, also to end them', async () => {
    const [ticket, ofOperator] = [await login(), await operatorLogin()];
    await expectDenied(hub, { call: level, header: header(ticket) });
    await expectDenied(hub, { call: read, header: header(ofOperator) });
    await expectDenied(hub, { call: read, header: header(ticket), base: hub.base('second') });
    await expectDenied(hub, { call: level, header: passwordText({ username: 'op-admin', password: ofOperator }) });
    await expectRefusal(hub, 'ACCESS_DENIED', () => logout(ticket, 'Op'));
    await expectRefusal(hub, 'ACCESS_DENIED', () => logout(ofOperator, 'Sp'));
    await expectRefusal(hub, 'ACCESS_DENIED', () => logout(ticket, 'Sp', hub.base('second')));
    await expectAccepted(hub, { call: read, header: header(ticket) });
    await expectAccepted(hub, { call: level, header: header(ofOperator) });
    await done(logout(ticket));
    await expectRefusal(hub, 'CommonException', () =>
      shoot(hub, { call: read, header: header(ticket), base: other.base('gatekeeper') }),
    );
  });

  it('are read from nowhere else', async () => {
    const ticket = await login();
    for (const where of [
      header(ticket, ' xmlns="urn:prm:4.1"'),
      header(ticket, ' xmlns="urn:prm:4.0:SpService"'),
      `<wrapper>${header(ticket)}</wrapper>`,
      header(ticket).replaceAll('loginTicket', 'LoginTicket'),
      header(`${ticket}=`),
      header(ticket.toLowerCase()),
      `${header('guess')}${header(ticket)}`,
      passwordText({ username: names.sp, password: `${ticket} ` }),
      passwordText({ username: names.sp.toUpperCase(), password: ticket }),
    ]) {
      await expectDenied(hub, { call: read, header: where });
    }
    const wrong = passwordText({ username: names.sp, password: 'wrong' });
    await expectDenied(hub, { call: read, header: wrong + header(ticket) });
  });

  it('are refused off the address list of their account, and from a list that was made after them', async () => {
    const ticket = await login();
    await change(names.sp, { addresses: ['192.0.2.0/24'] });
    await expectDenied(hub, { call: read, header: header(ticket) });
    await expectAccepted(hub, { call: read, header: header(ticket), address: '192.0.2.9' });
    await expectAccepted(hub, { call: read, header: header(ticket), address: '::ffff:192.0.2.9' });
    const input = { spAccountId: names.sp, password: providerPassword };
    await expectRefusal(hub, 'ACCESS_DENIED', () => shoot(hub, { call: 'SpLogin.login', input }));
    await expectRefusal(hub, 'ACCESS_DENIED', () => logout(ticket));
  });

  it.each([['locked'], ['disabled']])('end with an account that is %s, for good', async (state) => {
    const ticket = await login();
    await change(names.sp, { [state]: true });
    await expectDenied(hub, { call: read, header: header(ticket), base: other.base('gatekeeper') });
    const input = { spAccountId: names.sp, password: providerPassword };
    await expectRefusal(hub, 'ACCESS_DENIED', () => shoot(hub, { call: 'SpLogin.login', input }));
    await change(names.sp, { [state]: false });
    const ended = await expectRefusal(hub, 'CommonException', () => shoot(hub, { call: read, header: header(ticket) }));
    expect(ended.faultCode).toBe('soap:Client');
    expect(await schemaProblem('SpService', ended)).toBeNull();
    await login();
  });

  it('end with the provider, whose name another one may have then', async () => {
    const ticket = await login();
    const op = hub.op();
    const named = { spAccountId: names.sp };
    for (const step of ['deactivateSpAccount', 'deleteSpAccountReq']) await done(op('OpService', step, named));
    await expectAccepted(hub, { call: read, header: header(ticket) });
    await done(op('OpService', 'deleteSpAccountRes', { ...named, response: 'APPROVE' }));
    await expectDenied(hub, { call: read, header: header(ticket) });
    await scene.bring('SpAccount', 'ACTIVE', names);
    await expectDenied(hub, { call: read, header: header(ticket) });
    await expectRefusal(hub, 'ACCESS_DENIED', () => logout(ticket));
    await expectAccepted(hub, { call: read, header: header(await login()) });
  });

  it('are not opened for a password that is changed meanwhile', async () => {
    const input = { spAccountId: names.sp, password: providerPassword };
    const bases = [hub.base(), other.base('gatekeeper')];
    const logins = Array.from({ length: 16 }, (_, at) =>
      shoot(hub, { call: 'SpLogin.login', input, base: bases[at % 2]! }),
    );
    const reset = hub.op()('OpService', 'setSpAccountPassword', { spAccountId: names.sp, newPassword: 'reset-1' });
    const [replies] = await Promise.all([Promise.all(logins), done(reset)]);
    const tickets = replies.flatMap(({ value }) => (value === undefined ? [] : [value]));
    for (const ticket of tickets) {
      await expectRefusal(hub, 'CommonException', () => shoot(hub, { call: read, header: header(ticket) }));
    }
    const { id, credentialVersion, channelId, tenantId } = (await account(names.sp))!;
    const actor = {
      kind: 'serviceAccount',
      serviceAccountId: id,
      username: names.sp,
      channelId,
      tenantId,
      level: null,
    } as const;
    const open = (version: number) =>
      hub.model((tx) => openLoginTicket(tx, { ticketHash: `hash-${version}`, credentialVersion: version }), actor);
    await expect(open(credentialVersion - 1)).rejects.toMatchObject({ code: 'authentication_failed' });
    await change(names.sp, { locked: true });
    await expect(open(credentialVersion)).rejects.toMatchObject({ code: 'authentication_failed' });
  });

  it('leave a wrong old password no more tries than a sign-in has', async () => {
    const [ticket, address] = [await login(), '192.0.2.77'];
    const call = 'SpService.changeSpAccountPassword';
    const guess = (at: number) => ({ oldPassword: `guess-${at}`, newPassword: 'taken-over-1' });
    for (let at = 0; at < 10; at += 1) {
      const shot = { call, header: header(ticket), input: guess(at), address };
      await expectRefusal(hub, 'ACCESS_DENIED', () => shoot(hub, shot));
    }
    const right = { oldPassword: providerPassword, newPassword: 'taken-over-1' };
    await expectDenied(hub, { call, header: header(ticket), input: right, address });
    await expectAccepted(hub, { call: read, header: header(ticket) });
  });

  it('that nobody ever had cost their address its calls', async () => {
    const address = '192.0.2.78';
    for (let at = 0; at < 10; at += 1) {
      await expectRefusal(hub, 'ACCESS_DENIED', () =>
        shoot(hub, { call: 'OpLogin.logout', input: { loginTicket: `plt-${at}` }, address }),
      );
    }
    const ticket = await login();
    await expectDenied(hub, { call: read, header: header(ticket), address });
    await expectAccepted(hub, { call: read, header: header(ticket) });
  });

  it('are forgotten a month after they ended', async () => {
    await login();
    const rows = async () => (await everythingStored(hub)).match(/"ticket_hash"/g)?.length ?? 0;
    hub.clock.advance(30 * day);
    await hub.persistence.housekeeping.sweep();
    expect(await rows()).toBeGreaterThan(0);
    hub.clock.advance(13 * hour);
    await hub.persistence.housekeeping.sweep();
    expect(await rows()).toBe(0);
  });
});
