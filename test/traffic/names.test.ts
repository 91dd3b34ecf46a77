import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import { parseTrafficClientId, trafficClientIdOf } from '../../src/core/provisioning/index.js';
import { onEveryDialect } from '../support/databases.js';
import { basic, password, startWorld, type World } from './support/world.js';

describe('a traffic client id', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 });
  const channel = fc.stringMatching(/^[a-z0-9-]{0,20}$/);

  it('is read back as what it was made of', () => {
    fc.assert(
      fc.property(channel, text, text, text, (on, provider, application, instance) => {
        const name = { channel: on, provider, application, instance };
        expect(parseTrafficClientId(trafficClientIdOf(name))).toEqual(name);
      }),
    );
  });

  it.each([
    ['a/b/c', { channel: '', provider: 'a', application: 'b', instance: 'c' }],
    ['second:a/b/c', { channel: 'second', provider: 'a', application: 'b', instance: 'c' }],
    ['a%2fb/c%20d/e%3Af', { channel: '', provider: 'a/b', application: 'c d', instance: 'e:f' }],
    ['é/ü/c:d', { channel: '', provider: 'é', application: 'ü', instance: 'c:d' }],
  ])('%s is read', (id, name) => {
    expect(parseTrafficClientId(id)).toEqual(name);
  });

  it.each([
    '',
    'a',
    'a/b',
    'a/b/c/d',
    'a//c',
    '/b/c',
    'a/b/',
    'x:y:a/b/c',
    ':a/b/c',
    'a%/b/c',
    '%ff/b/c',
    '\ud800/b/c',
    `${'a'.repeat(9_000)}/b/c`,
  ])('%j is none', (id) => {
    expect(parseTrafficClientId(id)).toBeUndefined();
  });
});

onEveryDialect('the ways to say id and password', (dialect) => {
  let world: World;
  const odd = { sp: 'Acmé/Spain: 100%', app: "o'app+1", inst: 'prod #1?&=' };
  const oddId = "Acm%C3%A9%2FSpain%3A%20100%25/o'app%2B1/prod%20%231%3F%26%3D";
  let oddInstance: string;
  let plain: string;
  let second: string;
  beforeAll(async () => {
    world = await startWorld(dialect);
    oddInstance = (await world.chain(odd)).instanceId;
    plain = (await world.chain({ sp: 'acme', app: 'crm', inst: 'prod' })).instanceId;
    second = (await world.chain({ sp: 'acme', app: 'crm', inst: 'prod' }, { channel: 1 })).instanceId;
  });
  afterAll(() => world.close());

  const form = (fields: Record<string, string>) => new URLSearchParams({ grant_type: 'client_credentials', ...fields });

  async function instanceOf(answer: { status: number; body: { access_token?: string } }): Promise<unknown> {
    expect(answer.status).toBe(200);
    return (await world.check({ token: answer.body.access_token })).body.instanceId;
  }

  const shown = (authorization: string) => world.post('/oidc/token', { headers: { authorization }, body: form({}) });

  test('the form: every segment percent-encoded', () => {
    expect(trafficClientIdOf({ channel: '', provider: odd.sp, application: odd.app, instance: odd.inst })).toBe(oddId);
  });

  test('HTTP Basic as OAuth has it: both parts form-encoded once more', async () => {
    expect(await instanceOf(await world.token(oddId, password))).toBe(oddInstance);
    expect(await instanceOf(await world.token('acme/crm/prod', password))).toBe(plain);
    const plus = basic(encodeURIComponent(oddId).replaceAll('%20', '+'), password);
    expect(await instanceOf(await shown(plus))).toBe(oddInstance);
  });

  test('HTTP Basic as `curl -u` has it: the id as it is', async () => {
    expect(await instanceOf(await shown(basic(oddId, password)))).toBe(oddInstance);
    expect(await instanceOf(await shown(basic('acme/crm/prod', password)))).toBe(plain);
    expect(
      await instanceOf(
        await shown(basic("Acm\u00e9%2FSpain: 100%25/o'app+1/prod #1?&=".replace(':', '%3A'), password)),
      ),
    ).toBe(oddInstance);
  });

  test('in the form (client_secret_post)', async () => {
    const sent = await world.post('/oidc/token', { body: form({ client_id: oddId, client_secret: password }) });
    expect(await instanceOf(sent)).toBe(oddInstance);
  });

  test('passwords keep their letters, whichever way they are sent', async () => {
    const strange = 'p%41ss+ wörd:ß€';
    const names = { sp: 'strange', app: 'a', inst: 'i' };
    const { instanceId } = await world.chain(names);
    await world.setPassword(instanceId, strange);
    const id = 'strange/a/i';
    expect(await instanceOf(await shown(basic(id, strange)))).toBe(instanceId);
    expect(await instanceOf(await world.token(id, strange))).toBe(instanceId);
    const sent = await world.post('/oidc/token', { body: form({ client_id: id, client_secret: strange }) });
    expect(await instanceOf(sent)).toBe(instanceId);
    expect((await shown(basic(id, 'pAss+ wörd:ß€'))).status).toBe(401);
    expect((await world.check({ clientId: id, password: strange })).body.instanceId).toBe(instanceId);
  });

  test('a later channel is named in front; the same names on two channels are two instances', async () => {
    expect(await instanceOf(await world.token('second:acme/crm/prod', password))).toBe(second);
    expect(await instanceOf(await shown(basic('second%3Aacme%2Fcrm%2Fprod', password)))).toBe(second);
    expect(await instanceOf(await world.token('gatekeeper:acme/crm/prod', password))).toBe(plain);
    for (const channel of ['carrier', 'nobody', 'SECOND', 'second ']) {
      expect((await world.token(`${channel}:acme/crm/prod`, password)).status).toBe(401);
    }
  });

  test('the first channel stays the first when it is switched off', async () => {
    await world.run(async (tx) => {
      const channel = (await tx.channels.find(world.channels[0]))!;
      await tx.channels.save(channel, { disabledAt: tx.now });
    });
    expect((await world.check({ clientId: 'acme/crm/prod', password })).body).toMatchObject({
      instanceId: plain,
      channel: 'gatekeeper',
    });
  });

  test('gateways may say the three ids one by one, and in a form', async () => {
    const ids = { spAccountId: odd.sp, appAccountId: odd.app, appInstGroupId: odd.inst };
    expect((await world.check({ ...ids, password })).body).toMatchObject({
      allowed: true,
      instanceId: oddInstance,
      ...ids,
    });
    const sent = new URLSearchParams({
      spAccountId: 'acme',
      appAccountId: 'crm',
      appInstGroupId: 'prod',
      channel: 'second',
      password,
    });
    expect((await world.check(sent)).body).toMatchObject({ allowed: true, instanceId: second, channel: 'second' });
    expect((await world.check(new URLSearchParams({ clientId: oddId, password }))).body.instanceId).toBe(oddInstance);
  });

  test('names compare byte by byte', async () => {
    for (const clientId of [
      'ACME/crm/prod',
      'acme%20/crm/prod',
      'acme/crm/prod%20',
      'acme/crm%20/prod',
      'acme%00/crm/prod',
    ]) {
      expect((await world.check({ clientId, password })).body).toEqual({ allowed: false, reason: 'credentials' });
    }
    const ids = { appAccountId: 'crm', appInstGroupId: 'prod', password };
    for (const spAccountId of ['', '\ud800', 'x'.repeat(20_000), '%']) {
      expect((await world.check({ ...ids, spAccountId })).body).toEqual({ allowed: false, reason: 'credentials' });
    }
  });

  test('an OAuth client that is called like an instance stays what it is', async () => {
    await world.client({ clientId: 'acme/crm/console', secret: 'a-secret-of-its-own' });
    const answer = await world.token('acme/crm/console', 'a-secret-of-its-own');
    expect(answer.body.scope).toBe('hub.read');
  });
});
