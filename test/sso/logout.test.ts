import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { generateKeyPair, SignJWT } from 'jose';
import * as openid from 'openid-client';
import { startIsvApp } from '../../examples/isv-app/app.mjs';
import { endSessions } from '../../src/core/identity/index.js';
import type { Unit } from '../../src/core/repositories.js';
import { testDialects } from '../support/mysql.js';
import { openBrowser } from './support/browser.js';
import { beginSignIn, signIn } from './support/flows.js';
import { marketplaceLogin } from './support/marketplace.js';
import { password, startWorld, type World } from './support/world.js';

describe.each(await testDialects())('on %s', (dialect) => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld({ dialect });
  });
  afterEach(() => world.close());

  const unit = <T>(work: (tx: Unit) => Promise<T>): Promise<T> => world.run(work);
  const home = 'http://localhost:4100/';

  describe('sign-out asked for by an application', () => {
    test('with an ID token as hint it is done at once and leads back', async () => {
      const { browser, tokens, config } = await signIn(world, 'mina@sunrise.example');
      const url = openid.buildEndSessionUrl(config, {
        id_token_hint: tokens.id_token!,
        post_logout_redirect_uri: home,
        state: 'abc',
      });
      const visit = await browser.get(url.href);
      expect(visit.location).toBe(`${home}?state=abc`);
      expect(browser.cookie(world.publicUrl, 'mercator_session')).toBeUndefined();
      const me = await fetch(`${world.issuer}/me`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
      expect(me.status).toBe(401);
      await expect(openid.refreshTokenGrant(config, tokens.refresh_token!)).rejects.toMatchObject({
        error: 'invalid_grant',
      });
      expect((await browser.open((await beginSignIn(world)).url)).body).toContain('id="password"');
    });

    test('an expired ID token is still a hint', async () => {
      const { browser, tokens, config } = await signIn(world, 'mina@sunrise.example');
      world.clock.advance(3_600_000);
      const url = openid.buildEndSessionUrl(config, {
        id_token_hint: tokens.id_token!,
        post_logout_redirect_uri: home,
      });
      expect((await browser.get(url.href)).location).toBe(home);
    });

    test('without a hint we ask, and staying is possible', async () => {
      const { browser } = await signIn(world, 'mina@sunrise.example');
      const page = await browser.get(
        `${world.issuer}/session/end?${new URLSearchParams({ client_id: 'orchid-crm', post_logout_redirect_uri: home })}`,
      );
      expect(page.status).toBe(200);
      expect(page.body).toContain('Sign out?');
      expect((await browser.get(`${world.publicUrl}/signin`)).body).toContain('Mina Sato');
      expect((await browser.submit(page, {})).location).toBe(home);
      expect((await browser.get(`${world.publicUrl}/signin`)).body).toContain('id="password"');
    });

    test("somebody else's ID token signs nobody out unasked", async () => {
      const theo = await signIn(world, 'theo@sunrise.example');
      const { browser, config } = await signIn(world, 'mina@sunrise.example');
      const page = await browser.get(openid.buildEndSessionUrl(config, { id_token_hint: theo.tokens.id_token! }).href);
      expect(page.body).toContain('Sign out?');
    });

    test.each([
      'https://evil.example/',
      'http://localhost:4100',
      'http://localhost:4100/?x',
      'http://localhost:4100/other',
    ])('leads nowhere that is not registered: %s', async (post_logout_redirect_uri) => {
      const { browser, tokens } = await signIn(world, 'mina@sunrise.example');
      const query = new URLSearchParams({ id_token_hint: tokens.id_token!, post_logout_redirect_uri });
      const visit = await browser.get(`${world.issuer}/session/end?${query}`);
      expect(visit.status).toBe(400);
      expect(visit.location).toBe('');
      const page = await browser.get(`${world.publicUrl}/signin/sign-out`);
      const forged = await browser.submit(page, { client_id: 'orchid-crm', post_logout_redirect_uri });
      expect(new URL(forged.location).origin).toBe(world.publicUrl);
    });

    test('a form from elsewhere signs nobody out', async () => {
      const { browser } = await signIn(world, 'mina@sunrise.example');
      await browser.post(`${world.publicUrl}/signin/sign-out`, {});
      expect((await browser.get(`${world.publicUrl}/signin`)).body).toContain('Mina Sato');
    });

    test('a forged hint is no hint', async () => {
      const { browser } = await signIn(world, 'mina@sunrise.example');
      const { privateKey } = await generateKeyPair('ES256');
      const forged = await new SignJWT({})
        .setProtectedHeader({ alg: 'ES256' })
        .setIssuer(world.issuer)
        .setSubject(world.mina.id)
        .setAudience('orchid-crm')
        .sign(privateKey);
      const page = await browser.get(`${world.issuer}/session/end?id_token_hint=${forged}`);
      expect(page.body).toContain('Sign out?');
    });
  });

  describe('an ended session', () => {
    test('signs nobody in, although the browser still has every cookie', async () => {
      const { browser } = await signIn(world, 'mina@sunrise.example');
      const cookies = new Map(browser.jar.get(world.publicUrl));
      await unit((tx) => endSessions(tx, { userId: world.mina.id, reason: 'disabled' }));
      browser.jar.set(world.publicUrl, cookies);
      expect((await browser.open((await beginSignIn(world)).url)).body).toContain('id="password"');
      const silent = await browser.get((await beginSignIn(world, undefined, { prompt: 'none' })).url);
      expect(new URL(silent.location).searchParams.get('error')).toBe('login_required');
    });

    test('an expired one too', async () => {
      const { browser } = await signIn(world, 'mina@sunrise.example');
      world.clock.advance(12 * 3_600_000 + 1);
      expect((await browser.open((await beginSignIn(world)).url)).body).toContain('id="password"');
    });

    test("in another instance leaves this one's sign-in alone", async () => {
      const { tokens } = await signIn(world, 'mina@sunrise.example');
      await unit((tx) => endSessions(tx, { userId: world.mina.id, instanceId: 'ins_other', reason: 'disabled' }));
      const me = await fetch(`${world.issuer}/me`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
      expect(me.status).toBe(200);
      await world.relay();
      expect(world.events.filter((event) => event.type === 'session.ended')).toHaveLength(0);
    });

    test('a code given before it ended is worthless after', async () => {
      const { browser } = await signIn(world, 'mina@sunrise.example');
      const begun = await beginSignIn(world);
      const { location } = await browser.get(begun.url);
      expect(location).toContain('code=');
      await unit((tx) => endSessions(tx, { userId: world.mina.id, instanceId: world.instance.id, reason: 'disabled' }));
      await expect(openid.authorizationCodeGrant(begun.config, new URL(location), begun.checks)).rejects.toMatchObject({
        error: 'invalid_grant',
      });
    });
  });

  describe('the example application', () => {
    async function startApp(hub = world) {
      const app = await startIsvApp({ issuer: hub.issuer, clientSecret: 'orchid-secret', port: 0 });
      await hub.run(async (tx) => {
        const client = await tx.clients.findOne({ clientId: 'orchid-crm' });
        await tx.clients.save(client!, {
          redirectUris: [`${app.url}/callback`],
          postLogoutRedirectUris: [`${app.url}/`],
          backchannelLogoutUri: `${app.url}/backchannel-logout`,
        });
        const application = await tx.applications.find(hub.application.id);
        await tx.applications.save(application!, { accessUrl: `${app.url}/login` });
      });
      return app;
    }

    test('a person enters from the marketplace without a password; disabled, the next click is signed out', async () => {
      const app = await startApp();
      try {
        const browser = openBrowser();
        const { url } = await marketplaceLogin(world);
        const page = await browser.open(url);
        expect(page.url).toBe(`${app.url}/`);
        expect(page.body).toContain('Mina Sato');
        expect(page.body).toContain('Sunrise Dental');
        expect(page.body).toContain('crm-month');
        const begun = performance.now();
        await unit((tx) =>
          endSessions(tx, { userId: world.mina.id, instanceId: world.instance.id, reason: 'disabled' }),
        );
        expect(await world.relay()).toEqual([]);
        expect(performance.now() - begun).toBeLessThan(1_000);
        expect(app.sessionCount()).toBe(0);
        expect(app.logouts).toHaveLength(1);
        expect((await browser.get(`${app.url}/`)).body).toContain('Sign in');
      } finally {
        await app.close();
      }
    });

    test('signed out by itself it signs out at the hub; its other window hears of it', async () => {
      const app = await startApp();
      try {
        const browser = openBrowser();
        const page = await browser.open(`${app.url}/login`);
        const inside = await browser.follow(await browser.submit(page, { name: 'mina@sunrise.example', password }));
        expect(inside.body).toContain('id="person"');
        expect((await browser.get(`${app.url}/`)).status).toBe(200);
        const out = await browser.open(`${app.url}/logout`);
        expect(out.url).toBe(`${app.url}/`);
        expect((await browser.get(`${world.publicUrl}/signin`)).body).toContain('id="password"');
      } finally {
        await app.close();
      }
    });

    test('refuses logout tokens that are replayed, forged, for others, or no logout tokens', async () => {
      const app = await startApp();
      try {
        const { tokens } = await signIn(world, 'mina@sunrise.example', {
          change: { redirect_uri: `${app.url}/callback` },
        });
        const send = async (logout_token: string): Promise<number> =>
          (
            await fetch(`${app.url}/backchannel-logout`, {
              method: 'POST',
              body: new URLSearchParams({ logout_token }),
            })
          ).status;
        const caught: string[] = [];
        const [subscriber] = world.sso.subscribers;
        await unit((tx) => endSessions(tx, { userId: world.mina.id, reason: 'test' }));
        await world.relay();
        const event = world.events.find(({ type }) => type === 'session.ended')!;
        expect(subscriber?.wants(event)).toBe(true);
        const spy = await startSpy((body) => caught.push(new URLSearchParams(body).get('logout_token') ?? ''));
        await unit(async (tx) => {
          const client = await tx.clients.findOne({ clientId: 'orchid-crm' });
          await tx.clients.save(client!, { backchannelLogoutUri: spy.url });
        });
        await subscriber!.deliver(event);
        await spy.close();
        const token = caught[0] ?? '';
        expect(await send(`${token.slice(0, -4)}AAAA`)).toBe(400);
        expect(await send(tokens.id_token!)).toBe(400);
        expect(await send('')).toBe(400);
        expect(await send(token)).toBe(204);
        expect(await send(token)).toBe(400);
      } finally {
        await app.close();
      }
    });
  });

  async function startSpy(heard: (body: string) => void, status = 204) {
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      heard(body);
      response.writeHead(status).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    return {
      url: `http://localhost:${port}/logout`,
      async close() {
        server.close();
        await once(server, 'close');
      },
    };
  }

  describe('back-channel logout', () => {
    async function endedWith(hub: World, status: number) {
      const heard: string[] = [];
      const spy = await startSpy((body) => heard.push(body), status);
      await hub.run(async (tx) => {
        const client = await tx.clients.findOne({ clientId: 'orchid-crm' });
        await tx.clients.save(client!, { backchannelLogoutUri: spy.url });
      });
      await signIn(hub, 'mina@sunrise.example');
      await hub.run((tx) => endSessions(tx, { userId: hub.mina.id, reason: 'test' }));
      const failures = await hub.relay();
      return { heard, failures, spy };
    }

    test('an application that answers with an error is told again', async () => {
      const { heard, failures, spy } = await endedWith(world, 500);
      expect(failures).toHaveLength(1);
      world.clock.advance(60_000);
      expect(await world.relay()).toHaveLength(1);
      expect(heard).toHaveLength(2);
      const jti = heard.map((body) => {
        const token = new URLSearchParams(body).get('logout_token') ?? '';
        return JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()).jti;
      });
      expect(jti[0]).not.toBe(jti[1]);
      await spy.close();
    });

    test('a loopback address that is not allowed hears nothing', async () => {
      const guarded = await startWorld({ dialect, allow: ['203.0.113.0/24'] });
      const { heard, failures, spy } = await endedWith(guarded, 204);
      expect(heard).toEqual([]);
      expect(failures).toHaveLength(1);
      await spy.close();
      await guarded.close();
    });

    test('the event carries no secret, and each application is told once per session', async () => {
      const { heard, spy } = await endedWith(world, 204);
      expect(heard).toHaveLength(1);
      const [event] = world.events.filter(({ type }) => type === 'session.ended');
      expect(Object.keys(event!.payload).sort()).toEqual([
        'clientId',
        'instanceId',
        'reason',
        'sessionId',
        'sid',
        'userId',
      ]);
      await spy.close();
    });
  });
});
