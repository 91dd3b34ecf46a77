import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { TokenEndpointResponse } from 'openid-client';
import * as openid from 'openid-client';
import { endSessions } from '../../src/core/identity/index.js';
import { eventually } from '../support/eventually.js';
import { testDialects } from '../support/mysql.js';
import { openBrowser } from './support/browser.js';
import { backofficeClient, beginSignIn, configure, crmClient, redirectUri, signIn } from './support/flows.js';
import { password, startWorld, type World } from './support/world.js';

describe.each(await testDialects())('on %s', (dialect) => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld({ dialect });
  });
  afterEach(() => world.close());

  const consoleClient = { clientId: 'console' };

  /** Asks the token endpoint as `orchid-crm`, without a library's help. */
  async function tokenRequest(
    form: Record<string, string>,
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const response = await fetch(`${world.issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from('orchid-crm:orchid-secret').toString('base64')}` },
      body: new URLSearchParams(form),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  const works = async (accessToken: string): Promise<boolean> =>
    (await fetch(`${world.issuer}/me`, { headers: { authorization: `Bearer ${accessToken}` } })).status === 200;

  async function codeFor(email: string) {
    const browser = openBrowser();
    const begun = await beginSignIn(world);
    const back = await browser.follow(
      await browser.submit(await browser.open(begun.url), { name: email, password }),
      redirectUri,
    );
    const code = new URL(back.location).searchParams.get('code') ?? '';
    const form = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      code_verifier: begun.checks.pkceCodeVerifier ?? '',
    };
    return { browser, form };
  }

  describe('authorization requests', () => {
    test.each([
      ['no code_challenge', { code_challenge: undefined, code_challenge_method: undefined }],
      ['the plain method', { code_challenge_method: 'plain' }],
    ])('PKCE is demanded of confidential clients too: %s', async (_what, change) => {
      const { url } = await beginSignIn(world, crmClient, change);
      const visit = await openBrowser().get(url);
      expect(new URL(visit.location).searchParams.get('error')).toBe('invalid_request');
    });

    test.each([
      'http://localhost:4100/callback/',
      'http://localhost:4100/callback?x=1',
      'http://localhost:4100/Callback',
      'http://localhost:4101/callback',
      'http://localhost:4100.evil.example/callback',
      'http://localhost:4100@evil.example/callback',
      'https://localhost:4100/callback',
    ])(
      'a redirect URI that is not the registered one to the letter is refused on our page: %s',
      async (redirect_uri) => {
        const { url } = await beginSignIn(world, crmClient, { redirect_uri });
        const visit = await openBrowser().get(url);
        expect(visit.status).toBe(400);
        expect(visit.location).toBe('');
        expect(visit.body).toContain('invalid_redirect_uri');
      },
    );

    test('a redirect URI must be given even when only one is registered', async () => {
      const { url } = await beginSignIn(world, crmClient, { redirect_uri: undefined });
      expect((await openBrowser().get(url)).status).toBe(400);
    });

    test('prompt=none answers without a page, with or without somebody signed in', async () => {
      const nobody = await openBrowser().get((await beginSignIn(world, crmClient, { prompt: 'none' })).url);
      expect(new URL(nobody.location).searchParams.get('error')).toBe('login_required');
      const { browser } = await signIn(world, 'mina@sunrise.example');
      const somebody = await browser.get((await beginSignIn(world, crmClient, { prompt: 'none' })).url);
      expect(new URL(somebody.location).searchParams.has('code')).toBe(true);
    });

    test('prompt=login asks for the password again and moves auth_time', async () => {
      const { browser, tokens } = await signIn(world, 'mina@sunrise.example');
      world.clock.advance(60_000);
      const begun = await beginSignIn(world, crmClient, { prompt: 'login' });
      const page = await browser.open(begun.url);
      expect(page.body).toContain('Please confirm that it is you');
      const back = await browser.follow(
        await browser.submit(page, { name: 'mina@sunrise.example', password }),
        redirectUri,
      );
      const again = await openid.authorizationCodeGrant(begun.config, new URL(back.location), begun.checks);
      expect(Number(again.claims()?.auth_time)).toBeGreaterThan(Number(tokens.claims()?.auth_time));
      expect(again.claims()?.sid).toBe(tokens.claims()?.sid);
    });
  });

  describe('codes', () => {
    test('a code works once; used again, everything that came of it is dead', async () => {
      const { form } = await codeFor('mina@sunrise.example');
      const first = await tokenRequest(form);
      expect(first.status).toBe(200);
      expect(await works(String(first.body.access_token))).toBe(true);
      const second = await tokenRequest(form);
      expect(second.body).toMatchObject({ error: 'invalid_grant' });
      expect(await works(String(first.body.access_token))).toBe(false);
      const refresh = await tokenRequest({
        grant_type: 'refresh_token',
        refresh_token: String(first.body.refresh_token),
      });
      expect(refresh.body).toMatchObject({ error: 'invalid_grant' });
    });

    test('of twenty at the same time at most one gets tokens', async () => {
      const { form } = await codeFor('mina@sunrise.example');
      const answers = await Promise.all(Array.from({ length: 20 }, () => tokenRequest(form)));
      expect(answers.filter((answer) => answer.status === 200).length).toBeLessThanOrEqual(1);
    });

    test('a code is of no use without its verifier or to another client', async () => {
      const { form } = await codeFor('mina@sunrise.example');
      const wrong = await tokenRequest({ ...form, code_verifier: 'a'.repeat(43) });
      expect(wrong.body).toMatchObject({ error: 'invalid_grant' });
      const other = await fetch(`${world.issuer}/token`, {
        method: 'POST',
        body: new URLSearchParams({ ...form, client_id: 'console' }),
      });
      expect(await other.json()).toMatchObject({ error: 'invalid_grant' });
    });

    test('more than a thousand live codes are kept', async () => {
      const { form: first } = await codeFor('mina@sunrise.example');
      const { browser } = await signIn(world, 'mina@sunrise.example');
      const { url } = await beginSignIn(world);
      const { openIdStore } = world.persistence;
      const given: string[] = [];
      for (let round = 0; round < 25; round += 1) {
        given.push(new URL((await browser.get(url)).location).searchParams.get('code') ?? '');
      }
      // what the provider gives out is in the shared store; a thousand more of the same are put there at once
      const sample = await openIdStore.find('AuthorizationCode', given[0]!);
      expect(sample).toMatchObject({ accountId: world.mina.id });
      const more = Array.from({ length: 1_025 }, (_, at) => `code-${at}`);
      await Promise.all(more.map((jti) => openIdStore.upsert('AuthorizationCode', jti, { ...sample, jti }, 60)));
      const kept = await Promise.all([...given, ...more].map((code) => openIdStore.find('AuthorizationCode', code)));
      expect(kept.filter((code) => code !== undefined)).toHaveLength(1_050);
      expect((await tokenRequest(first)).status).toBe(200);
    });
  });

  describe('refresh tokens', () => {
    test('each use gives a new one; the old one used again kills the family', async () => {
      const { tokens, config } = await signIn(world, 'mina@sunrise.example');
      const next = await openid.refreshTokenGrant(config, tokens.refresh_token!);
      expect(next.refresh_token).not.toBe(tokens.refresh_token);
      expect(await works(next.access_token)).toBe(true);
      await expect(openid.refreshTokenGrant(config, tokens.refresh_token!)).rejects.toMatchObject({
        error: 'invalid_grant',
      });
      await expect(openid.refreshTokenGrant(config, next.refresh_token!)).rejects.toMatchObject({
        error: 'invalid_grant',
      });
      expect(await works(next.access_token)).toBe(false);
    });

    test('of ten parallel uses at most one succeeds, and no family survives', async () => {
      const { tokens, config } = await signIn(world, 'mina@sunrise.example');
      const uses = await Promise.allSettled(
        Array.from({ length: 10 }, () => openid.refreshTokenGrant(config, tokens.refresh_token!)),
      );
      const won = uses.flatMap((use) => (use.status === 'fulfilled' ? [use.value] : []));
      expect(won.length).toBeLessThanOrEqual(1);
      for (const { access_token, refresh_token } of won as TokenEndpointResponse[]) {
        expect(await works(access_token)).toBe(false);
        await expect(openid.refreshTokenGrant(config, refresh_token!)).rejects.toMatchObject({
          error: 'invalid_grant',
        });
      }
    });

    test('a person who lost the seat gets no new tokens', async () => {
      const { tokens, config } = await signIn(world, 'mina@sunrise.example');
      await world.run(async (tx) => {
        const [license] = await tx.licenses.findMany({ userId: world.mina.id });
        await tx.licenses.save(license!, { releasedAt: world.clock.now(), liveKey: license!.id });
      });
      await expect(openid.refreshTokenGrant(config, tokens.refresh_token!)).rejects.toMatchObject({
        error: 'invalid_grant',
      });
      expect(await works(tokens.access_token)).toBe(false);
    });
  });

  describe('revocation and introspection', () => {
    test('a revoked refresh token takes its access token with it', async () => {
      const { tokens, config } = await signIn(world, 'mina@sunrise.example');
      expect(await openid.tokenIntrospection(config, tokens.access_token)).toMatchObject({
        active: true,
        sub: world.mina.id,
        client_id: 'orchid-crm',
      });
      await openid.tokenRevocation(config, tokens.refresh_token!);
      expect(await openid.tokenIntrospection(config, tokens.access_token)).toMatchObject({ active: false });
      expect(await works(tokens.access_token)).toBe(false);
    });

    test("another client neither revokes nor looks into somebody's token", async () => {
      const { tokens } = await signIn(world, 'mina@sunrise.example');
      await world.run((tx) =>
        tx.clients.insert({ ...world.crm, id: world.ids.next('client'), clientId: 'other', applicationId: '' }),
      );
      const other = await configure(world, { clientId: 'other', secret: 'orchid-secret' });
      expect(await openid.tokenIntrospection(other, tokens.access_token)).toMatchObject({ active: false });
      await openid.tokenRevocation(other, tokens.access_token).catch(() => {});
      expect(await works(tokens.access_token)).toBe(true);
    });
  });

  describe('bearer tokens of the GraphQL API', () => {
    test('a machine gets a signed token with at most its own scopes', async () => {
      const config = await configure(world, backofficeClient);
      const tokens = await openid.clientCredentialsGrant(config, { scope: 'hub.read' });
      expect(tokens.access_token.split('.')).toHaveLength(3);
      expect(tokens.expires_in).toBeLessThanOrEqual(300);
      expect(await world.sso.authenticateBearer(tokens.access_token)).toEqual({
        kind: 'client',
        clientId: 'backoffice',
        level: 1000,
        tenantId: null,
        ceiling: 333,
      });
      const all = await openid.clientCredentialsGrant(config);
      expect(await world.sso.authenticateBearer(all.access_token)).toMatchObject({ ceiling: 666 });
      await expect(openid.clientCredentialsGrant(config, { scope: 'hub.admin' })).rejects.toMatchObject({
        error: 'invalid_scope',
      });
      await expect(
        openid.clientCredentialsGrant(config, { resource: 'https://elsewhere.example/' }),
      ).rejects.toMatchObject({ error: 'invalid_target' });
    });

    test('a wrong secret is refused, and after thirty of them the address waits', async () => {
      const ask = (secret: string) =>
        fetch(`${world.issuer}/token`, {
          method: 'POST',
          headers: { authorization: `Basic ${Buffer.from(`backoffice:${secret}`).toString('base64')}` },
          body: new URLSearchParams({ grant_type: 'client_credentials' }),
        });
      expect((await ask('wrong')).status).toBe(401);
      for (let round = 1; round < 30; round += 1) await ask('wrong');
      await eventually(async () => (await ask('backoffice-secret')).status === 429, { what: 'a refusal by address' });
      world.clock.advance(6 * 60_000);
      expect((await ask('backoffice-secret')).status).toBe(200);
    });

    test('a disabled client and a revoked one are refused at once', async () => {
      const config = await configure(world, backofficeClient);
      const { access_token } = await openid.clientCredentialsGrant(config);
      await world.sso.authenticateBearer(access_token);
      world.sso.revoked([{ kind: 'client', id: 'backoffice' }]);
      await expect(world.sso.authenticateBearer(access_token)).rejects.toMatchObject({ code: 'token_invalid' });
    });

    test('another secret voids what was signed for the old one, at once and without a word from anybody', async () => {
      const config = await configure(world, backofficeClient);
      const { access_token } = await openid.clientCredentialsGrant(config);
      await world.run(async (tx) => {
        const client = await tx.clients.findOne({ clientId: 'backoffice' });
        await tx.clients.save(client!, { secretHash: world.hashSecret('another secret') });
      });
      await expect(world.sso.authenticateBearer(access_token)).rejects.toMatchObject({ code: 'token_invalid' });
      const renewed = await configure(world, { ...backofficeClient, secret: 'another secret' });
      const fresh = await openid.clientCredentialsGrant(renewed);
      expect(await world.sso.authenticateBearer(fresh.access_token)).toMatchObject({ kind: 'client' });
    });

    test('a token asked for right after a revocation is good', async () => {
      const config = await configure(world, backofficeClient);
      const at = world.clock.now();
      world.sso.revoked([{ kind: 'client', id: 'backoffice', at }]);
      world.clock.advance(1);
      const { access_token } = await openid.clientCredentialsGrant(config);
      expect(await world.sso.authenticateBearer(access_token)).toMatchObject({ kind: 'client' });
    });

    test('a role in one instance gives no power over the tenant', async () => {
      const { mina, tenant, minaMembership } = world;
      await world.run(async (tx) => {
        const present = await tx.memberships.lock(minaMembership.id);
        expect(present?.instanceId).not.toBe('');
        await tx.memberships.save(present!, { roles: ['ADMIN'] });
      });
      const change = { redirect_uri: 'http://localhost:4200/', scope: 'openid hub.read hub.admin' };
      const { tokens } = await signIn(world, 'mina@sunrise.example', { client: consoleClient, change });
      expect(await world.sso.authenticateBearer(tokens.access_token)).toMatchObject({
        kind: 'user',
        userId: mina.id,
        grants: [{ tenantId: tenant.id, roles: ['MEMBER'] }],
      });
    });

    test.each([
      ['nothing', () => ''],
      ['noise', () => 'x'.repeat(60)],
      [
        'alg none',
        (token: string) => `${btoa('{"alg":"none","typ":"at+jwt"}').replaceAll('=', '')}.${token.split('.')[1]}.`,
      ],
      [
        'a changed payload',
        (token: string) => {
          const [head, body, signature] = token.split('.');
          const payload = JSON.parse(Buffer.from(body!, 'base64url').toString());
          return `${head}.${Buffer.from(JSON.stringify({ ...payload, scope: 'hub.admin' })).toString('base64url')}.${signature}`;
        },
      ],
      ['endless text', () => 'x'.repeat(100_000)],
    ])('%s is refused', async (_what, forge) => {
      const { access_token } = await openid.clientCredentialsGrant(await configure(world, backofficeClient));
      await expect(world.sso.authenticateBearer(forge(access_token))).rejects.toMatchObject({ code: 'token_invalid' });
    });

    test('an ID token is no bearer token', async () => {
      const { tokens } = await signIn(world, 'mina@sunrise.example');
      await expect(world.sso.authenticateBearer(tokens.id_token!)).rejects.toMatchObject({ code: 'token_invalid' });
      await expect(world.sso.authenticateBearer(tokens.access_token)).rejects.toMatchObject({ code: 'token_invalid' });
    });

    test('people get opaque tokens; operators act by level, others by their memberships', async () => {
      const change = { redirect_uri: 'http://localhost:4200/', scope: 'openid hub.read hub.admin' };
      const chief = await signIn(world, 'chief@hub.example', { client: consoleClient, change });
      expect(chief.tokens.access_token).not.toContain('.');
      expect(await world.sso.authenticateBearer(chief.tokens.access_token)).toEqual({
        kind: 'operator',
        userId: world.chief.id,
        name: 'Chief',
        level: 1000,
        ceiling: 1000,
      });
      const mina = await signIn(world, 'mina@sunrise.example', { client: consoleClient, change });
      expect(await world.sso.authenticateBearer(mina.tokens.access_token)).toMatchObject({
        kind: 'user',
        grants: [{ tenantId: world.tenant.id, roles: ['MEMBER'] }],
        ceiling: 1000,
      });
    });

    test('stopping a person ends tokens that were verified a moment before', async () => {
      const change = { redirect_uri: 'http://localhost:4200/', scope: 'openid hub.read' };
      const { tokens } = await signIn(world, 'chief@hub.example', { client: consoleClient, change });
      await world.sso.authenticateBearer(tokens.access_token);
      await world.run((tx) => endSessions(tx, { userId: world.chief.id, reason: 'disabled' }));
      await world.hearRevocations();
      await expect(world.sso.authenticateBearer(tokens.access_token)).rejects.toMatchObject({ code: 'token_invalid' });
    });
  });

  describe('signing keys', () => {
    test('a new key is published before it signs, and the old one after it stopped', async () => {
      const published = async (): Promise<string[]> => {
        const { keys } = (await (await fetch(`${world.issuer}/jwks`)).json()) as {
          keys: { kid: string; d?: string }[];
        };
        expect(keys.every((key) => key.d === undefined)).toBe(true);
        return keys.map((key) => key.kid);
      };
      const kidOf = (token: string): string =>
        JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()).kid;
      const config = await configure(world, backofficeClient);
      const first = (await published())[0];
      const { kid: second } = await world.sso.rotateKeys();
      await world.sso.reloadKeys();
      expect(new Set(await published())).toEqual(new Set([first, second]));
      expect(kidOf((await openid.clientCredentialsGrant(config)).access_token)).toBe(first);

      world.clock.advance(61 * 60_000);
      await world.sso.reloadKeys();
      expect(kidOf((await openid.clientCredentialsGrant(config)).access_token)).toBe(second);
      expect(new Set(await published())).toEqual(new Set([first, second]));

      world.clock.advance(3 * 60 * 60_000);
      await world.sso.reloadKeys();
      expect(await published()).toEqual([second]);
    });
  });
});
