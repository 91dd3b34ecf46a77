import { minute } from '../../src/core/shared/clock.js';
import { onEveryDialect } from '../support/databases.js';
import { createCaller, passwordText, type Reply } from './support/caller.js';
import { operatorPassword, type PrmHub, providerPassword, startPrmHub } from './support/hub.js';
import { expectRefusal } from './support/refusals.js';
import { done, type Names, stage } from './support/stage.js';

/** Reading 4 of docs/protocols/prm.md: what becomes of a login ticket. */
onEveryDialect('login tickets', (dialect) => {
  let hub: PrmHub;
  let scene: ReturnType<typeof stage>;
  let names: Names;
  beforeAll(async () => {
    hub = await startPrmHub(dialect, { gatekeeper: {}, second: {} });
    scene = stage(hub);
  });
  afterAll(() => hub.close());
  beforeEach(async () => {
    hub.clock.advance(3_700_000); // refusals of other tests do not count
    names = scene.names();
    await scene.bring('SpAccount', 'ACTIVE', names);
  });

  const prm = (text: string) => `<p:loginTicket xmlns:p="urn:prm:4.0">${text}</p:loginTicket>`;
  const own = async (password = providerPassword) => {
    const input = { spAccountId: names.sp, password };
    return (await done(hub.stranger()('SpLogin', 'login', input))).value!;
  };
  const read = (header: string, base = hub.base()): Promise<Reply> =>
    createCaller(base, header)('SpService', 'getSpAccountState');
  const logout = (loginTicket: string) => hub.stranger()('SpLogin', 'logout', { loginTicket });

  it('signs in from a header of ours, from one without a namespace, and in place of the password', async () => {
    const ticket = await own();
    const inPassword = passwordText({ username: names.sp, password: ticket });
    for (const header of [prm(ticket), `<loginTicket>${ticket}</loginTicket>`, inPassword]) {
      expect((await done(read(header))).value).toBe('ACTIVE');
    }
  });

  it('is another account’s for whoever names another account', async () => {
    const other = scene.names();
    await scene.bring('SpAccount', 'ACTIVE', other);
    const header = passwordText({ username: other.sp, password: await own() });
    await expectRefusal(hub, 'ACCESS_DENIED', () => read(header));
  });

  it('is ended by its logout, which is over with that', async () => {
    const [ticket, another] = [await own(), await own()];
    await done(logout(ticket));
    await expectRefusal(hub, 'CommonException', () => read(prm(ticket)));
    await expectRefusal(hub, 'CommonException', () => logout(ticket));
    await done(read(prm(another)));
  });

  it.each([
    ['of its shape', `plt-${'A'.repeat(43)}`],
    ['of any other', 'guess'],
    ['in another case', undefined],
  ])('is unknown when nobody made it: one %s', async (_, text) => {
    const ticket = text ?? (await own()).toUpperCase();
    await expectRefusal(hub, 'ACCESS_DENIED', () => read(prm(ticket)));
    await expectRefusal(hub, 'ACCESS_DENIED', () => logout(ticket));
  });

  it('is unknown on another channel, and on the other side', async () => {
    const ticket = await own();
    await expectRefusal(hub, 'ACCESS_DENIED', () => read(prm(ticket), hub.base('second')));
    const caller = createCaller(hub.base(), prm(ticket));
    await expectRefusal(hub, 'ACCESS_DENIED', () => caller('OpService', 'getUserLevel'));
  });

  it('ends when nobody uses it for 30 minutes', async () => {
    const ticket = await own();
    for (let used = 0; used < 3; used += 1) {
      hub.clock.advance(29 * minute);
      await done(read(prm(ticket)));
    }
    hub.clock.advance(30 * minute);
    await expectRefusal(hub, 'CommonException', () => read(prm(ticket)));
  });

  it('ends after twelve hours, however much it is used', async () => {
    const ticket = await own();
    for (let passed = 0; passed < 690; passed += 29) {
      hub.clock.advance(29 * minute);
      await done(read(prm(ticket)));
    }
    hub.clock.advance(25 * minute);
    await expectRefusal(hub, 'CommonException', () => read(prm(ticket)));
  });

  it('ends, with all others of its account, when the account changes its password', async () => {
    const tickets = [await own(), await own()];
    const change = { oldPassword: providerPassword, newPassword: 'changed-1' };
    await done(createCaller(hub.base(), prm(tickets[0]!))('SpService', 'changeSpAccountPassword', change));
    for (const ticket of tickets) await expectRefusal(hub, 'CommonException', () => read(prm(ticket)));
    await done(read(prm(await own('changed-1'))));
  });

  it('ends when the operator sets the password', async () => {
    const ticket = await own();
    await done(hub.op()('OpService', 'setSpAccountPassword', { spAccountId: names.sp, newPassword: 'reset-1' }));
    await expectRefusal(hub, 'CommonException', () => read(prm(ticket)));
  });

  it('of an operator ends when the operator changes the own password', async () => {
    const login = { operatorId: 'op-reader', password: operatorPassword };
    const ticket = (await done(hub.stranger()('OpLogin', 'login', login))).value!;
    const caller = createCaller(hub.base(), prm(ticket));
    const change = { oldPassword: operatorPassword, newPassword: 'changed-2' };
    await done(caller('OpService', 'changeOpAccountPassword', change));
    await expectRefusal(hub, 'CommonException', () => caller('OpService', 'getUserLevel'));
  });

  it('is not given for a wrong password, nor to an account of the other side', async () => {
    const login = (service: string, input: Record<string, string>) => () => hub.stranger()(service, 'login', input);
    await expectRefusal(hub, 'ACCESS_DENIED', login('SpLogin', { spAccountId: names.sp, password: 'wrong' }));
    await expectRefusal(
      hub,
      'ACCESS_DENIED',
      login('SpLogin', { spAccountId: 'op-admin', password: operatorPassword }),
    );
    await expectRefusal(hub, 'ACCESS_DENIED', login('OpLogin', { operatorId: names.sp, password: providerPassword }));
  });
});
