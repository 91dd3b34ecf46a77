import { createHash } from 'node:crypto';
import { nec } from '../../src/adapters/soap/nec/index.js';
import { checkReturnUrl } from '../../src/adapters/soap/nec/return-url.js';
import { consumeLoginToken } from '../../src/core/identity/index.js';
import { onEveryDialect } from '../support/databases.js';
import type { Answer, Caller } from './support/caller.js';
import { type NecHub, startNecHub } from './support/hub.js';
import { newRealm, ok } from './support/world.js';

const hash = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

onEveryDialect('signing in', (dialect) => {
  let hub: NecHub;
  let call: Caller;
  let realmId: string;
  beforeAll(async () => {
    hub = await startNecHub(dialect);
    call = hub.as('carrier');
    realmId = await newRealm(call, { users: ['U1', 'U2'] });
  }, 60_000);
  afterAll(() => hub.close());

  const login = (input: object = {}): Promise<Answer> => call('Login', { realmId, userId: 'U1', ...input });
  const secretOf = (answer: Answer): string => new URL(answer.ssoUrl).searchParams.get('t')!;
  const enter = (answer: Answer) =>
    hub.model((tx) =>
      consumeLoginToken(tx, { tokenHash: hash(secretOf(answer)), cookieHash: hash(`cookie of ${secretOf(answer)}`) }),
    );

  it('gives a URL for 60 seconds and a session to ask about', async () => {
    const answer = await ok(login({ returnUrl: 'https://carrier.example/back/to/app?x=1', locale: 'es' }));
    expect(answer.ssoUrl).toMatch(/^http:\/\/hub\.example\/sso\/ncbs\/enter\?t=[\w-]{43}$/);
    expect(Date.parse(answer.expiresOn) - Date.parse(hub.clock.now())).toBe(60_000);
    expect(await call('ValidateSession', { sessionId: answer.sessionId })).toMatchObject({
      resultCode: 0,
      valid: false,
    });
    const entered = await enter(answer);
    expect(entered).toMatchObject({ target: 'https://carrier.example/back/to/app?x=1', locale: 'es' });
    const state = await call('ValidateSession', { sessionId: answer.sessionId });
    expect(state).toMatchObject({ valid: true });
    expect(Date.parse(state.expiresOn) - Date.parse(hub.clock.now())).toBe(12 * 3_600_000);
    await expect(enter(answer)).rejects.toMatchObject({ code: 'login_token_invalid' });
  });

  it('lets exactly one of 20 use a URL', async () => {
    const answer = await ok(login());
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => enter(answer)));
    expect(tries.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
  });

  it('keeps neither URL nor session id readable in the database or the log', async () => {
    const answer = await ok(login({ requestId: 'secret-1' }));
    const rows = await hub.model(async (tx) =>
      JSON.stringify([await tx.loginTokens.findMany({}), await tx.sessions.findMany({})]),
    );
    for (const secret of [secretOf(answer), answer.sessionId as string]) {
      expect(rows).not.toContain(secret);
      expect(hub.logged()).not.toContain(secret);
      await new Promise((resolve) => setImmediate(resolve));
      expect(JSON.stringify(hub.records)).not.toContain(secret);
    }
  });

  it('lets a URL grow old', async () => {
    const answer = await ok(login());
    hub.clock.advance(60_000);
    await expect(enter(answer)).rejects.toMatchObject({ code: 'login_token_invalid' });
  });

  it('repeats a URL only while it is unused and the person may use it', async () => {
    const first = await ok(login({ requestId: 'again-1' }));
    expect(await login({ requestId: 'again-1' })).toEqual(first);
    await enter(first);
    const second = await ok(login({ requestId: 'again-1' }));
    expect(second.ssoUrl).not.toBe(first.ssoUrl);
    expect(await login({ requestId: 'again-1', userId: 'U2' })).toMatchObject({ resultCode: 10 });
    const third = await ok(login({ requestId: 'again-2' }));
    await ok(call('DisableUser', { realmId, userId: 'U1' }));
    expect(await login({ requestId: 'again-2' })).toMatchObject({ resultCode: 7 });
    expect(await login({ requestId: 'again-3' })).toMatchObject({ resultCode: 7 });
    await ok(call('EnableUser', { realmId, userId: 'U1' }));
    // refusals of a sign-in are never kept, and what was ended by the disable is not given again
    await ok(login({ requestId: 'again-3' }));
    expect((await ok(login({ requestId: 'again-2' }))).ssoUrl).not.toBe(third.ssoUrl);
  });

  it('is refused without a seat, and says so', async () => {
    await ok(call('UpdateUser', { realmId, userId: 'U2', licenceCodes: [] }));
    expect(await login({ userId: 'U2' })).toMatchObject({ resultCode: 7, resultMessage: 'the user has no licence' });
    await ok(call('UpdateUser', { realmId, userId: 'U2', licenceCodes: ['Standard'] }));
    await ok(login({ userId: 'U2' }));
  });

  it('ends one session, or all of a user in the realm', async () => {
    const [one, two, three] = [await ok(login()), await ok(login()), await ok(login())];
    for (const answer of [one, two, three]) await enter(answer);
    const valid = async (answer: Answer): Promise<unknown> =>
      (await call('ValidateSession', { sessionId: answer.sessionId })).valid;
    expect(await valid(one)).toBe(true);
    await ok(call('Logout', { sessionId: one.sessionId }));
    expect([await valid(one), await valid(two)]).toEqual([false, true]);
    await ok(call('Logout', { realmId, userId: 'U1' }));
    expect([await valid(two), await valid(three)]).toEqual([false, false]);
    await ok(call('Logout', { sessionId: one.sessionId }));
    await ok(call('Logout', { sessionId: 'never-was' }));
  });

  it('makes a session invalid as soon as its user is disabled', async () => {
    const answer = await ok(login());
    await enter(answer);
    await ok(call('DisableUser', { realmId, userId: 'U1' }));
    expect(await call('ValidateSession', { sessionId: answer.sessionId })).toMatchObject({ valid: false });
    await ok(call('EnableUser', { realmId, userId: 'U1' }));
    expect(await call('ValidateSession', { sessionId: answer.sessionId })).toMatchObject({ valid: false });
  });

  it.each([
    'https://carrier.example/backdoor',
    'https://carrier.example.evil.example/back',
    'https://carrier.example@evil.example/back',
    'http://carrier.example/back',
    'https://carrier.example:8443/back',
    'https://carrier.example/back/../admin',
    'https://carrier.example/back/%2e%2e/admin',
    'https://carrier.example/back%2f..%2fadmin',
    'https://carrier.example/back/..%2fadmin',
    'https://carrier.example/back/x%5C..%5Cadmin',
    'https://carrier.example\\@evil.example/back',
    'https:/carrier.example/back',
    '//carrier.example/back',
    '/back',
    'javascript:alert(1)',
    `https://carrier.example/back/${'x'.repeat(2_000)}`,
  ])('does not lead to %s', async (returnUrl) => {
    const answer = await login({ returnUrl });
    expect(answer).toMatchObject({ resultCode: 1 });
    expect(answer.resultMessage).toContain('returnUrl');
    expect(answer.ssoUrl).toBeUndefined();
  });

  it.each(['https://carrier.example/back', 'https://CARRIER.example:443/back/', 'https://carrier.example/back?a=b#c'])(
    'leads to %s',
    async (returnUrl) => {
      await ok(login({ returnUrl }));
    },
  );

  it('accepts only the instance’s own address when the connection has no list', async () => {
    const old = hub.as('carrier-old');
    const own = await newRealm(old, { users: ['U1'] });
    await ok(old('Login', { realmId: own, userId: 'U1', returnUrl: 'https://crm.example/' }));
    for (const returnUrl of ['https://crm.example/other', 'https://carrier.example/back']) {
      expect(await old('Login', { realmId: own, userId: 'U1', returnUrl })).toMatchObject({ resultCode: 1 });
    }
  });
});

describe('settings', () => {
  it('have defaults by version', () => {
    expect(nec.settings.parse({})).toMatchObject({ mkpVersion: '4.3', delegatedAuthentication: true, returnUrls: [] });
    expect(nec.settings.parse({ mkpVersion: '4.2' })).toMatchObject({ delegatedAuthentication: false });
    expect(nec.settings.parse({ delegatedAuthentication: false })).toMatchObject({ delegatedAuthentication: false });
  });

  it.each([
    { unknown: 1 },
    { mkpVersion: '4.4' },
    { mkpVersion: '4.2', delegatedAuthentication: true },
    { enabledStatusValues: [] },
    { enabledStatusValues: [7] },
    { enabledStatusValues: [9] },
    { returnUrls: ['carrier.example'] },
    { returnUrls: ['ftp://carrier.example'] },
    { returnUrls: ['https://user@carrier.example'] },
    { returnUrls: ['https://carrier.example/?a=b'] },
  ])('refuse %j', (settings) => {
    expect(nec.settings.safeParse(settings).success).toBe(false);
  });

  it('compare return addresses by path segments', () => {
    expect(checkReturnUrl('https://a.example/x/y', ['https://a.example/x'], '')).toBe('https://a.example/x/y');
    expect(checkReturnUrl('https://a.example/anything', ['https://a.example'], '')).toBe('https://a.example/anything');
    expect(() => checkReturnUrl('https://a.example/xy', ['https://a.example/x'], '')).toThrow();
    expect(() => checkReturnUrl('https://a.example/', [], '')).toThrow();
  });
});
