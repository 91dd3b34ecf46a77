import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { hashToken } from '../../src/platform/secrets.js';
import { eventually } from '../support/eventually.js';
import { testDialects } from '../support/mysql.js';
import { openBrowser, type Visit } from './support/browser.js';
import { signIn } from './support/flows.js';
import { createMarketplace, type Marketplace, openShop } from './support/launch.js';
import { password, startWorld, type World } from './support/world.js';

describe.each(await testDialects())('a password a marketplace keeps, on %s', (dialect) => {
  let world: World;
  let marketplace: Marketplace;
  beforeEach(async () => {
    world = await startWorld({
      dialect,
      vouchers: (clock) => {
        marketplace = createMarketplace(clock);
        marketplace.password = (typed) => typed === theirs;
        return marketplace.vouchers;
      },
    });
    for (const person of [world.mina, world.chief]) {
      await world.run(async (tx) => tx.users.save((await tx.users.find(person.id))!, { passwordHash: null }));
    }
  });
  afterEach(() => world.close());

  const theirs = 'kept elsewhere';

  async function attempt(name: string, typed: string): Promise<Visit & { readonly cookie: string | undefined }> {
    const browser = openBrowser();
    const page = await browser.get(`${world.publicUrl}/signin`);
    const visit = await browser.submit(page, { name, password: typed });
    return { ...visit, cookie: browser.cookie(world.publicUrl, 'mercator_session') };
  }

  test('signs in whoever has none here', async () => {
    const { status, cookie } = await attempt('mina@sunrise.example', theirs);
    expect(status).toBe(303);
    const [session] = await world.run((tx) => tx.sessions.findMany({ cookieHash: hashToken(cookie ?? '') }));
    expect(session).toMatchObject({ userId: world.mina.id, method: 'marketplace_password', recheckAt: null });
    expect(marketplace.passwords).toEqual([theirs]);
  });

  test('is a password to applications', async () => {
    const browser = openBrowser();
    const page = await browser.get(`${world.publicUrl}/signin`);
    await browser.submit(page, { name: 'mina@sunrise.example', password: theirs });
    const { tokens } = await signIn(world, '', { browser });
    expect(tokens.claims()).toMatchObject({ sub: world.mina.id });
  });

  test.each([
    ['says no', () => false],
    ['cannot be asked', () => undefined],
    [
      'fails',
      () => {
        throw new Error('socket hang up');
      },
    ],
  ])('is wrong when the marketplace %s', async (_what, answer) => {
    marketplace.password = answer;
    const refused = await attempt('mina@sunrise.example', theirs);
    expect(refused.status).toBe(401);
    expect(refused.cookie).toBeUndefined();
    expect(refused.body).toContain('do not go together');
    expect(marketplace.passwords).toHaveLength(1);
  });

  test.each([
    ['an operator', 'chief@hub.example'],
    ['somebody with a password here', 'theo@sunrise.example'],
    ['nobody', 'nobody@sunrise.example'],
  ])('is never asked for of %s', async (_who, name) => {
    marketplace.password = () => true;
    expect((await attempt(name, theirs)).status).toBe(401);
    expect(marketplace.passwords).toEqual([]);
  });

  test('is not asked for of somebody who is stopped', async () => {
    const hold = { authority: 'operator', channelId: '', by: 'x', at: world.clock.now() } as const;
    await world.run(async (tx) => tx.users.save((await tx.users.find(world.mina.id))!, { holds: [hold] }));
    expect((await attempt('mina@sunrise.example', theirs)).status).toBe(401);
    expect(marketplace.passwords).toEqual([]);
  });

  test('is guessed no more often than others, and a blocked name asks nobody', async () => {
    for (let n = 0; n < 5; n += 1) await attempt('mina@sunrise.example', 'a guess');
    expect((await attempt('mina@sunrise.example', theirs)).status).toBe(429);
    expect(marketplace.passwords).toHaveLength(5);
  });

  test('is guessed no more often while a slow marketplace has not answered the first guesses', async () => {
    let answer = (_right: boolean): void => undefined;
    const answered = new Promise<boolean>((resolve) => {
      answer = resolve;
    });
    let asked = 0;
    marketplace.vouchers.verifyPassword = () => {
      asked += 1;
      return answered;
    };
    const statuses: number[] = [];
    const guesses = Array.from({ length: 12 }, async () => {
      statuses.push((await attempt('mina@sunrise.example', 'a guess')).status);
    });
    await eventually(() => statuses.length === 7, { what: 'the answer to those that are too many' });
    expect([asked, statuses]).toEqual([5, Array(7).fill(503)]);
    answer(false);
    await Promise.all(guesses);
    expect(statuses.slice(7)).toEqual(Array(5).fill(401));
    expect([(await attempt('mina@sunrise.example', theirs)).status, asked]).toEqual([429, 5]);
  });

  test('signs in somebody a marketplace brought in, by an address nobody verified, while only one has it', async () => {
    const shop = await openShop(world);
    const bring = (userUid: string) => shop.begin({ linkByEmail: 'never', userUid, email: 'ada@office.example' });
    await bring('usr-ada');
    const { status, cookie } = await attempt('Ada@office.example', theirs);
    expect(status).toBe(303);
    const [session] = await world.run((tx) => tx.sessions.findMany({ cookieHash: hashToken(cookie ?? '') }));
    const [known] = await world.run((tx) => tx.externalRefs.findMany({ kind: 'user', externalId: 'usr-ada' }));
    expect(session?.userId).toBe(known?.targetId);

    await bring('usr-twin');
    expect((await attempt('ada@office.example', theirs)).status).toBe(401);
    expect(marketplace.passwords).toHaveLength(1);
  });

  test('is none at all for another marketplace’s question', async () => {
    marketplace.password = () => true;
    const asked = { instanceId: world.instance.id, loginName: 'mina', password: theirs };
    expect(await world.sso.authenticateDelegated(asked)).toEqual({ authenticated: false });
    expect(marketplace.passwords).toEqual([]);
  });

  test('proves an account too when it is connected', async () => {
    const shop = await openShop(world);
    const mina = { linkByEmail: 'confirm', userUid: 'usr-mina', email: 'mina@sunrise.example' } as const;
    const { browser, url } = await shop.begin(mina);
    const page = await browser.get(url);
    expect((await browser.submit(page, { password })).status).toBe(401);
    const entered = await browser.follow(await browser.submit(page, { password: theirs }), 'http://localhost:4100/');
    expect(entered.location).toBe('http://localhost:4100/');
  });
});
