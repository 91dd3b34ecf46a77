import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as openid from 'openid-client';
import { openBrowser } from './support/browser.js';
import { beginSignIn, configure, crmClient, redirectUri, signIn } from './support/flows.js';
import { marketplaceLogin } from './support/marketplace.js';
import { password, startWorld, type World } from './support/world.js';

interface Raw {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

describe('attacks', () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  /** A request as it is written, paths and headers untouched. */
  function raw(path: string, options: { method?: string; headers?: Record<string, string>; body?: string } = {}) {
    return new Promise<Raw>((resolve, reject) => {
      const { method = 'GET', headers = {}, body } = options;
      const sent = httpRequest({ host: '127.0.0.1', port: world.port, path, method, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  const basic = (clientId: string, secret: string) => ({ authorization: `Basic ${btoa(`${clientId}:${secret}`)}` });
  const formType = { 'content-type': 'application/x-www-form-urlencoded' };
  const postToken = (body: string, headers: Record<string, string> = basic('orchid-crm', 'orchid-secret')) =>
    raw('/oidc/token', { method: 'POST', headers: { ...formType, ...headers }, body });

  async function errorOf(change: Record<string, string>, browser = openBrowser()): Promise<string | null> {
    const { url } = await beginSignIn(world, crmClient, change);
    const { location, body } = await browser.get(url);
    if (location === '') return /<code>([^<]+)/.exec(body)?.[1] ?? null;
    const at = new URL(location);
    return at.searchParams.get('error') ?? new URLSearchParams(at.hash.slice(1)).get('error');
  }

  describe('authorization requests', () => {
    test.each([
      ['request', { request: 'eyJhbGciOiJub25lIn0.e30.' }, 'request_not_supported'],
      ['request_uri', { request_uri: 'https://evil.example/r' }, 'request_uri_not_supported'],
      ['another response type', { response_type: 'code id_token' }, 'unsupported_response_type'],
      ['the implicit flow', { response_type: 'token' }, 'unsupported_response_type'],
      ['an unknown response mode', { response_mode: 'web_message' }, 'unsupported_response_mode'],
      ['a page with a script (form_post)', { response_mode: 'form_post' }, 'unsupported_response_mode'],
      ['a JARM response', { response_mode: 'jwt' }, 'unsupported_response_mode'],
      ['an empty challenge', { code_challenge: '' }, 'invalid_request'],
      ['a short challenge', { code_challenge: 'short' }, 'invalid_request'],
      ['another resource', { resource: 'https://elsewhere.example/' }, 'invalid_target'],
      ['prompt=none beside login', { prompt: 'none login' }, 'invalid_request'],
      ['an unknown prompt', { prompt: 'create' }, 'invalid_request'],
      ['a negative age', { max_age: '-1' }, 'invalid_request'],
      ['an id_token_hint made up', { id_token_hint: 'a.b.c', prompt: 'none' }, 'invalid_request'],
    ])('%s is refused', async (_what, change: Record<string, string>, error) => {
      expect(await errorOf(change)).toBe(error);
    });

    test('no page of the library reaches a browser, signed in or not, whatever else is wrong', async () => {
      const { browser } = await signIn(world, 'mina@sunrise.example');
      for (const change of [{}, { scope: 'openid hub.admin' }, { prompt: 'none' }] as Record<string, string>[]) {
        const { url } = await beginSignIn(world, crmClient, { response_mode: 'form_post', ...change });
        for (const visit of [await browser.get(url), await openBrowser().get(url)]) {
          expect(visit.status).toBe(400);
          expect(visit.body).not.toMatch(/<script|name="code"/);
          expect(visit.headers.get('content-security-policy')).toContain("default-src 'none'");
        }
      }
    });

    test('redirects reach a real browser, whose Accept header asks for HTML', async () => {
      const accept = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };
      const { url } = await beginSignIn(world);
      const asked = await openBrowser().get(url, accept);
      expect([asked.status, asked.location]).toEqual([303, expect.stringContaining('/signin?')]);
      const { browser } = await signIn(world, 'mina@sunrise.example');
      const back = await browser.get(url, accept);
      expect([back.status, back.location]).toEqual([303, expect.stringContaining(`${redirectUri}?code=`)]);
    });

    test('the claims parameter brings nothing a scope does not', async () => {
      const claims = JSON.stringify({
        id_token: { email: { essential: true }, name: null },
        userinfo: { email: null },
      });
      const change = { claims, scope: 'openid' };
      const { tokens, config } = await signIn(world, 'mina@sunrise.example', { change });
      expect(tokens.claims()).not.toHaveProperty('email');
      expect(await openid.fetchUserInfo(config, tokens.access_token, world.mina.id)).not.toHaveProperty('email');
    });

    test('hub scopes are not for clients that were not registered for them, nor by the resource parameter', async () => {
      const resource = `${world.publicUrl}/graphql`;
      for (const change of [{}, { resource }] as Record<string, string>[]) {
        const error = await errorOf(
          { scope: 'openid hub.admin', ...change },
          (await signIn(world, 'mina@sunrise.example')).browser,
        );
        expect(error).toBe('invalid_scope');
      }
      const { tokens } = await signIn(world, 'mina@sunrise.example', { change: { scope: 'openid', resource } });
      await expect(world.sso.authenticateBearer(tokens.access_token)).resolves.toMatchObject({ ceiling: 0 });
    });

    test('max_age=0 and an old sign-in ask for the password again, also before an answer to prompt=none', async () => {
      world.clock.advance(-120_000);
      const { browser } = await signIn(world, 'mina@sunrise.example');
      world.clock.advance(120_000);
      expect(await errorOf({ prompt: 'none', max_age: '60' }, browser)).toBe('login_required');
      const page = await browser.open((await beginSignIn(world, crmClient, { max_age: '60' })).url, redirectUri);
      expect(page.body).toContain('Please confirm that it is you');
      expect(await errorOf({ prompt: 'none', max_age: '3600' }, browser)).toBeNull();
    });

    test('a fragment answer goes to the registered address and nowhere else', async () => {
      const { browser } = await signIn(world, 'mina@sunrise.example');
      const { url } = await beginSignIn(world, crmClient, { response_mode: 'fragment' });
      expect((await browser.get(url)).location).toMatch(/^http:\/\/localhost:4100\/callback#/);
    });

    test('a parameter given twice is refused', async () => {
      const { url } = await beginSignIn(world);
      for (const twice of ['redirect_uri=https%3A%2F%2Fevil.example%2F', 'client_id=console', 'scope=openid']) {
        const visit = await openBrowser().get(`${url}&${twice}`);
        expect(visit.location).not.toContain('evil.example');
        expect(`${visit.location}${visit.body}`).toContain('invalid_request');
      }
    });
  });

  describe('the token endpoint', () => {
    test.each(['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD'])('%s gives nothing', async (method) => {
      const query = 'grant_type=client_credentials&client_id=backoffice&client_secret=backoffice-secret';
      const { status, body } = await raw(`/oidc/token?${query}`, { method });
      expect(status).toBe(404);
      expect(body).not.toContain('access_token');
    });

    test.each([
      ['a parameter twice', 'grant_type=client_credentials&grant_type=refresh_token', 400],
      ['credentials in two ways', 'grant_type=client_credentials&client_secret=backoffice-secret', 400],
      ['a foreign client_id', 'grant_type=client_credentials&client_id=orchid-crm', 400],
      ['an unknown grant', 'grant_type=password&username=mina@sunrise.example&password=x', 400],
      ['JSON', '{"grant_type":"client_credentials"}', 400],
      ['a body of a megabyte', `grant_type=client_credentials&x=${'x'.repeat(1_048_576)}`, 400],
      ['a polluting name', '__proto__[x]=1&constructor=1&grant_type=client_credentials&grant_type=x', 400],
    ])('%s is refused', async (what, body, status) => {
      const headers = { ...basic('backoffice', 'backoffice-secret') };
      if (what === 'JSON') Object.assign(headers, { 'content-type': 'application/json' });
      const answer = await postToken(body, headers).catch((error: NodeJS.ErrnoException) => ({
        status: error.code === 'EPIPE' || error.code === 'ECONNRESET' ? 400 : 0,
        headers: { 'cache-control': 'no-store' },
        body: '',
      }));
      expect(answer.status).toBe(status);
      expect(answer.body).not.toMatch(/access_token|at .*\.js|node_modules/);
      expect(answer.headers['cache-control']).toContain('no-store');
    });

    test('a refresh token never brings more than was granted', async () => {
      const change = { redirect_uri: 'http://localhost:4200/', scope: 'openid offline_access hub.read' };
      const { tokens, config } = await signIn(world, 'mina@sunrise.example', {
        client: { clientId: 'console' },
        change,
      });
      for (const scope of ['openid hub.admin', 'hub.write']) {
        const more = await openid.refreshTokenGrant(config, tokens.refresh_token!, { scope }).catch((error) => error);
        expect(more).toMatchObject({ error: 'invalid_scope' });
      }
      const same = await openid.refreshTokenGrant(config, tokens.refresh_token!);
      expect(await world.sso.authenticateBearer(same.access_token)).toMatchObject({ ceiling: 333 });
    });

    test('a refresh token of one client is worth nothing to another', async () => {
      const { tokens } = await signIn(world, 'mina@sunrise.example');
      const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token! });
      body.set('client_id', 'console');
      const answer = await postToken(body.toString(), {});
      expect(JSON.parse(answer.body)).toMatchObject({ error: 'invalid_grant' });
    });

    test('people do not get machine tokens, machines no codes', async () => {
      const machine = await postToken('grant_type=client_credentials');
      expect(JSON.parse(machine.body)).toMatchObject({ error: 'invalid_request' });
      const code = `grant_type=authorization_code&code=x&redirect_uri=${encodeURIComponent(redirectUri)}&code_verifier=${'a'.repeat(43)}`;
      const person = await postToken(code, basic('backoffice', 'backoffice-secret'));
      expect(JSON.parse(person.body)).toMatchObject({ error: 'invalid_request' });
    });

    test('a public client does not become a confidential one, nor the other way round', async () => {
      const { tokens } = await signIn(world, 'mina@sunrise.example');
      const form = `grant_type=refresh_token&client_id=orchid-crm&refresh_token=${tokens.refresh_token}`;
      for (const headers of [{}, basic('orchid-crm', '')]) {
        expect((await postToken(form, headers)).status).toBeGreaterThanOrEqual(400);
      }
      expect((await postToken(form.concat('&client_secret='), {})).status).toBe(401);
    });
  });

  describe('introspection and revocation', () => {
    test('neither answers a public client or nobody', async () => {
      const { tokens } = await signIn(world, 'mina@sunrise.example');
      for (const path of ['/oidc/token/introspection', '/oidc/token/revocation']) {
        const body = `token=${tokens.access_token}`;
        expect((await raw(path, { method: 'POST', headers: formType, body })).status).toBe(400);
        const stranger = await raw(path, { method: 'POST', headers: { ...formType, ...basic('x', 'y') }, body });
        expect(stranger.status).toBe(401);
      }
      const config = await configure(world);
      expect(await openid.tokenIntrospection(config, tokens.access_token)).toMatchObject({ active: true });
    });

    test('a public client reads its own token at most', async () => {
      const { tokens } = await signIn(world, 'mina@sunrise.example');
      const body = `token=${tokens.access_token}&client_id=console`;
      const answer = await raw('/oidc/token/introspection', { method: 'POST', headers: formType, body });
      expect(JSON.parse(answer.body)).not.toMatchObject({ active: true });
    });
  });

  describe('names of the host', () => {
    const lies = {
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      'x-forwarded-for': '127.0.0.1',
      forwarded: 'host=evil.example;proto=https',
      'x-original-url': '/admin',
    };

    test.each([
      '/oidc/.well-known/openid-configuration',
      '/oidc/jwks',
      '/signin',
      '/signin/sign-out',
      '/signin/not-entitled',
      '/oidc/session/end',
      '/oidc/auth?client_id=orchid-crm',
      '/oidc/nothing-here',
    ])('bend no link and no redirect: %s', async (path) => {
      const { headers, body } = await raw(path, { headers: lies });
      expect(JSON.stringify(headers) + body).not.toContain('evil.example');
    });

    test('nor the link of a message', async () => {
      const browser = openBrowser();
      const page = await browser.get(`${world.publicUrl}/signin/forgot`);
      const cookie = `mercator_csrf=${browser.cookie(world.publicUrl, 'mercator_csrf')}`;
      const csrf = /name="csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
      const body = new URLSearchParams({ csrf, name: 'mina@sunrise.example' }).toString();
      await raw('/signin/forgot', { method: 'POST', headers: { ...formType, ...lies, cookie }, body });
      await world.relay();
      expect(world.mails[0]?.text).toContain(`${world.publicUrl}/signin/set-password?t=`);
    });

    test('nor where an authorization request goes on', async () => {
      const { url } = await beginSignIn(world);
      const at = new URL(url);
      const { headers } = await raw(`${at.pathname}${at.search}`, { headers: lies });
      expect(new URL(String(headers.location), world.publicUrl).origin).toBe(world.publicUrl);
    });
  });

  describe('pages', () => {
    const pages = [
      '/signin',
      '/signin?to=%2Foidc%2Fauth%3Fclient_id%3Dorchid-crm',
      '/signin?instance=ins_nobody',
      '/signin/sign-out',
      '/signin/signed-out',
      '/signin/not-entitled',
      '/signin/forgot',
      '/signin/set-password?t=x',
      '/sso/ncbs/enter?t=x',
      '/oidc/auth',
      '/oidc/session/end?post_logout_redirect_uri=https://evil.example/',
    ];

    test.each(pages)('%s is never cached, framed, scripted or told about', async (path) => {
      const { headers, body } = await raw(path);
      expect(headers['cache-control']).toContain('no-store');
      expect(headers['content-security-policy']).toMatch(/default-src 'none'.*frame-ancestors 'none'; base-uri 'none'/);
      expect(headers['content-security-policy']).not.toMatch(/unsafe|script-src|\*/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(body).not.toMatch(/<script|javascript:|style="| on\w+="/i);
    });

    const markup = `"'><img src=x onerror=alert(1)>`;

    test.each(['lang', 'to', 'instance', 't', 'again', 'client_id', 'state', 'error_description', 'x"onload="y'])(
      'what stands in the parameter %s is text',
      async (name) => {
        const query = `${encodeURIComponent(name)}=${encodeURIComponent(markup)}`;
        for (const path of ['/signin', '/signin/forgot', '/signin/signed-out', '/oidc/auth', '/oidc/session/end']) {
          const { headers, body } = await raw(`${path}?${query}`);
          expect(body).not.toMatch(/<img| onload="/);
          expect(JSON.stringify(headers)).not.toContain('<img');
        }
      },
    );

    test('what names of people, instances and applications contain is text', async () => {
      await world.run(async (tx) => {
        await tx.users.save((await tx.users.find(world.mina.id))!, { displayName: markup });
        await tx.instances.save((await tx.instances.find(world.instance.id))!, { name: markup });
        await tx.clients.save((await tx.clients.find(world.console.id))!, { name: markup });
      });
      const { browser } = await signIn(world, 'mina@sunrise.example');
      const { url: other } = await marketplaceLogin(world, { userId: world.theo.id });
      const seen = [
        await browser.get(`${world.publicUrl}/signin`),
        await openBrowser().get(`${world.publicUrl}/signin?instance=${world.instance.id}`),
        await browser.get(other),
        await openBrowser().open(
          (await beginSignIn(world, { clientId: 'console' }, { redirect_uri: 'http://localhost:4200/' })).url,
        ),
      ];
      for (const { body } of seen) {
        expect(body).toContain('&lt;img');
        expect(body).not.toContain('<img');
      }
    });

    test('an access URL that is not a web address is never a target', async () => {
      await world.run(async (tx) => {
        await tx.instances.save((await tx.instances.find(world.instance.id))!, { accessUrl: 'javascript:alert(1)' });
      });
      const browser = openBrowser();
      const page = await browser.get(`${world.publicUrl}/signin?instance=${world.instance.id}`);
      const visit = await browser.submit(page, { name: 'mina', password });
      expect(visit.headers.get('location')).toBe('/signin');
    });

    test.each(['PUT', 'DELETE', 'PATCH', 'TRACE', 'OPTIONS', 'PROPFIND'])('%s does nothing', async (method) => {
      for (const path of ['/signin', '/signin/password', '/sso/ncbs/enter', '/oidc/session/end', '/oidc/auth']) {
        const { status, body } = await raw(path, { method });
        expect([204, 400, 404, 405, 501]).toContain(status);
        expect(body).not.toMatch(/node_modules|at .*\.js/);
      }
    });

    test('HEAD and prefetching end no session and use no link up', async () => {
      const { browser, tokens } = await signIn(world, 'mina@sunrise.example');
      const cookie = `mercator_session=${browser.cookie(world.publicUrl, 'mercator_session')}`;
      const path = `/oidc/session/end?id_token_hint=${tokens.id_token}`;
      await raw(path, { method: 'HEAD', headers: { cookie } });
      await raw(path, { headers: { cookie, 'sec-purpose': 'prefetch' } });
      expect((await browser.get(`${world.publicUrl}/signin`)).body).toContain('Mina Sato');
      const { url } = await marketplaceLogin(world);
      const at = new URL(url);
      for (const headers of [
        { 'x-moz': 'prefetch' },
        { purpose: 'prefetch' },
        { 'sec-purpose': 'prefetch;prerender' },
      ] as Record<string, string>[])
        await raw(`${at.pathname}${at.search}`, { headers });
      await raw(`${at.pathname}${at.search}`, { method: 'HEAD' });
      expect((await openBrowser().get(url)).status).toBe(303);
    });

    test.each([
      '/oidc/../signin/sign-out',
      '/oidc/%2e%2e/signin',
      '/oidc//auth',
      '//evil.example/signin',
      '/oidc//evil.example/%2f..',
      '/signin/..;/signin',
      '/oidc/auth/../token',
      '/oidc/%61uth?client_id=orchid-crm',
      '/oidc%2fauth',
      '/oidc/auth/nothing',
      '/signin/%00',
      '/signin/%zz',
    ])('an odd path leads nowhere: %s', async (path) => {
      const { status, headers, body } = await raw(path);
      expect(status).toBeLessThan(500);
      const location = headers.location;
      if (location !== undefined) expect(new URL(location, world.publicUrl).origin).toBe(world.publicUrl);
      expect(body).not.toMatch(/node_modules|at .*\.js/);
    });

    test('a body that is no form, or far too long, gets a page and no details', async () => {
      for (const [type, body] of [
        ['application/json', '{"name":"x"}'],
        ['text/xml', '<!DOCTYPE x><x/>'],
        ['multipart/form-data; boundary=x', '--x--'],
        ['application/x-www-form-urlencoded', `name=${'x'.repeat(20_000)}`],
      ] as const) {
        const answer = await raw('/signin/password', { method: 'POST', headers: { 'content-type': type }, body });
        expect([413, 415]).toContain(answer.status);
        expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
        expect(answer.headers['cache-control']).toBe('no-store');
        expect(answer.body).not.toMatch(/FST_|node_modules|at .*\.js/);
      }
      const long = { method: 'POST', headers: formType, body: `x=${'x'.repeat(20_000)}` };
      expect((await raw('/oidc/session/end', long)).status).toBe(413);
    });
  });

  describe('secrets', () => {
    test('of a set-password link: of fifty uses at once one sets the password', async () => {
      const browser = openBrowser();
      await browser.submit(await browser.get(`${world.publicUrl}/signin/forgot`), { name: 'mina@sunrise.example' });
      await world.relay();
      const url = /http\S+set-password\?t=\S+/.exec(world.mails.at(-1)?.text ?? '')?.[0] ?? '';
      const page = await browser.get(url);
      const before = await world.run((tx) => tx.users.find(world.mina.id));
      const tries = Array.from({ length: 50 }, (_, at) => `number ${at} of fifty passwords`);
      const answers = await Promise.all(
        tries.map((text) => browser.submit(page, { password: text, repeat: text }).catch(() => undefined)),
      );
      const set = answers.filter((answer) => answer?.body.includes('Your password is set'));
      expect(set).toHaveLength(1);
      const after = await world.run((tx) => tx.users.find(world.mina.id));
      expect(after?.credentialVersion).toBe(before!.credentialVersion + 1);
      for (const answer of answers) expect([200, 403, 503]).toContain(answer?.status);
    });
  });
});
