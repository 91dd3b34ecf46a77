import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import * as openid from 'openid-client';
import type { Runner } from '../../src/adapters/sso/person-unit.js';
import { createVouching } from '../../src/adapters/sso/recheck.js';
import { endSessions, type SeenStore } from '../../src/core/identity/index.js';
import { minute, second, shift, toInstant } from '../../src/core/shared/clock.js';
import { testDialects } from '../support/mysql.js';
import { type Browser, openBrowser } from './support/browser.js';
import { beginSignIn, redirectUri, signIn } from './support/flows.js';
import { createMarketplace, init, type Marketplace, openShop, type Shop } from './support/launch.js';
import { startWorld, type World } from './support/world.js';

const interval = 3 * minute;

describe.each(await testDialects())('a session a marketplace vouches for, on %s', (dialect) => {
  let world: World;
  let shop: Shop;
  let marketplace: Marketplace;
  beforeAll(async () => {
    world = await startWorld({
      dialect,
      vouchers: (clock) => {
        marketplace = createMarketplace(clock);
        return marketplace.vouchers;
      },
    });
    shop = await openShop(world);
    await world.run(async (tx) => {
      const crm = await tx.clients.find(world.crm.id);
      await tx.clients.save(crm!, { scopes: [...crm!.scopes, 'hub.read'] });
    });
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    marketplace.reset();
    world.clock.set(toInstant(Date.now()));
    const open = await world.run((tx) => tx.sessions.findMany({ state: 'ACTIVE' }));
    const userId = [...new Set(open.map((session) => session.userId))];
    await world.run((tx) => endSessions(tx, { userId, reason: 'the next test begins' }));
    await world.hearRevocations();
  });

  const resource = (): string => `${world.publicUrl}/graphql`;

  /** Signed in by a launch, and from there to the application, with a token for each use. */
  async function tokensOf() {
    const { browser, session } = await shop.signOn();
    const app = await signIn(world, '', { browser });
    const change = { scope: 'openid hub.read', resource: resource() };
    const api = await signIn(world, '', { browser, change });
    return { browser, session, app, api };
  }
  type Tokens = Awaited<ReturnType<typeof tokensOf>>;

  async function isActive(token: string): Promise<unknown> {
    const response = await fetch(`${world.issuer}/token/introspection`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from('orchid-crm:orchid-secret').toString('base64')}` },
      body: new URLSearchParams({ token }),
    });
    return ((await response.json()) as { active: boolean }).active;
  }

  const works = (attempt: Promise<unknown>): Promise<boolean> =>
    attempt.then(
      () => true,
      () => false,
    );

  /** Every way to use the session, each answering whether it worked. */
  const uses: Record<string, (tokens: Tokens) => Promise<unknown>> = {
    page: async ({ browser }) => (await browser.get(`${world.publicUrl}/signin`)).body.includes('Ada Lovelace'),
    'silent sign-in': async ({ browser }) =>
      new URL(
        (await browser.get((await beginSignIn(world, undefined, { prompt: 'none' })).url)).location,
      ).searchParams.has('code'),
    'another launch': async ({ browser }) =>
      (await world.sso.launches.signedIn({
        headers: { cookie: `mercator_session=${browser.cookie(world.publicUrl, 'mercator_session')}` },
      } as never)) !== undefined,
    userinfo: async ({ app }) =>
      (await fetch(`${world.issuer}/me`, { headers: { authorization: `Bearer ${app.tokens.access_token}` } }))
        .status === 200,
    refresh: ({ app }) => works(openid.refreshTokenGrant(app.config, app.tokens.refresh_token!)),
    introspection: ({ app }) => isActive(app.tokens.access_token),
    'introspection of a refresh token': ({ app }) => isActive(app.tokens.refresh_token!),
    bearer: ({ api }) => works(world.sso.authenticateBearer(api.tokens.access_token)),
  };

  test.each(Object.keys(uses))(
    '%s: asks nobody before its time, once at it, and nobody until the next',
    async (name) => {
      const tokens = await tokensOf();
      // what verified tokens are remembered for must not outlive the answer either
      await uses.bearer!(tokens);
      expect(marketplace.asked).toHaveLength(0);
      world.clock.advance(interval - 10 * second);
      expect(await uses[name]!(tokens)).toBe(true);
      expect(marketplace.asked).toHaveLength(0);
      world.clock.advance(11 * second);
      if (name !== 'refresh') expect(await uses[name]!(tokens)).toBe(true);
      else expect(await uses.userinfo!(tokens)).toBe(true);
      expect(marketplace.asked.map(({ id, voucher }) => [id, voucher])).toEqual([
        [tokens.session.id, { uid: 'usr-1', session: 'mno-session-secret', groupUid: 'cld-1' }],
      ]);
      world.clock.advance(interval - 10 * second);
      expect(await uses.page!(tokens)).toBe(true);
      expect(marketplace.asked).toHaveLength(1);
    },
  );

  test.each(Object.keys(uses))('%s: refused once the marketplace says no, and so is everything else', async (name) => {
    const tokens = await tokensOf();
    await uses.bearer!(tokens);
    marketplace.refuse();
    world.clock.advance(interval);
    expect(await uses[name]!(tokens)).toBe(false);
    expect(marketplace.asked).toHaveLength(1);
    await world.hearRevocations();
    for (const use of Object.values(uses)) expect(await use(tokens)).toBe(false);
    expect(marketplace.asked).toHaveLength(1);
    expect(await world.run((tx) => tx.sessions.find(tokens.session.id))).toMatchObject({
      state: 'ENDED',
      endReason: 'marketplace recheck',
    });
  });

  test.each([
    ['cannot be asked', async () => undefined],
    ['fails', () => Promise.reject(new Error('socket hang up'))],
    ['names no time', async () => ({ valid: true, recheckAt: null })],
  ])('one that %s is one that says no', async (_what, answer) => {
    const tokens = await tokensOf();
    marketplace.answer = answer;
    world.clock.advance(interval);
    expect(await uses.userinfo!(tokens)).toBe(false);
    expect(await uses.refresh!(tokens)).toBe(false);
    expect(marketplace.asked).toHaveLength(1);
  });

  test('one whose clock is behind is not asked at every step', async () => {
    const tokens = await tokensOf();
    marketplace.answer = async () => ({ valid: true, recheckAt: shift(world.clock.now(), -minute) });
    world.clock.advance(interval);
    const before = world.clock.now();
    expect(await uses.userinfo!(tokens)).toBe(true);
    const session = await world.run((tx) => tx.sessions.find(tokens.session.id));
    expect((session?.recheckAt ?? '') >= shift(before, second)).toBe(true);
  });

  test('ten at once ask once', async () => {
    const tokens = await tokensOf();
    world.clock.advance(interval);
    const answers = await Promise.all(Array.from({ length: 10 }, () => uses.userinfo!(tokens)));
    expect(answers).toEqual(Array.from({ length: 10 }, () => true));
    expect(marketplace.asked).toHaveLength(1);
  });

  /** Another process of the hub. */
  function processOf(run: typeof world.run = world.run, seen = world.persistence.seen) {
    const { lookups, dueRechecks } = world.persistence;
    const ports = { vouchers: marketplace.vouchers, lookups, seen, dueRechecks, clock: world.clock };
    const silent = { info() {}, warn() {}, error() {} };
    const runner: Pick<Runner, 'asHub'> = { asHub: (_name, work) => run(work) };
    return createVouching({ ...ports, logger: silent }, runner);
  }

  /** What came of each attempt to be the one who asks. */
  function watchedClaims() {
    const won: boolean[] = [];
    const seen: SeenStore = {
      async add(...claim) {
        won.push(await world.persistence.seen.add(...claim));
        return won.at(-1) === true;
      },
    };
    return { won, seen };
  }

  test('those of one process wait for each other, not for the database', async () => {
    const { session } = await tokensOf();
    world.clock.advance(interval);
    const claims = watchedClaims();
    const { ensure } = processOf(world.run, claims.seen);
    await Promise.all(Array.from({ length: 10 }, () => ensure(session)));
    expect(claims.won).toEqual([true]);
  });

  test('so do three processes, whoever needs it or looks after it', async () => {
    const { session } = await tokensOf();
    const processes = [processOf(), processOf(), processOf()];
    world.clock.advance(interval);
    const found = await Promise.all(processes.map(({ ensure }) => ensure(session)));
    expect(found.map((one) => one?.id)).toEqual([session.id, session.id, session.id]);
    expect(marketplace.asked).toHaveLength(1);
    world.clock.advance(interval);
    await Promise.all(processes.map(({ recheckDue }) => recheckDue(new AbortController().signal)));
    expect(marketplace.asked).toHaveLength(2);
  });

  test('a process that died while it asked is not waited for', async () => {
    const { session } = await tokensOf();
    world.clock.advance(interval);
    const dead = processOf(() => Promise.reject(new Error('killed')));
    await expect(dead.ensure(session)).rejects.toThrow('killed');
    world.clock.advance(31 * second);
    const claims = watchedClaims();
    expect(await processOf(world.run, claims.seen).ensure(session)).toMatchObject({ id: session.id });
    expect(claims.won).toEqual([true]);
    expect(marketplace.asked).toHaveLength(2);
  });

  test('a sign-out while it is asked is not undone', async () => {
    const tokens = await tokensOf();
    world.clock.advance(interval);
    const { answer } = marketplace;
    marketplace.answer = async () => {
      await world.run((tx) => endSessions(tx, { sessionId: tokens.session.id, reason: 'signed out' }));
      return answer();
    };
    expect(await uses.page!(tokens)).toBe(false);
  });

  test('no answer is no verdict on others: sessions of the hub are asked about by nobody', async () => {
    const { browser, tokens } = await signIn(world, 'mina@sunrise.example');
    world.clock.advance(8 * minute);
    expect((await browser.get(`${world.publicUrl}/signin`)).body).toContain('Mina Sato');
    const me = await fetch(`${world.issuer}/me`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
    expect(me.status).toBe(200);
    await world.sso.recheckDue(new AbortController().signal);
    expect(marketplace.asked).toHaveLength(0);
  });

  describe('the browser of one that ended by it', () => {
    const begin = `${init}?group_id=cld-1`;

    test('is led to the marketplace again, to the same group, and only once', async () => {
      const { browser } = await tokensOf();
      marketplace.refuse();
      world.clock.advance(interval);
      const { url } = await beginSignIn(world);
      const led = await browser.open(url, init);
      expect(led.location).toBe(begin);
      expect(browser.cookie(world.publicUrl, 'mercator_session')).toBeUndefined();
      expect((await browser.open(url)).body).toContain('id="password"');
    });

    test('is so also when it ended while nobody looked', async () => {
      const { browser } = await tokensOf();
      marketplace.refuse();
      world.clock.advance(interval);
      await world.sso.recheckDue(new AbortController().signal);
      expect((await browser.get(`${world.publicUrl}/signin`)).location).toBe(begin);
    });

    test('reads the form when that marketplace is nowhere to be found', async () => {
      const { browser } = await tokensOf();
      marketplace.refuse();
      const { beginUrl } = marketplace.vouchers;
      marketplace.vouchers.beginUrl = () => Promise.reject(new Error('no connection'));
      world.clock.advance(interval);
      expect((await browser.get(`${world.publicUrl}/signin`)).body).toContain('id="password"');
      marketplace.vouchers.beginUrl = beginUrl;
    });

    test('reads the form after every other end', async () => {
      const { browser, session } = await shop.signOn();
      await world.run((tx) => endSessions(tx, { sessionId: session.id, reason: 'disabled' }));
      expect((await browser.get(`${world.publicUrl}/signin`)).body).toContain('id="password"');
    });
  });

  describe('when nobody uses it', () => {
    const round = (): Promise<boolean> => world.sso.recheckDue(new AbortController().signal);

    test('a no is told to the application by back-channel logout', async () => {
      const heard: string[] = [];
      const app = createServer((request, response) => {
        request
          .setEncoding('utf8')
          .on('data', (body: string) => heard.push(new URLSearchParams(body).get('logout_token')!));
        request.on('end', () => response.writeHead(200).end());
      });
      app.listen(0, '127.0.0.1');
      await once(app, 'listening');
      try {
        await world.relay(); // what earlier tests ended
        const { port } = app.address() as { port: number };
        await world.run(async (tx) => {
          const crm = await tx.clients.find(world.crm.id);
          await tx.clients.save(crm!, { backchannelLogoutUri: `http://127.0.0.1:${port}/logout` });
        });
        const { tokens } = await signIn(world, '', { browser: (await shop.signOn()).browser });
        marketplace.refuse();
        await round();
        expect(marketplace.asked).toHaveLength(0);
        world.clock.advance(interval);
        await round();
        expect(await world.relay()).toEqual([]);
        expect(heard).toHaveLength(1);
        expect(decodeJwt(heard[0]!)).toMatchObject({ aud: 'orchid-crm', sid: tokens.claims()?.sid });
        const me = await fetch(`${world.issuer}/me`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
        expect(me.status).toBe(401);
      } finally {
        app.close();
      }
    });

    test('it goes on with a yes; one no application is signed in by is left alone', async () => {
      const { session } = await tokensOf();
      const idle = await shop.signOn({ userUid: 'usr-2', email: 'grace@doe.example' });
      world.clock.advance(interval);
      await round();
      await round();
      expect(marketplace.asked.map(({ id }) => id)).toEqual([session.id]);
      const kept = await world.run((tx) => tx.sessions.find(session.id));
      expect((kept?.recheckAt ?? '') > world.clock.now()).toBe(true);
      expect(await world.run((tx) => tx.sessions.find(idle.session.id))).toMatchObject({ state: 'ACTIVE' });
    });

    test('one of them that cannot be recorded does not hold up the others', async () => {
      await tokensOf();
      const other = await shop.signOn({ userUid: 'usr-2', email: 'grace@doe.example' });
      await signIn(world, '', { browser: other.browser });
      marketplace.refuse();
      world.clock.advance(interval);
      let units = 0;
      const { recheckDue } = processOf((work) => {
        units += 1;
        return units === 1 ? Promise.reject(new Error('the database went away')) : world.run(work);
      });
      await recheckDue(new AbortController().signal);
      const open = await world.run((tx) => tx.sessions.findMany({ state: 'ACTIVE' }));
      expect(open).toHaveLength(1);
    });
  });

  test('an open browser of somebody else is not signed out by it', async () => {
    const mina = await signIn(world, 'mina@sunrise.example');
    const other: Browser = openBrowser();
    await shop.signOn({}, other);
    marketplace.refuse();
    world.clock.advance(interval);
    expect((await other.get(`${world.publicUrl}/signin`)).body).not.toContain('Ada Lovelace');
    const code = await mina.browser.get((await beginSignIn(world, undefined, { prompt: 'none' })).url);
    expect(code.location).toContain(`${redirectUri}?code=`);
  });
});
