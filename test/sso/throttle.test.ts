import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sourceOf } from '../../src/adapters/sso/signin/source.js';
import { type Browser, openBrowser } from './support/browser.js';
import { password, startWorld, type World } from './support/world.js';

describe('the sign-in throttle as a weapon', () => {
  let world: World;
  let address = '192.0.2.1';
  beforeEach(async () => {
    address = '192.0.2.1';
    world = await startWorld({ addressOf: () => address });
  });
  afterEach(() => world.close());

  async function attempt(typed: string, browser: Browser = openBrowser(), name = 'mina@sunrise.example') {
    const page = await browser.get(`${world.publicUrl}/signin?again=1`);
    return (await browser.submit(page, { name, password: typed })).status;
  }

  /** Wrong passwords for one name, four from each of many addresses. */
  async function flood(name: string): Promise<void> {
    for (let from = 1; from <= 13; from += 1) {
      address = `203.0.113.${from}`;
      for (let round = 0; round < 4; round += 1) await attempt('wrong', openBrowser(), name);
    }
  }

  test('guessing from many addresses ends, and the owner still comes in with the browser used before', async () => {
    const own = openBrowser();
    expect(await attempt(password, own)).toBe(303);
    await flood('mina@sunrise.example');
    address = '198.51.100.7';
    expect(await attempt(password)).toBe(429);
    expect(await attempt(password, own)).toBe(303);
  });

  test('a browser known for one name is a stranger to every other, and guesses five times itself', async () => {
    const browser = openBrowser();
    expect(await attempt(password, browser, 'theo@sunrise.example')).toBe(303);
    await flood('mina@sunrise.example');
    address = '198.51.100.7';
    expect(await attempt(password, browser)).toBe(429);
    for (let round = 0; round < 5; round += 1)
      expect(await attempt('wrong', browser, 'theo@sunrise.example')).toBe(401);
    expect(await attempt(password, browser, 'theo@sunrise.example')).toBe(429);
  });

  test('the cookie of a known browser signs nobody in and cannot be made up', async () => {
    const own = openBrowser();
    await attempt(password, own);
    const known = own.cookie(world.publicUrl, 'mercator_known') ?? '';
    const other = openBrowser();
    other.jar.set(world.publicUrl, new Map([['mercator_known', known]]));
    expect((await other.get(`${world.publicUrl}/signin`)).body).toContain('id="password"');
    await flood('mina@sunrise.example');
    other.jar.set(world.publicUrl, new Map([['mercator_known', `${'a'.repeat(43)}.${known.split('.')[1]}`]]));
    expect(await attempt(password, other)).toBe(429);
  });

  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8::6', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('failures of %s count for %s', (from, source) => {
    expect(sourceOf(from)).toBe(source);
  });

  test('another address of the same IPv6 network is the same source', async () => {
    for (let round = 0; round < 5; round += 1) {
      address = `2001:db8:1:2::${round + 1}`;
      expect(await attempt('wrong')).toBe(401);
    }
    address = '2001:db8:1:2:ffff::9';
    expect(await attempt(password)).toBe(429);
    address = '2001:db8:1:3::1';
    expect(await attempt(password)).toBe(303);
  });
});
