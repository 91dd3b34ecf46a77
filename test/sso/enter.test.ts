import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { endSessionByHandle, endSessions, validateSession } from '../../src/core/identity/index.js';
import type { Unit } from '../../src/core/repositories.js';
import { hashToken } from '../../src/platform/secrets.js';
import { testDialects } from '../support/mysql.js';
import { openBrowser } from './support/browser.js';
import { beginSignIn, redirectUri, signIn } from './support/flows.js';
import { marketplaceLogin } from './support/marketplace.js';
import { startWorld, type World } from './support/world.js';

describe.each(await testDialects())('on %s', (dialect) => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld({ dialect });
  });
  afterEach(() => world.close());

  const unit = <T>(work: (tx: Unit) => Promise<T>): Promise<T> => world.run(work);
  const application = 'http://localhost:4100/';

  describe("a marketplace's sign-in URL", () => {
    test('signs the person in and leads to the application, which needs no password then', async () => {
      const { url, handle } = await marketplaceLogin(world);
      const channel = { handleHash: hashToken(handle), channelId: 'chn_1' };
      expect(await unit((tx) => validateSession(tx, channel))).toMatchObject({ valid: false });
      const browser = openBrowser();
      const visit = await browser.get(url);
      expect(visit.status).toBe(303);
      expect(visit.location).toBe(application);
      expect(visit.headers.get('referrer-policy')).toBe('no-referrer');
      expect(visit.headers.get('cache-control')).toBe('no-store');
      expect(visit.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Lax/);
      expect(await unit((tx) => validateSession(tx, channel))).toMatchObject({ valid: true });
      const code = await browser.get((await beginSignIn(world)).url);
      expect(code.location).toContain(`${redirectUri}?code=`);
    });

    test('works once: one of fifty at the same time', async () => {
      const { url } = await marketplaceLogin(world);
      const visits = await Promise.all(Array.from({ length: 50 }, () => openBrowser().get(url)));
      expect(visits.filter((visit) => visit.status === 303)).toHaveLength(1);
      const refused = visits.filter((visit) => visit.status === 403);
      expect(refused).toHaveLength(49);
      expect(refused[0]?.body).toContain('open the application again');
      expect(refused.every((visit) => visit.headers.get('set-cookie') === null)).toBe(true);
      const journal = await world.persistence.readers.journal.page(
        { kind: 'system', name: 'test' },
        { first: 200, filter: { command: { eq: 'sso.enterRefused' } } },
      );
      expect(journal.nodes.length).toBeGreaterThan(0);
    });

    test.each([
      [
        'too old',
        async (url: string) => {
          world.clock.advance(60_001);
          return url;
        },
      ],
      ['altered', async (url: string) => `${url}x`],
      ['empty', async () => `${world.publicUrl}/sso/ncbs/enter`],
    ])('%s: 403 and a page that says what to do', async (_what, spoil) => {
      const { url } = await marketplaceLogin(world);
      const visit = await openBrowser().get(await spoil(url));
      expect(visit.status).toBe(403);
      expect(visit.body).toContain('Session expired');
    });

    test.each([
      ['Sec-Purpose', { 'sec-purpose': 'prefetch;prerender' }],
      ['Purpose', { purpose: 'prefetch' }],
    ])('prefetching (%s) uses nothing up', async (_what, headers) => {
      const { url } = await marketplaceLogin(world);
      expect((await openBrowser().get(url, headers)).status).toBe(204);
      expect((await fetch(url, { method: 'HEAD' })).headers.get('set-cookie')).toBeNull();
      expect((await openBrowser().get(url)).status).toBe(303);
    });

    test('whether the person may use the instance is judged again at the door', async () => {
      const { url } = await marketplaceLogin(world);
      const hold = { authority: 'marketplace', channelId: 'chn_1', by: 'x', at: world.clock.now() } as const;
      await unit(async (tx) => {
        const membership = await tx.memberships.find(world.minaMembership.id);
        await tx.memberships.save(membership!, { holds: [hold] });
      });
      const visit = await openBrowser().get(url);
      expect(visit.status).toBe(403);
      expect(visit.body).toContain('not, or no longer, a user');
      expect(visit.headers.get('set-cookie')).toBeNull();
    });

    test('a stopped chain gives no token, with the first failing link as the reason', async () => {
      await unit(async (tx) => {
        const instance = await tx.instances.find(world.instance.id);
        await tx.instances.save(instance!, { locked: true });
      });
      await expect(marketplaceLogin(world)).rejects.toMatchObject({
        code: 'not_usable',
        params: { reason: 'instance' },
      });
    });

    test('ending sessions of the instance makes an unused URL worthless', async () => {
      const { url } = await marketplaceLogin(world);
      await unit((tx) => endSessions(tx, { userId: world.mina.id, instanceId: world.instance.id, reason: 'disabled' }));
      expect((await openBrowser().get(url)).status).toBe(403);
    });

    test('the return URL wins over the access URL', async () => {
      const { url } = await marketplaceLogin(world, { returnUrl: 'https://carrier.example/back' });
      expect((await openBrowser().get(url)).location).toBe('https://carrier.example/back');
    });
  });

  describe('when another person is signed in', () => {
    test('nothing happens unasked; staying keeps the link unused', async () => {
      const { browser } = await signIn(world, 'theo@sunrise.example');
      const { url } = await marketplaceLogin(world);
      const page = await browser.get(url);
      expect(page.status).toBe(200);
      expect(page.body).toContain('Theo Roux');
      expect(page.body).toContain('Switch to Mina Sato');
      const stayed = await browser.submit(page, { choice: 'stay' });
      expect(stayed.location).toBe(application);
      expect((await browser.get(`${world.publicUrl}/signin`)).body).toContain('Theo Roux');
      expect((await openBrowser().get(url)).status).toBe(303);
    });

    test('switching ends the other session', async () => {
      const { browser } = await signIn(world, 'theo@sunrise.example');
      const before = browser.cookie(world.publicUrl, 'mercator_session');
      const { url } = await marketplaceLogin(world);
      const switched = await browser.submit(await browser.get(url), { choice: 'switch' });
      expect(switched.location).toBe(application);
      expect((await browser.get(`${world.publicUrl}/signin`)).body).toContain('Mina Sato');
      const [old] = await unit((tx) => tx.sessions.findMany({ cookieHash: hashToken(before ?? '') }));
      expect(old).toMatchObject({ state: 'ENDED', endReason: 'replaced' });
    });

    test('the choice is a form of ours: without its secret nobody is switched', async () => {
      const { browser } = await signIn(world, 'theo@sunrise.example');
      const { secret } = await marketplaceLogin(world);
      const forged = await browser.post(`${world.publicUrl}/sso/ncbs/enter`, { t: secret, choice: 'switch' });
      expect(forged.status).toBe(403);
      expect((await browser.get(`${world.publicUrl}/signin`)).body).toContain('Theo Roux');
    });

    test('the same person is not asked', async () => {
      const { browser } = await signIn(world, 'mina@sunrise.example');
      expect((await browser.get((await marketplaceLogin(world)).url)).status).toBe(303);
    });
  });

  describe('the handle a marketplace keeps', () => {
    test('ends its session, also before the URL was used; another channel knows no such handle', async () => {
      const { handle, url } = await marketplaceLogin(world);
      const handleHash = hashToken(handle);
      expect(await unit((tx) => endSessionByHandle(tx, { handleHash, channelId: 'chn_2', reason: 'logout' }))).toBe(0);
      expect(await unit((tx) => endSessionByHandle(tx, { handleHash, channelId: 'chn_1', reason: 'logout' }))).toBe(1);
      expect(await unit((tx) => endSessionByHandle(tx, { handleHash, channelId: 'chn_1', reason: 'logout' }))).toBe(0);
      expect((await openBrowser().get(url)).status).toBe(403);
    });

    test('is valid until the session expires or the chain breaks', async () => {
      const { handle, url } = await marketplaceLogin(world);
      await openBrowser().get(url);
      const ask = () => unit((tx) => validateSession(tx, { handleHash: hashToken(handle), channelId: 'chn_1' }));
      expect(await ask()).toMatchObject({ valid: true });
      world.clock.advance(3_600_001);
      expect(await ask()).toMatchObject({ valid: false });
      expect(await unit((tx) => validateSession(tx, { handleHash: '', channelId: 'chn_1' }))).toEqual({
        valid: false,
        expiresAt: null,
      });
    });
  });
});
