import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import * as openid from 'openid-client';
import { signOut } from '../../src/core/identity/index.js';
import { testDialects } from '../support/mysql.js';
import { openBrowser } from './support/browser.js';
import { signIn } from './support/flows.js';
import { createMarketplace, exit, type Marketplace, openShop, type Shop } from './support/launch.js';
import { marketplaceLogin } from './support/marketplace.js';
import { startWorld, type World } from './support/world.js';

describe.each(await testDialects())('signing out after a launch, on %s', (dialect) => {
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
  beforeEach(() => {
    marketplace.exit = () => exit;
  });
  afterAll(() => world.close());

  const home = 'http://localhost:4100/';
  const stateOf = async (id: string) => (await world.run((tx) => tx.sessions.find(id)))?.state;
  const policyOf = (page: { headers: Headers }): string => page.headers.get('content-security-policy') ?? '';

  test('from our page leads to the marketplace’s own sign-out, with the session ended and the cookie gone', async () => {
    const { browser, session } = await shop.signOn();
    const page = await browser.get(`${world.publicUrl}/signin`);
    expect(policyOf(page)).toContain("form-action 'self' https://marketplace.example;");
    const gone = await browser.submit(page, {});
    expect(gone).toMatchObject({ status: 303, location: exit });
    expect(browser.cookie(world.publicUrl, 'mercator_session')).toBeUndefined();
    expect(await stateOf(session.id)).toBe('ENDED');
  });

  test('the page that asks first may lead there too', async () => {
    const { browser } = await shop.signOn();
    const page = await browser.get(`${world.publicUrl}/signin/sign-out`);
    expect(policyOf(page)).toContain("form-action 'self' https://marketplace.example;");
    expect((await browser.submit(page, {})).location).toBe(exit);
  });

  test('asked for by an application that names no address of its own, too', async () => {
    const { browser, session } = await shop.signOn();
    const { tokens, config } = await signIn(world, '', { browser });
    const { href } = openid.buildEndSessionUrl(config, { id_token_hint: tokens.id_token! });
    expect((await browser.get(href)).location).toBe(exit);
    expect(await stateOf(session.id)).toBe('ENDED');
  });

  test('an application’s own registered address wins', async () => {
    const { browser, session } = await shop.signOn();
    const { tokens, config } = await signIn(world, '', { browser });
    const wanted = { id_token_hint: tokens.id_token!, post_logout_redirect_uri: home };
    expect((await browser.get(openid.buildEndSessionUrl(config, wanted).href)).location).toBe(home);
    expect(await stateOf(session.id)).toBe('ENDED');
  });

  test.each([
    ['unknown', () => ''],
    ['no web address', () => 'javascript:alert(1)'],
    [
      'not to be had',
      () => {
        throw new Error('no connection');
      },
    ],
  ])('an exit that is %s keeps nobody signed in', async (_what, answer) => {
    const { browser, session } = await shop.signOn();
    marketplace.exit = answer;
    const gone = await browser.submit(await browser.get(`${world.publicUrl}/signin/sign-out`), {});
    expect(gone.location).toBe(`${world.publicUrl}/signin/signed-out`);
    expect(await stateOf(session.id)).toBe('ENDED');
  });

  test.each([
    ['with a password', async () => (await signIn(world, 'mina@sunrise.example')).browser],
    [
      'by a marketplace that is asked nothing later',
      async () => {
        const browser = openBrowser();
        await browser.get((await marketplaceLogin(world)).url);
        return browser;
      },
    ],
  ])('whoever came in %s stays with us', async (_what, come) => {
    const browser = await come();
    const page = await browser.get(`${world.publicUrl}/signin/sign-out`);
    expect(policyOf(page)).toContain("form-action 'self';");
    expect((await browser.submit(page, {})).location).toBe(`${world.publicUrl}/signin/signed-out`);
  });

  test('a session ended by command asks the marketplace nothing more', async () => {
    const { session, userId } = await shop.signOn();
    await world.run((tx) => signOut(tx, { userId }));
    world.clock.advance(3_600_000);
    const before = marketplace.asked.length;
    await world.sso.recheckDue(new AbortController().signal);
    expect(marketplace.asked.slice(before).map(({ id }) => id)).not.toContain(session.id);
  });
});
