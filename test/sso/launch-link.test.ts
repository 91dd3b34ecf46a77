import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findExternalRef } from '../../src/core/marketplace/index.js';
import { testDialects } from '../support/mysql.js';
import { type Browser, openBrowser } from './support/browser.js';
import { signIn } from './support/flows.js';
import { createMarketplace, type Marketplace, openShop, type Shop } from './support/launch.js';
import { password, startWorld, type World } from './support/world.js';

describe.each(await testDialects())('connecting an account, on %s', (dialect) => {
  let world: World;
  let shop: Shop;
  let marketplace: Marketplace;
  beforeEach(async () => {
    world = await startWorld({
      dialect,
      vouchers: (clock) => {
        marketplace = createMarketplace(clock);
        return marketplace.vouchers;
      },
    });
    shop = await openShop(world);
  });
  afterEach(() => world.close());

  const mina = { linkByEmail: 'confirm', userUid: 'usr-mina', email: 'Mina@Sunrise.example' } as const;
  const linked = async (): Promise<string | undefined> =>
    (await world.run((tx) => findExternalRef(tx, { channelId: shop.channel.id, kind: 'user', externalId: 'usr-mina' })))
      ?.targetId;
  const isSignedIn = async (browser: Browser, name: string): Promise<boolean> =>
    (await browser.get(`${world.publicUrl}/signin`)).body.includes(name);

  test('with the password it is done, and the person goes on into the application', async () => {
    const { browser, url, outcome } = await shop.begin(mina);
    expect(outcome).toBe('confirm');
    const page = await browser.get(url);
    expect(page.status).toBe(200);
    expect(page.body).toContain('acme signed you in with the address <');
    expect(page.body).toContain('Mina@Sunrise.example');
    expect(page.body).not.toContain('Mina Sato');
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self' http://localhost:4100;");
    expect(await linked()).toBeUndefined();

    const sent = await browser.submit(page, { password });
    expect(sent.status).toBe(303);
    expect(sent.headers.getSetCookie().join()).toContain('mercator_known=');
    const entered = await browser.get(sent.location);
    expect(entered.location).toBe('http://localhost:4100/');
    expect(await isSignedIn(browser, 'Mina Sato')).toBe(true);
    expect(await linked()).toBe(world.mina.id);
    expect((await browser.get(url)).status).toBe(403);
    await world.relay();
    expect(world.mails.map(({ to, subject }) => [to, subject])).toEqual([
      ['mina@sunrise.example', 'Your account was connected to a marketplace'],
    ]);
  });

  test('a wrong password connects nothing, counts as on the sign-in page, and may be tried again', async () => {
    const { browser, url } = await shop.begin(mina);
    const page = await browser.get(url);
    const wrong = await browser.submit(page, { password: 'a guess' });
    expect(wrong.status).toBe(401);
    expect(wrong.body).toContain('not the password of the account');
    expect(await linked()).toBeUndefined();
    for (let n = 2; n <= 5; n += 1) await browser.submit(page, { password: 'a guess' });
    expect((await browser.submit(page, { password })).status).toBe(429);
    const signInPage = await openBrowser().get(`${world.publicUrl}/signin`);
    expect(
      (
        await browser.submit(
          { ...page, body: page.body.replace('/sso/launch/link', '/signin/password') },
          {
            name: 'mina@sunrise.example',
            password,
          },
        )
      ).status,
    ).toBe(429);
    expect(signInPage.status).toBe(200);
    world.clock.advance(14 * 60_000);
    expect(await linked()).toBeUndefined();
  });

  test('somebody who is signed in as that very person only says yes', async () => {
    const { browser } = await signIn(world, 'mina@sunrise.example');
    const { url } = await shop.begin(mina, browser);
    const page = await browser.get(url);
    expect(page.body).not.toContain('type="password"');
    expect(page.body).toContain('>Connect<');
    const forged = await browser.post(`${world.publicUrl}/sso/launch/link`, { t: new URL(url).searchParams.get('t')! });
    expect(forged.status).toBe(403);
    expect(await linked()).toBeUndefined();
    const entered = await browser.follow(await browser.submit(page, {}), 'http://localhost:4100/');
    expect(entered.location).toBe('http://localhost:4100/');
    expect(await linked()).toBe(world.mina.id);
  });

  test('being signed in as somebody else proves nothing', async () => {
    const { browser } = await signIn(world, 'theo@sunrise.example');
    const { url } = await shop.begin(mina, browser);
    const page = await browser.get(url);
    expect(page.body).toContain('type="password"');
    expect((await browser.submit(page, {})).status).toBe(401);
    expect(await linked()).toBeUndefined();
    await browser.follow(await browser.submit(page, { password }), 'http://localhost:4100/');
    expect(await isSignedIn(browser, 'Mina Sato')).toBe(true);
  });

  test('cancelling connects nothing and signs nobody in', async () => {
    const { browser, url } = await shop.begin(mina);
    const page = await browser.get(url);
    const cancel = /<a class="button quiet" href="([^"]+)"/.exec(page.body)?.[1] ?? '';
    const left = await browser.get(new URL(cancel, world.publicUrl).href);
    expect(left.status).toBe(200);
    expect(left.body).toContain('id="password"');
    expect(await linked()).toBeUndefined();
  });

  test('the link is for the browser that began, for a quarter of an hour, and no way in by itself', async () => {
    const { browser, url, secret } = await shop.begin(mina);
    const stranger = openBrowser();
    await shop.begin(mina, stranger);
    expect((await openBrowser().get(url)).status).toBe(403);
    const foreign = await stranger.get(url);
    expect(foreign.status).toBe(403);
    expect(foreign.body).not.toContain('Sunrise.example');
    const page = await browser.get(url);
    const posted = await stranger.submit({ ...page }, { password });
    expect(posted.status).toBe(403);
    expect((await browser.get(`${world.publicUrl}/sso/launch/enter?t=${secret}`)).status).toBe(403);
    expect((await browser.get(url, { purpose: 'prefetch' })).status).toBe(204);
    world.clock.advance(15 * 60_000 + 1);
    expect((await browser.get(url)).status).toBe(403);
    expect((await browser.submit(page, { password })).status).toBe(403);
    expect(await linked()).toBeUndefined();
  });

  test('a form from elsewhere connects nothing', async () => {
    const { browser, url } = await shop.begin(mina);
    await browser.get(url);
    const secret = new URL(url).searchParams.get('t')!;
    const forged = await browser.post(`${world.publicUrl}/sso/launch/link`, { t: secret, password });
    expect(forged.status).toBe(403);
    expect(await linked()).toBeUndefined();
  });

  test('a temporary password is replaced first, and with the next launch the account is connected', async () => {
    await world.run(async (tx) => {
      const user = await tx.users.find(world.mina.id);
      await tx.users.save(user!, { mustChangePassword: true });
    });
    const { browser, url } = await shop.begin(mina);
    const change = await browser.submit(await browser.get(url), { password });
    expect(change.body).toContain('Choose a new password');
    const own = { password: 'my very own words', repeat: 'my very own words' };
    const page = await browser.follow(await browser.submit(change, own));
    expect(page.body).toContain('open the application again from your marketplace');
    expect(await linked()).toBeUndefined();
    const again = await browser.get((await shop.begin(mina, browser)).url);
    expect(again.body).toContain('>Connect<');
    await browser.follow(await browser.submit(again, {}), 'http://localhost:4100/');
    expect(await linked()).toBe(world.mina.id);
  });

  test('where the organization signs in through its own provider, a password proves nothing', async () => {
    await world.run((tx) =>
      tx.identityProviders.insert({
        id: tx.ids.next('identityProvider'),
        createdAt: tx.now,
        key: 'sunrise-id',
        issuer: 'https://id.sunrise.example',
        clientId: 'x',
        clientSecret: '',
        emailDomains: ['sunrise.example'],
        tenantId: world.tenant.id,
        required: true,
      }),
    );
    const { browser, url } = await shop.begin(mina);
    const refused = await browser.submit(await browser.get(url), { password });
    expect(refused.status).toBe(403);
    expect(refused.body).toContain('sunrise-id');
    expect(await linked()).toBeUndefined();
  });

  test('when the uid got another owner meanwhile, nothing is connected', async () => {
    const { browser, url } = await shop.begin(mina);
    const page = await browser.get(url);
    await shop.begin({ ...mina, linkByEmail: 'never' });
    expect((await browser.submit(page, { password })).status).toBe(403);
    expect(await linked()).not.toBe(world.mina.id);
    expect(await isSignedIn(browser, 'Mina Sato')).toBe(false);
  });

  test.each([
    ['es', 'Conecte su cuenta'],
    ['ja', 'アカウントの連携'],
  ])('speaks %s', async (lang, title) => {
    const { browser, url } = await shop.begin(mina);
    const page = await browser.get(`${url}&lang=${lang}`);
    expect(page.body).toContain(`<html lang="${lang}">`);
    expect(page.body).toContain(`<h1>${title}</h1>`);
  });
});
