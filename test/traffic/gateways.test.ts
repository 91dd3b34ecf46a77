import { wireTraffic } from '../../src/bootstrap/traffic.js';
import { registerClient, updateClient } from '../../src/core/identity/index.js';
import { createGroup, moveToGroup } from '../../src/core/servicelevels/index.js';
import { createCredentialCache } from '../../src/platform/credential-cache.js';
import { onEveryDialect } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { rawRequest } from '../support/http.js';
import { basic, clientIdOf, gateway, type Names, password, startWorld, type World } from './support/world.js';

onEveryDialect('who may ask, and how', (dialect) => {
  let world: World;
  let names: Names;
  let question: { clientId: string; password: string };
  beforeAll(async () => {
    world = await startWorld(dialect);
    names = world.names();
    await world.chain(names);
    question = { clientId: clientIdOf(names), password };
  });
  afterAll(() => world.close());

  const ask = (authorization: string | undefined, body: unknown = question) =>
    world.post('/traffic/check', { headers: authorization === undefined ? {} : { authorization }, body });

  test('a machine with a level, by its token or by its secret', async () => {
    const { body } = await world.token(gateway.clientId, gateway.secret);
    expect((await ask(`Bearer ${body.access_token}`)).body.allowed).toBe(true);
    expect((await ask(basic(gateway.clientId, gateway.secret))).body.allowed).toBe(true);
  });

  test('nobody else: 401 with a challenge and no word about the instance', async () => {
    for (const authorization of [
      undefined,
      'Bearer x',
      'Bearer a.b.c',
      'Bearer ',
      'Basic',
      'Basic !!!',
      basic('gateway', ''),
      basic('nobody', 'x'),
      basic('gateway', '%'),
      basic(question.clientId, password),
      `Digest ${'x'.repeat(100)}`,
    ]) {
      const answer = await ask(authorization);
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toContain('Basic');
      expect(answer.body.allowed).toBeUndefined();
    }
  });

  test('machines of a tenant, without a level or without hub.read: 403', async () => {
    const { tenantId } = await world.chain(world.names());
    await world.client({ clientId: 'of-tenant', secret: 'a-secret-of-the-tenant', level: null, tenantId });
    await world.client({ clientId: 'no-level', secret: 'a-secret-of-no-level', level: 0 });
    await world.client({ clientId: 'no-scope', secret: 'a-secret-of-no-scope', scopes: [] });
    for (const [clientId, secret] of [
      ['of-tenant', 'a-secret-of-the-tenant'],
      ['no-level', 'a-secret-of-no-level'],
      ['no-scope', 'a-secret-of-no-scope'],
    ] as const) {
      const answer = await ask(basic(clientId, secret));
      expect({ status: answer.status, error: answer.body.error }).toEqual({ status: 403, error: 'forbidden' });
    }
  });

  test('a client for people is none either, though it has a secret and a level: 401', async () => {
    const secretHash = world.hub.clientSecrets.hash('a-secret-for-people');
    await world.run((tx) =>
      registerClient(tx, {
        clientId: 'for-people',
        secretHash,
        level: 1_000,
        grantTypes: ['authorization_code'],
        scopes: ['hub.read'],
        redirectUris: ['http://localhost:4100/callback'],
      }),
    );
    expect((await ask(basic('for-people', 'a-secret-for-people'))).status).toBe(401);
  });

  test('people are no gateways, whatever their level', async () => {
    const { persistence, uow, clock } = world.hub;
    const { trafficLookup: lookup, throttles } = persistence;
    const credentials = createCredentialCache();
    const { check } = wireTraffic({ lookup, throttles, credentials, passwords: world.passwords, units: uow, clock });
    const actor = { kind: 'operator', userId: 'usr_1', name: 'Chief', level: 1_000, ceiling: 1_000 } as const;
    const asked = { actor, requestId: 'test', address: '' };
    await expect(check.password(asked, undefined, 'x')).rejects.toMatchObject({ code: 'forbidden' });
    await expect(check.token(asked, undefined)).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('the answer names the groups whose agreements hold', async () => {
    const own = world.names();
    const { tenantId, applicationId } = await world.chain(own);
    await world.run(async (tx) => {
      const [channelId] = world.channels;
      for (const [memberKind, key, id] of [
        ['tenant', 'gold', tenantId],
        ['application', 'silver', applicationId],
      ] as const) {
        const group = await createGroup(tx, { channelId, memberKind, key }, () => null);
        await moveToGroup(tx, { id, groupId: group.id });
      }
    });
    expect((await world.check({ clientId: clientIdOf(own), password })).body).toMatchObject({
      allowed: true,
      spGroupId: 'gold',
      appGroupId: 'silver',
    });
  });

  test('a gateway that is switched off, or has another secret, is refused within a second', async () => {
    await world.client({ clientId: 'shut', secret: 'a-secret-to-be-changed' });
    const token = (await world.token('shut', 'a-secret-to-be-changed')).body.access_token as string;
    const shown = basic('shut', 'a-secret-to-be-changed');
    expect((await ask(shown)).status).toBe(200);
    expect((await ask(`Bearer ${token}`)).status).toBe(200);
    const begun = performance.now();
    await world.run(async (tx) => {
      const { id, ...client } = (await tx.clients.findOne({ clientId: 'shut' }))!;
      await updateClient(tx, { ...client, id, disabled: true });
    });
    const gone = async () => (await ask(shown)).status === 401 && (await ask(`Bearer ${token}`)).status === 401;
    await eventually(gone, { within: 1_000 - (performance.now() - begun), what: 'the refusal' });
  });

  test.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['null', 'null'],
    ['a list', '[]'],
    ['a text', '"x"'],
    ['no password', '{"clientId":"a/b/c"}'],
    ['no id', '{"password":"x"}'],
    ['half an id', '{"spAccountId":"a","password":"x"}'],
    ['a number', '{"clientId":"a/b/c","password":1}'],
    ['an object', '{"clientId":{"$ne":""},"password":"x"}'],
    ['a list of passwords', '{"clientId":"a/b/c","password":["x","y"]}'],
    ['two questions', '{"clientId":"a/b/c","password":"x","token":"y"}'],
    ['more than was asked', '{"clientId":"a/b/c","password":"x","allowed":true}'],
    ['a prototype', '{"__proto__":{"clientId":"a/b/c"},"password":"x"}'],
    ['a constructor', '{"constructor":{"prototype":{"allowed":true}},"clientId":"a/b/c","password":"x"}'],
  ])('malformed: %s', async (_what, text) => {
    const answer = await world.post('/traffic/check', {
      headers: { authorization: basic(gateway.clientId, gateway.secret), 'content-type': 'application/json' },
      body: text,
    });
    expect(answer.status).toBe(400);
    expect(answer.body.error).toBe('invalid_value');
    expect(answer.body.allowed).toBeUndefined();
  });

  test.each([
    ['twice the same field', 'clientId=a%2Fb%2Fc&password=x&password=y', 400],
    ['a prototype', '__proto__=x&clientId=a%2Fb%2Fc&password=x', 400],
  ])('malformed form: %s', async (_what, text, status) => {
    const answer = await world.post('/traffic/check', {
      headers: {
        authorization: basic(gateway.clientId, gateway.secret),
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: text,
    });
    expect(answer.status).toBe(status);
  });

  test('another type of body: 415; another method: 405; too long: 413, before it is read', async () => {
    const authorization = basic(gateway.clientId, gateway.secret);
    const xml = { headers: { authorization, 'content-type': 'text/xml' }, body: '<x/>' };
    expect((await world.post('/traffic/check', xml)).status).toBe(415);
    const get = await fetch(`${world.publicUrl}/traffic/check`, { headers: { authorization } });
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
    const long = { clientId: 'a/b/c', password: 'x'.repeat(70_000) };
    expect((await ask(authorization, long)).status).toBe(413);
    expect((await ask(undefined, long)).status).toBe(401);
    const announced = [
      'POST /traffic/check HTTP/1.1',
      'Host: localhost',
      `Authorization: ${authorization}`,
      'Content-Type: application/json',
      'Content-Length: 900000000',
    ];
    const port = Number(new URL(world.publicUrl).port);
    const answer = await rawRequest({ port, send: `${announced.join('\r\n')}\r\n\r\n{` });
    expect(answer.status).toBe(413);
  });

  test('a password of any length is an ordinary wrong one', async () => {
    const { body } = await ask(basic(gateway.clientId, gateway.secret), {
      clientId: 'a/b/c',
      password: 'x'.repeat(5_000),
    });
    expect(body).toEqual({ allowed: false, reason: 'credentials' });
    expect((await world.check({ clientId: 'a/b/c', password: '' })).body).toEqual({
      allowed: false,
      reason: 'credentials',
    });
  });

  test('answers are for nobody to keep', async () => {
    expect((await world.check(question)).headers.get('cache-control')).toBe('no-store');
    expect((await ask(undefined)).headers.get('cache-control')).toBe('no-store');
  });
});
