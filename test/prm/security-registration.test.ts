import { hour } from '../../src/core/shared/clock.js';
import { onEveryDialect } from '../support/databases.js';
import { expectAccepted, freshAddress, schemaProblem, shoot } from './support/attack.js';
import { escapeXml, message, pathOf, type Reply } from './support/caller.js';
import { operatorPassword, type PrmHub, providerPassword, startPrmHub } from './support/hub.js';
import { hashes, type PrmProcess } from './support/process.js';
import { expectRefusal } from './support/refusals.js';
import { done } from './support/stage.js';

const call = 'SpLogin.registerSpAccountReq';

onEveryDialect('strangers who apply', (dialect) => {
  let hub: PrmHub;
  let other: PrmProcess;
  let applied = 0;
  beforeAll(async () => {
    hub = await startPrmHub(dialect, { gatekeeper: {}, closed: { selfRegistration: false }, full: {} });
    other = await hub.join();
  });
  afterAll(() => hub.close());

  const apply = (more: { id?: string; address?: string; base?: string } = {}): Promise<Reply> => {
    applied += 1;
    const { id = `applicant-${applied}`, ...shot } = more;
    const input = { spAccountId: id, spAccount: {}, password: providerPassword };
    return shoot(hub, { call, input, ...shot });
  };
  const refused = async (work: () => Promise<Reply>, text: RegExp): Promise<Reply> => {
    const before = hashes.made;
    const reply = await expectRefusal(hub, 'CommonException', work);
    expect(reply.faultText).toMatch(text);
    expect(await schemaProblem('SpLogin', reply)).toBeNull();
    expect(hashes.made).toBe(before);
    return reply;
  };
  const accepted = (replies: readonly Reply[]) => replies.filter(({ fault }) => fault === undefined).length;

  it('get ten an hour and source, and the eleventh no work, in no process', async () => {
    const address = freshAddress();
    for (let at = 0; at < 10; at += 1) expect((await apply({ address })).fault).toBeUndefined();
    await refused(() => apply({ address }), /too many attempts/);
    await refused(() => apply({ address, base: other.base('gatekeeper') }), /too many attempts/);
    await expectAccepted(hub, { call, input: { spAccountId: 'elsewhere', spAccount: {}, password: 'x' } });
    hub.clock.advance(hour + 1);
    expect((await apply({ address })).fault).toBeUndefined();
  });

  it('get no more by asking all at once', async () => {
    const address = freshAddress();
    const before = hashes.made;
    const bases = [hub.base(), other.base('gatekeeper')];
    const replies = await Promise.all(Array.from({ length: 40 }, (_, at) => apply({ address, base: bases[at % 2]! })));
    expect(accepted(replies)).toBeGreaterThan(0);
    expect(accepted(replies)).toBeLessThanOrEqual(10);
    expect(hashes.made - before).toBe(accepted(replies));
    await refused(() => apply({ address }), /too many attempts/);
  });

  it('are one source in all addresses of an IPv6 /64', async () => {
    for (let at = 0; at < 10; at += 1) {
      expect((await apply({ address: `2001:db8:1:2:${at}::${at}` })).fault).toBeUndefined();
    }
    await refused(() => apply({ address: '2001:db8:1:2::' }), /too many attempts/);
    await refused(() => apply({ address: '2001:db8:1:2:ffff:ffff:ffff:ffff' }), /too many attempts/);
    expect((await apply({ address: '2001:db8:1:3::1' })).fault).toBeUndefined();
  });

  it('get nothing where the channel is closed to them', async () => {
    await refused(() => apply({ base: hub.base('closed') }), /switched off/);
  });

  it('are no more than a thousand at a time, however many apply at once, and whatever else waits', async () => {
    const channelId = hub.channelId('full');
    await hub.model(async (tx) => {
      const waiting = {
        channelId,
        tenantId: '',
        proposed: {},
        baseVersion: 1,
        status: 'OPEN',
        requestedBy: 'test',
      } as const;
      const rest = { decidedBy: '', decidedAt: null, decisionReason: '', createdAt: tx.now, kind: 'register' } as const;
      for (let at = 0; at < 1_195; at += 1) {
        const id = tx.ids.next('approval');
        const objectKind = at < 995 ? 'tenant' : 'application';
        await tx.approvals.insert({ ...waiting, ...rest, id, objectKind, objectId: id, openKey: id });
      }
    });
    const bases = [hub.base('full'), other.base('full')];
    const replies = await Promise.all(Array.from({ length: 12 }, (_, at) => apply({ base: bases[at % 2]! })));
    expect(accepted(replies)).toBe(5);
    await expectRefusal(hub, 'CommonException', () => apply({ base: bases[0]! }));
    const operators = { spAccountId: 'of-the-operator', spAccount: {}, password: providerPassword };
    await done(hub.op('writer', 'full')('OpService', 'registerSpAccountReq', operators));
  }, 60_000);

  it('who ask for one id all at once: one gets it', async () => {
    const bases = [hub.base(), other.base('gatekeeper')];
    const replies = await Promise.all(
      Array.from({ length: 12 }, (_, at) => apply({ id: 'wanted', base: bases[at % 2]! })),
    );
    expect(accepted(replies)).toBe(1);
    const texts = replies.flatMap(({ faultText }) => faultText ?? []);
    expect(new Set(texts)).toEqual(new Set(['external id "wanted" is taken']));
    const listed = await done(hub.op()('OpService', 'listSpAccounts'));
    expect(listed.values.filter((id) => id === 'wanted')).toHaveLength(1);
  });

  it('cannot take the name of an operator, nor learn that it is one', async () => {
    const taken = await expectRefusal(hub, 'CommonException', () => apply({ id: 'wanted' }));
    const operators = await expectRefusal(hub, 'CommonException', () => apply({ id: 'op-admin' }));
    expect(operators.text).toBe(taken.text.replaceAll('wanted', 'op-admin'));
    await done(hub.op()('OpService', 'getUserLevel'));
    const login = { spAccountId: 'op-admin', password: operatorPassword };
    await expectRefusal(hub, 'ACCESS_DENIED', () => shoot(hub, { call: 'SpLogin.login', input: login }));
  });

  it.each([
    ['nothing', ''],
    ['ten thousand characters', 'x'.repeat(10_000)],
    ['a blank before it', ' acme'],
    ['a blank behind it', 'acme '],
    ['a line end', 'acme\nadmin'],
    ['a tab', 'ac\tme'],
    ['DEL', 'ac\u007fme'],
    ['an escape sequence of eight bits', 'ac\u009b31mme'],
    ['a line separator', 'ac\u2028me'],
    ['its end turned round', 'acme\u202enimda'],
    ['201 characters', 'é'.repeat(201)],
  ])('may not be called %s', async (_, id) => {
    await expectRefusal(hub, 'CommonException', () => apply({ id }));
  });

  it.each([
    ['&#0;', 'NUL'],
    ['&#1;', 'a control character'],
    ['&#xD800;', 'a lone surrogate'],
    ['&#x110000;', 'what is beyond Unicode'],
    ['&nbsp;', 'an entity nobody declared'],
  ])('cannot write %s', async (text) => {
    const sent = message('SpLogin', 'registerSpAccountReq', { spAccountId: 'mark', spAccount: {}, password: 'x' });
    const reply = await shoot(hub, { call, message: sent.replace('mark', text) });
    expect(reply).toMatchObject({ status: 500, faultCode: 'soap:Client' });
    expect(reply.text).toContain('not well-formed');
  });

  it('cannot write a lone surrogate in bytes either', async () => {
    const sent = message('SpLogin', 'registerSpAccountReq', {
      spAccountId: 'mark\ud800',
      spAccount: {},
      password: 'x',
    });
    const wide = Buffer.from(`\ufeff${sent.replace('utf-8', 'utf-16')}`, 'utf16le');
    const narrow = Buffer.concat([
      Buffer.from(sent.split('\ud800')[0]!),
      Buffer.from([0xed, 0xa0, 0x80]),
      Buffer.from(sent.split('\ud800')[1]!),
    ]);
    for (const body of [wide, narrow]) {
      const response = await fetch(`${hub.base()}${pathOf('SpLogin')}`, {
        method: 'POST',
        headers: { 'content-type': 'text/xml', 'x-test-address': freshAddress() },
        body: new Uint8Array(body),
      });
      expect([400, 500]).toContain(response.status);
      expect(await response.text()).toMatch(/Client<\/faultcode>/);
    }
  });

  it.each([
    '../../etc/passwd',
    '%2F..%2f',
    'a/b?c#d',
    "'; DROP TABLE tenants; --",
    '%',
    '_',
    'acme\\',
    '😀',
    'שלום',
    '__proto__',
    'constructor',
    '<b>&"',
  ])('may be called %s, which is that and nothing else', async (id) => {
    await expectAccepted(hub, { call, input: { spAccountId: id, spAccount: {}, password: providerPassword } });
    const state = (spAccountId: string) => hub.op()('OpService', 'getSpAccountState', { spAccountId });
    expect((await done(state(id))).value).toBe('REGISTERED');
    expect((await done(hub.op()('OpService', 'listSpAccounts'))).text).toContain(`>${escapeXml(id)}<`);
    for (const like of ['%%', '__', id.toUpperCase() + id, `${id}\u0301`])
      expect((await state(like)).fault).toBe('CommonException');
  });
});
