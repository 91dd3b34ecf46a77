import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { setPassword } from '../../src/core/identity/index.js';
import type { Unit } from '../../src/core/repositories.js';
import { testDialects } from '../support/mysql.js';
import { openBrowser } from './support/browser.js';
import { signIn } from './support/flows.js';
import { password, startWorld, type World } from './support/world.js';

describe.each(await testDialects())('on %s', (dialect) => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld({ dialect });
  });
  afterEach(() => world.close());

  const unit = <T>(work: (tx: Unit) => Promise<T>): Promise<T> => world.run(work);

  async function attempt(name: string, typed: string, browser = openBrowser()) {
    const page = await browser.get(`${world.publicUrl}/signin`);
    return browser.submit(page, { name, password: typed });
  }

  const withoutSecrets = (html: string, name: string) =>
    html.replaceAll(/value="[A-Za-z0-9_-]{43}"/g, '').replaceAll(name, 'NAME');

  describe('the sign-in page', () => {
    test('answers an unknown person, a wrong password and a stopped person alike, with the same work', async () => {
      await unit(async (tx) => {
        const user = await tx.users.find(world.theo.id);
        const hold = { authority: 'operator', channelId: '', by: 'x', at: world.clock.now() } as const;
        await tx.users.save(user!, { holds: [hold] });
      });
      const verify = jest.spyOn(world.passwords, 'verify');
      const answers = [
        ['nobody@sunrise.example', password],
        ['mina@sunrise.example', 'wrong'],
        ['theo@sunrise.example', password],
      ] as const;
      const pages = [];
      for (const [name, typed] of answers) {
        const { status, body } = await attempt(name, typed);
        pages.push({ status, body: withoutSecrets(body, name) });
      }
      expect(new Set(pages.map((page) => page.body)).size).toBe(1);
      expect(pages.map((page) => page.status)).toEqual([401, 401, 401]);
      expect(verify).toHaveBeenCalledTimes(3);
    });

    test('after five failures the address waits, for known and unknown names alike; nobody else does', async () => {
      for (const name of ['mina@sunrise.example', 'nobody@sunrise.example']) {
        for (let round = 0; round < 5; round += 1) expect((await attempt(name, 'wrong')).status).toBe(401);
        const blocked = await attempt(name, password);
        expect(blocked.status).toBe(429);
        expect(blocked.body).toContain('Too many attempts');
      }
      expect((await attempt('theo@sunrise.example', password)).status).toBe(303);
      world.clock.advance(15 * 60_000 + 1);
      expect((await attempt('mina@sunrise.example', password)).status).toBe(303);
    });

    test('a success clears the failures before it', async () => {
      for (let round = 0; round < 4; round += 1) await attempt('mina@sunrise.example', 'wrong');
      expect((await attempt('mina@sunrise.example', password)).status).toBe(303);
      for (let round = 0; round < 4; round += 1) await attempt('mina@sunrise.example', 'wrong');
      expect((await attempt('mina@sunrise.example', password)).status).toBe(303);
    });

    test('a form from elsewhere signs nobody in', async () => {
      const form = { name: 'mina@sunrise.example', password, to: '', instance: '' };
      const target = `${world.publicUrl}/signin/password`;
      expect((await openBrowser().post(target, form)).status).toBe(403);

      const victim = openBrowser();
      await victim.get(`${world.publicUrl}/signin`);
      const attacker = openBrowser();
      const page = await attacker.get(`${world.publicUrl}/signin`);
      const csrf = /name="csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
      expect((await victim.post(target, { ...form, csrf })).status).toBe(403);
      expect((await attacker.post(target, { ...form, csrf }, { origin: 'https://evil.example' })).status).toBe(403);
      expect((await attacker.post(target, { ...form, csrf }, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
      expect((await attacker.post(target, { ...form, csrf }, { origin: world.publicUrl })).status).toBe(303);
    });

    test('a cookie planted before the sign-in never becomes a session', async () => {
      const browser = openBrowser();
      await browser.get(`${world.publicUrl}/signin`);
      browser.jar.get(world.publicUrl)?.set('mercator_session', 'planted-by-somebody-else');
      await attempt('mina@sunrise.example', password, browser);
      const first = browser.cookie(world.publicUrl, 'mercator_session');
      expect(first).toMatch(/^[A-Za-z0-9_-]{43}$/);
      await signIn(world, 'mina@sunrise.example', { browser, change: { prompt: 'login' } });
      expect(browser.cookie(world.publicUrl, 'mercator_session')).not.toBe(first);
      const stale = openBrowser();
      stale.jar.set(world.publicUrl, new Map([['mercator_session', first ?? '']]));
      expect((await stale.get(`${world.publicUrl}/signin`)).body).toContain('id="password"');
    });

    test.each([
      'https://evil.example/',
      '//evil.example/',
      '/\\evil.example',
      '/%09/evil.example',
      '/..//evil.example',
      'javascript:alert(1)',
      '/signin\r\nlocation: https://evil.example',
    ])('leads nowhere but to our own pages: %j', async (to) => {
      const browser = openBrowser();
      const page = await browser.get(`${world.publicUrl}/signin?${new URLSearchParams({ to })}`);
      const visit = await browser.post(`${world.publicUrl}/signin/password`, {
        csrf: /name="csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? '',
        name: 'mina@sunrise.example',
        password,
        to,
        instance: '',
      });
      expect(visit.status).toBe(303);
      expect(new URL(visit.location).origin).toBe(world.publicUrl);
    });

    test('cannot be framed, cached, sniffed or scripted, and tells no referrer', async () => {
      const { headers, body } = await openBrowser().get(`${world.publicUrl}/signin`);
      expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
      expect(headers.get('content-security-policy')).not.toContain('unsafe');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(body).not.toMatch(/<script|style="|onclick/i);
    });

    test('what people write is text, never markup', async () => {
      const { body } = await attempt('"><script>alert(1)</script>@x.example', 'wrong');
      expect(body).not.toContain('<script>');
      expect(body).toContain('&lt;script&gt;');
    });

    test.each([
      ['es', 'Iniciar sesión'],
      ['ja', 'サインイン'],
      ['fr, en;q=0.5', 'Sign in'],
    ])('speaks the language of the browser (%s)', async (accept, title) => {
      const { body } = await openBrowser().get(`${world.publicUrl}/signin`, { 'accept-language': accept });
      expect(body).toContain(`<h1>${title}</h1>`);
    });

    test('with a realm hint the login name of that instance works, and only there', async () => {
      const browser = openBrowser();
      const page = await browser.get(`${world.publicUrl}/signin?instance=${world.instance.id}`);
      expect(page.body).toContain('Sunrise CRM');
      const visit = await browser.submit(page, { name: 'mina', password });
      expect(visit.status).toBe(303);
      expect(visit.location).toBe('http://localhost:4100/');
      expect((await attempt('theo', password)).status).toBe(401);
    });
  });

  describe('delegated authentication, server reading', () => {
    const ask = (loginName: string, typed: string) =>
      world.sso.authenticateDelegated({ instanceId: world.instance.id, loginName, password: typed });

    test('right, wrong, unknown and stopped', async () => {
      expect(await ask('mina', password)).toEqual({
        authenticated: true,
        userId: world.mina.id,
        mustChangePassword: false,
      });
      expect(await ask('mina@sunrise.example', password)).toMatchObject({ authenticated: true });
      expect(await ask('mina', 'wrong')).toEqual({ authenticated: false });
      expect(await ask('nobody', password)).toEqual({ authenticated: false });
      expect(await ask('chief@hub.example', password)).toEqual({ authenticated: false });
      await unit(async (tx) => {
        const membership = await tx.memberships.find(world.minaMembership.id);
        const hold = { authority: 'marketplace', channelId: 'chn_1', by: 'x', at: world.clock.now() } as const;
        await tx.memberships.save(membership!, { holds: [hold] });
      });
      expect(await ask('mina', password)).toEqual({ authenticated: false });
    });

    test('five failures per person, then a quarter of an hour of refusal, never for ever', async () => {
      for (let round = 0; round < 5; round += 1) await ask('mina', 'wrong');
      expect(await ask('mina', password)).toEqual({ authenticated: false });
      expect(await ask('theo', password)).toMatchObject({ authenticated: true });
      world.clock.advance(15 * 60_000 + 1);
      expect(await ask('mina', password)).toMatchObject({ authenticated: true });
    });
  });

  describe('set-password links', () => {
    async function link(name = 'mina@sunrise.example'): Promise<string | undefined> {
      const browser = openBrowser();
      await browser.submit(await browser.get(`${world.publicUrl}/signin/forgot`), { name });
      await world.relay();
      return /http\S+set-password\?t=\S+/.exec(world.mails.at(-1)?.text ?? '')?.[0];
    }

    test('a known and an unknown address get the same answer; only one gets a message', async () => {
      const pages = [];
      for (const name of ['mina@sunrise.example', 'nobody@sunrise.example']) {
        const browser = openBrowser();
        const page = await browser.submit(await browser.get(`${world.publicUrl}/signin/forgot`), { name });
        pages.push([page.status, page.body]);
      }
      expect(pages[0]).toEqual(pages[1]);
      await world.relay();
      expect(world.mails.map((mail) => mail.to)).toEqual(['mina@sunrise.example']);
      expect(JSON.stringify(world.events)).not.toMatch(/set-password|[A-Za-z0-9_-]{43}/);
    });

    test('sets the password once, ends the sessions of the person, and the new password works', async () => {
      const { browser } = await signIn(world, 'mina@sunrise.example');
      const url = (await link()) ?? '';
      const visitor = openBrowser();
      const page = await visitor.get(url);
      expect(page.body).toContain('Mina Sato');
      expect((await visitor.submit(page, { password: 'short', repeat: 'short' })).status).toBe(400);
      expect((await visitor.submit(page, { password: 'a new long password', repeat: 'another' })).status).toBe(400);
      const fresh = { password: 'a new long password', repeat: 'a new long password' };
      expect((await visitor.submit(page, fresh)).body).toContain('Your password is set');
      expect((await visitor.submit(page, fresh)).status).toBe(403);
      expect((await visitor.get(url)).body).toContain('does not work any more');
      expect((await browser.get(`${world.publicUrl}/signin`)).body).toContain('id="password"');
      expect((await attempt('mina@sunrise.example', password)).status).toBe(401);
      expect((await attempt('mina@sunrise.example', 'a new long password')).status).toBe(303);
    });

    test('is dead after 72 hours', async () => {
      const url = (await link()) ?? '';
      world.clock.advance(72 * 3_600_000 + 1);
      expect((await openBrowser().get(url)).status).toBe(403);
    });

    test('at most five messages per person and quarter of an hour', async () => {
      for (let round = 0; round < 8; round += 1) await link();
      expect(world.mails).toHaveLength(5);
    });

    test('is written in the language of the person', async () => {
      const browser = openBrowser();
      const page = await browser.get(`${world.publicUrl}/signin/forgot`);
      await browser.post(
        `${world.publicUrl}/signin/forgot`,
        { csrf: /name="csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? '', name: 'mina@sunrise.example' },
        { 'accept-language': 'ja' },
      );
      await world.relay();
      expect(world.mails[0]?.subject).toBe('パスワードの設定');
    });
  });

  describe('whose password it is', () => {
    const set = (authority: Parameters<typeof setPassword>[1]['authority'], userId = world.mina.id) =>
      unit((tx) => setPassword(tx, { userId, authority, passwordHash: 'x', mustChange: true }));

    test('a channel or tenant sets it only while every membership is its own', async () => {
      await expect(set({ kind: 'channel', channelId: 'chn_1' })).resolves.toMatchObject({ mustChangePassword: true });
      await expect(set({ kind: 'channel', channelId: 'chn_2' })).rejects.toMatchObject({ code: 'password_not_yours' });
      await expect(set({ kind: 'tenants', tenantIds: [world.tenant.id] })).resolves.toBeDefined();
      await unit((tx) =>
        tx.memberships.insert({
          ...world.minaMembership,
          id: 'mem_other',
          tenantId: 'ten_other',
          instanceId: '',
          channelId: '',
        }),
      );
      await expect(set({ kind: 'channel', channelId: 'chn_1' })).rejects.toMatchObject({ code: 'password_not_yours' });
      await expect(set({ kind: 'tenants', tenantIds: [world.tenant.id] })).rejects.toMatchObject({
        code: 'password_not_yours',
      });
      await expect(set({ kind: 'self' })).resolves.toBeDefined();
    });

    test('nobody but operators sets the password of an operator or of somebody who belongs nowhere', async () => {
      await expect(set({ kind: 'tenants', tenantIds: [world.tenant.id] }, world.chief.id)).rejects.toMatchObject({
        code: 'password_not_yours',
      });
      await expect(set({ kind: 'operator' }, world.chief.id)).resolves.toBeDefined();
    });
  });
});
