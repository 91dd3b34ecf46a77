import { minute, second, shift } from '../../src/core/shared/clock.js';
import { onEveryDialect } from '../support/databases.js';
import { expectAccepted, expectDenied, freshAddress, shoot } from './support/attack.js';
import { passwordDigest, passwordText } from './support/caller.js';
import { operatorPassword, type PrmHub, providerPassword, startPrmHub } from './support/hub.js';
import { hashes, type PrmProcess } from './support/process.js';
import { stage } from './support/stage.js';

const call = 'OpService.getUserLevel';
const reader = { username: 'op-reader', password: operatorPassword };

onEveryDialect('passwords and digests', (dialect) => {
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

  const digest = (created: string, nonce?: Buffer<ArrayBuffer>) => passwordDigest(reader, created, nonce);
  const now = (offset = 0) => shift(hub.clock.now(), offset);

  it('a digest is taken with Created in Z and in +00:00', async () => {
    await expectAccepted(hub, { call, header: digest(now()) });
    await expectAccepted(hub, { call, header: digest(now().replace('Z', '+00:00')) });
    await expectAccepted(hub, { call, header: digest(now().replace('.000Z', 'Z')) });
    await expectAccepted(hub, { call, header: digest(now().replace('Z', '')) });
  });

  it('and only from an account that has a secret for it', async () => {
    const provider = { username: sp, password: providerPassword };
    const header = () => passwordDigest(provider, now());
    await expectDenied(hub, { call: 'SpService.getSpAccountState', header: header() });
    await expectDenied(hub, {
      call: 'SpService.getSpAccountState',
      header: passwordDigest({ ...provider, password: '' }, now()),
    });
  });

  it.each([
    [-5 * minute, undefined],
    [minute, undefined],
    [-5 * minute - second, 'MessageExpired'],
    [minute + second, 'MessageExpired'],
  ] as const)('Created %d ms from now: %s', async (offset, code) => {
    if (code === undefined) await expectAccepted(hub, { call, header: digest(now(offset)) });
    else await expectDenied(hub, { call, header: digest(now(offset)) }, code);
  });

  it('a nonce is taken once, in every process, for as long as its Created would be', async () => {
    const header = digest(now(minute));
    await expectAccepted(hub, { call, header });
    await expectDenied(hub, { call, header });
    await expectDenied(hub, { call, header, base: other.base('gatekeeper') });
    const again = digest(now(), Buffer.alloc(16, 7));
    await expectAccepted(hub, { call, header: again, base: other.base('gatekeeper') });
    await expectDenied(hub, { call, header: again });
    hub.clock.advance(5 * minute);
    await expectDenied(hub, { call, header: again });
    hub.clock.advance(minute);
    await expectDenied(hub, { call, header }, 'FailedAuthentication');
  });

  it('one token sent fifty times at once to two processes is taken once', async () => {
    const header = digest(now());
    const bases = [hub.base(), other.base('gatekeeper')];
    const shots = Array.from({ length: 50 }, (_, at) => shoot(hub, { call, header, base: bases[at % 2]! }));
    const replies = await Promise.all(shots);
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(new Set(replies.map(({ fault }) => fault))).toEqual(new Set([undefined, 'ACCESS_DENIED']));
  });

  it.each([
    ['without its nonce', (header: string) => header.replace(/<w:Nonce>.*<\/w:Nonce>/, '')],
    ['without Created', (header: string) => header.replace(/<u:Created>.*<\/u:Created>/, '')],
    ['with two nonces', (header: string) => header.replace(/(<w:Nonce>.*<\/w:Nonce>)/, '$1$1')],
    ['with two passwords', (header: string) => header.replace(/(<w:Password .*<\/w:Password>)/, '$1$1')],
    ['of two tokens', (header: string) => header.replace(/(<w:UsernameToken>.*<\/w:UsernameToken>)/, '$1$1')],
    ['in two Security blocks', (header: string) => header + header],
    ['of another kind', (header: string) => header.replace('#PasswordDigest', '#PasswordMagic')],
  ])('a digest %s is no digest', async (_, spoil) => {
    await expectDenied(hub, { call, header: spoil(digest(now())) }, 'InvalidSecurity');
  });

  it('a digest is worth nothing as a text, nor with a stranger’s name or another Created', async () => {
    const [, value] = /#PasswordDigest">(.*)<\/w:Password>/.exec(digest(now()))!;
    await expectDenied(hub, { call, header: passwordText({ ...reader, password: value! }) });
    await expectDenied(hub, { call, header: digest(now()).replace('op-reader', 'op-admin1') });
    await expectDenied(hub, {
      call,
      header: digest(now()).replace(/(<u:Created>).*(<\/u:Created>)/, `$1${now(second)}$2`),
    });
  });

  it('an unknown account and a wrong password are one answer and one piece of work', async () => {
    const tried = async (username: string, header: typeof passwordText | typeof passwordDigest) => {
      const before = hashes.verified;
      const { text } = await expectDenied(hub, { call, header: header({ username, password: 'guess' }) });
      return { text, work: hashes.verified - before };
    };
    const known = await tried('op-reader', passwordText);
    expect(known.work).toBe(1);
    for (const username of ['nobody', 'OP-READER', 'op-reader%', sp]) {
      expect(await tried(username, passwordText)).toEqual(known);
    }
    const withCreated = (one: { username: string; password: string }) => passwordDigest(one, now());
    const digested = await tried('op-reader', withCreated as typeof passwordDigest);
    expect(digested).toEqual({ text: known.text, work: 0 });
    expect(await tried('nobody', withCreated as typeof passwordDigest)).toEqual(digested);
    const login = (operatorId: string) =>
      shoot(hub, { call: 'OpLogin.login', input: { operatorId, password: 'guess' } });
    expect((await login('nobody')).text).toBe((await login('op-reader')).text);
  });

  describe('on a line others can read, at an https address', () => {
    const open = { line: 'open', input: {} } as const;
    const basic = async (line: 'open' | 'closed') => {
      const authorization = `Basic ${Buffer.from(`op-reader:${operatorPassword}`).toString('base64')}`;
      const { createCaller: _, message, pathOf, post } = await import('./support/caller.js');
      const headers = { authorization, 'x-test-line': line, 'x-test-address': freshAddress() };
      return post(`${hub.base()}${pathOf('OpService')}`, message('OpService', 'getUserLevel', {}), headers);
    };

    it('a password in clear is refused, right or wrong, and taken on a closed one', async () => {
      await expectDenied(hub, { call, header: passwordText(reader), ...open });
      await expectAccepted(hub, { call, header: passwordText(reader), line: 'closed' });
      expect(await basic('open')).toMatchObject({ fault: 'ACCESS_DENIED', faultCode: 'wsse:FailedAuthentication' });
      expect(await basic('closed')).toMatchObject({ status: 200 });
    });

    it('so is a ticket, in the header and as a password', async () => {
      const input = { operatorId: 'op-reader', password: operatorPassword };
      const ticket = (await expectAccepted(hub, { call: 'OpLogin.login', input, line: 'closed' })).value!;
      const header = `<p:loginTicket xmlns:p="urn:prm:4.0">${ticket}</p:loginTicket>`;
      await expectDenied(hub, { call, header, ...open });
      await expectDenied(hub, { call, header: passwordText({ ...reader, password: ticket }), ...open });
      await expectAccepted(hub, { call, header, line: 'closed' });
    });

    it('so are a sign-in, a sign-out and an application, before anything is looked at', async () => {
      const before = { ...hashes };
      const stranger = { spAccountId: 'on-an-open-line', spAccount: {}, password: providerPassword };
      const login = { operatorId: 'op-reader', password: operatorPassword };
      await expectDenied(hub, { call: 'OpLogin.login', ...open, input: login });
      await expectDenied(hub, {
        call: 'SpLogin.login',
        ...open,
        input: { spAccountId: sp, password: providerPassword },
      });
      await expectDenied(hub, { call: 'SpLogin.logout', ...open, input: { loginTicket: 'any' } });
      await expectDenied(hub, { call: 'SpLogin.registerSpAccountReq', ...open, input: stranger });
      expect(hashes).toEqual(before);
    });

    it('a digest is taken, but not where the message itself carries a password', async () => {
      const header = () => passwordDigest({ username: 'op-admin', password: operatorPassword }, now());
      await expectAccepted(hub, { call, header: header(), line: 'open' });
      const change = { spAccountId: sp, newPassword: 'another-1' };
      await expectDenied(hub, { call: 'OpService.setSpAccountPassword', header: header(), ...open, input: change });
      const own = { oldPassword: operatorPassword, newPassword: 'another-1' };
      await expectDenied(hub, { call: 'OpService.changeOpAccountPassword', header: header(), ...open, input: own });
    });
  });
});
