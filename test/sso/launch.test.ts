import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hashToken } from '../../src/platform/secrets.js';
import { testDialects } from '../support/mysql.js';
import { openBrowser } from './support/browser.js';
import { beginSignIn, redirectUri, signIn } from './support/flows.js';
import { createMarketplace, type Marketplace, openShop, type Shop } from './support/launch.js';
import { marketplaceLogin } from './support/marketplace.js';
import { startWorld, type World } from './support/world.js';

describe.each(await testDialects())('a launch, on %s', (dialect) => {
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
  });
  afterAll(() => world.close());

  const application = 'http://localhost:4100/';
  const whoIs = async (browser: ReturnType<typeof openBrowser>): Promise<string> =>
    (await browser.get(`${world.publicUrl}/signin`)).body;

  test('signs the browser in that began it and leads to the application, which needs no password then', async () => {
    const { browser, visit, session, userId, instanceId } = await shop.signOn();
    expect(visit.location).toBe(application);
    expect(visit.headers.get('referrer-policy')).toBe('no-referrer');
    expect(visit.headers.get('cache-control')).toBe('no-store');
    expect(visit.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^mercator_session=[^;]{20,}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=/),
      'mercator_launch=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0',
    ]);
    expect(session).toMatchObject({ state: 'ACTIVE', method: 'marketplace', userId, instanceId });
    const silent = await browser.get((await beginSignIn(world, undefined, { prompt: 'none' })).url);
    expect(silent.location).toContain(`${redirectUri}?code=`);
    expect(marketplace.asked).toEqual([]);
  });

  test('another browser gets the page of every dead link, and the right one is still let in', async () => {
    const { browser, url } = await shop.begin();
    const stranger = openBrowser();
    const bare = await stranger.get(url);
    await shop.begin({}, stranger);
    const foreign = await stranger.get(url);
    const unknown = await stranger.get(`${url}x`);
    for (const refused of [bare, foreign, unknown]) {
      expect(refused.status).toBe(403);
      expect(refused.headers.getSetCookie()).toEqual([]);
      expect(refused.body).toBe(unknown.body);
    }
    expect((await browser.get(url)).status).toBe(303);
  });

  test('works once, also for its own browser', async () => {
    const { browser, url } = await shop.begin();
    const cookies = new Map(browser.jar.get(world.publicUrl));
    expect((await browser.get(url)).status).toBe(303);
    const again = openBrowser();
    again.jar.set(world.publicUrl, cookies);
    expect(await again.get(url)).toMatchObject({ status: 403, body: expect.stringContaining('Session expired') });
  });

  test('is refused when it is too old', async () => {
    const { browser, url } = await shop.begin();
    world.clock.advance(60_001);
    expect((await browser.get(url)).status).toBe(403);
  });

  test('prefetching uses nothing up', async () => {
    const { browser, url } = await shop.begin();
    expect((await browser.get(url, { 'sec-purpose': 'prefetch' })).status).toBe(204);
    expect(browser.cookie(world.publicUrl, 'mercator_session')).toBeUndefined();
    expect((await browser.get(url)).status).toBe(303);
  });

  test('whoever was signed in here is replaced without a question', async () => {
    const theo = await signIn(world, 'theo@sunrise.example');
    const before = theo.browser.cookie(world.publicUrl, 'mercator_session') ?? '';
    expect(await whoIs(theo.browser)).toContain('Theo Roux');
    await shop.signOn({}, theo.browser);
    expect(await whoIs(theo.browser)).toContain('Ada Lovelace');
    const [old] = await world.run((tx) => tx.sessions.findMany({ cookieHash: hashToken(before) }));
    expect(old).toMatchObject({ state: 'ENDED', endReason: 'replaced' });
    await world.relay();
    expect(world.events).toContainEqual(
      expect.objectContaining({
        type: 'session.ended',
        payload: expect.objectContaining({ clientId: 'orchid-crm', userId: world.theo.id, reason: 'replaced' }),
      }),
    );
  });

  test('the same person coming again is in a session of their own', async () => {
    const first = await shop.signOn();
    const second = await shop.signOn({}, first.browser);
    expect(second.userId).toBe(first.userId);
    expect(second.session.id).not.toBe(first.session.id);
    expect(await world.run((tx) => tx.sessions.find(first.session.id))).toMatchObject({ state: 'ENDED' });
  });

  test('somebody who may not use the instance by now reads why, and stays signed out', async () => {
    const { browser, url, userId, tenantId } = await shop.begin({ userUid: 'usr-held', email: 'held@doe.example' });
    await world.run(async (tx) => {
      const [place] = await tx.memberships.findMany({ userId, tenantId });
      const hold = { authority: 'operator', channelId: '', by: 'x', at: world.clock.now() } as const;
      await tx.memberships.save(place!, { holds: [hold] });
    });
    const refused = await browser.get(url);
    expect(refused.status).toBe(403);
    expect(refused.body).toContain('not, or no longer, a user');
    expect(refused.headers.getSetCookie()).toEqual([]);
  });

  test('its secret is no bearer at the door for bearers', async () => {
    const { browser, url, secret } = await shop.begin();
    const door = `${world.publicUrl}/sso/ncbs/enter?t=${secret}`;
    const theo = await signIn(world, 'theo@sunrise.example');
    const asked = await theo.browser.get(door);
    expect(asked.status).toBe(403);
    expect(asked.body).not.toContain('Ada');
    expect((await browser.get(door)).status).toBe(403);
    expect((await browser.get(url)).status).toBe(303);
  });

  test('nor is a bearer a launch', async () => {
    const { secret, url } = await marketplaceLogin(world);
    const { browser } = await shop.begin();
    expect((await browser.get(`${world.publicUrl}/sso/launch/enter?t=${secret}`)).status).toBe(403);
    expect((await openBrowser().get(`${world.publicUrl}/sso/launch/enter?t=${secret}`)).status).toBe(403);
    expect((await openBrowser().get(url)).status).toBe(303);
  });

  test('an address nobody verified is told as such, and to the scope for it alone', async () => {
    const { browser } = await shop.signOn({ userUid: 'usr-9', email: 'Grace@doe.example' });
    const { tokens } = await signIn(world, '', { browser });
    expect(tokens.claims()).toMatchObject({ email: 'Grace@doe.example', email_verified: false });
    const me = async (token: string): Promise<unknown> =>
      (await fetch(`${world.issuer}/me`, { headers: { authorization: `Bearer ${token}` } })).json();
    expect(await me(tokens.access_token)).toMatchObject({ email: 'Grace@doe.example', email_verified: false });
    const bare = await signIn(world, '', { browser, change: { scope: 'openid' } });
    expect(await me(bare.tokens.access_token)).not.toHaveProperty('email');
  });

  test('what a membership says stands in for an address of their own', async () => {
    const { browser, userId } = await shop.signOn({ userUid: 'usr-10', email: 'joan@doe.example' });
    await world.run(async (tx) => {
      for (const row of await tx.userEmails.findMany({ userId })) {
        await tx.userEmails.save(row, { userId: world.chief.id, primary: false });
      }
    });
    const { tokens } = await signIn(world, '', { browser });
    const me = await fetch(`${world.issuer}/me`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
    expect(await me.json()).toMatchObject({ email: 'joan@doe.example', email_verified: false });
  });

  test('the owner of a linked account is told at its address, in their language', async () => {
    await world.run(async (tx) => {
      const mina = await tx.users.find(world.mina.id);
      await tx.users.save(mina!, { locale: 'es-MX' });
    });
    await shop.signOn({ userUid: 'usr-mina', email: 'Mina@sunrise.example' });
    world.mails.length = 0;
    expect(await world.relay()).toEqual([]);
    expect(world.mails).toHaveLength(1);
    const [mail] = world.mails;
    expect(mail).toMatchObject({ to: 'mina@sunrise.example', subject: 'Su cuenta se ha conectado a un marketplace' });
    expect(mail?.text).toContain('Mina Sato');
    expect(mail?.text).toContain('acme');
    expect(mail?.text).toContain(`${world.publicUrl}/signin/forgot?lang=es`);
  });
});
