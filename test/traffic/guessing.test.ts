import { disableObject } from '../../src/core/provisioning/index.js';
import { stateOf } from '../../src/core/shared/lifecycle.js';
import { onEveryDialect } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { basic, clientIdOf, gateway, password, startWorld, type World } from './support/world.js';

onEveryDialect('guessing traffic passwords', (dialect) => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld(dialect);
  });
  afterAll(() => world.close());

  let host = 0;
  /** An address nobody used before. */
  const from = () => {
    host += 1;
    return { 'x-forwarded-for': `192.0.2.${host}` };
  };

  test('unknown and wrong get one answer, after the same work', async () => {
    const names = world.names();
    const { instanceId } = await world.chain(names);
    const answers = [];
    for (const clientId of [clientIdOf(names), clientIdOf({ ...names, inst: 'nobody' }), 'no/such/thing']) {
      for (const ask of [
        () => world.token(clientId, 'wrong', {}, from()),
        () => world.check({ clientId, password: 'wrong' }),
      ]) {
        const before = world.passwords.verified;
        const { status, body, headers } = await ask();
        expect(world.passwords.verified - before).toBe(1);
        answers.push({ status, body, challenge: headers.get('www-authenticate') });
      }
    }
    const [token, check] = answers;
    expect(token).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect(check).toMatchObject({ status: 200, body: { allowed: false, reason: 'credentials' } });
    expect(answers).toEqual([token, check, token, check, token, check]);
    await world.run((tx) => disableObject(tx, { kind: 'instance', id: instanceId }));
    expect((await world.token(clientIdOf(names), 'wrong', {}, from())).body).toEqual(token!.body);
    expect((await world.check({ clientId: clientIdOf(names), password: 'wrong' })).body).toEqual(check!.body);
  });

  test('at the token endpoint it is slowed down by address and client, and never locks', async () => {
    const names = world.names();
    const { instanceId } = await world.chain(names);
    const other = world.names();
    await world.chain(other);
    const guesser = from();
    for (let guess = 0; guess < 10; guess += 1) {
      expect((await world.token(clientIdOf(names), `guess-${guess}`, {}, guesser)).status).toBe(401);
    }
    const blocked = await world.token(clientIdOf(names), password, {}, guesser);
    expect(blocked.status).toBe(429);
    expect(blocked.body.error).toBe('temporarily_unavailable');
    expect(Number(blocked.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await world.token(clientIdOf(other), password, {}, guesser)).status).toBe(200);
    expect((await world.token(clientIdOf(names), password, {}, from())).status).toBe(200);
    expect(stateOf(await world.instance(instanceId))).toBe('ACTIVE');
    world.clock.advance(5 * 60_000 + 1_000);
    expect((await world.token(clientIdOf(names), password, {}, guesser)).status).toBe(200);
  });

  test('names nobody has are slowed down alike, and a source that tries many is refused', async () => {
    const guesser = from();
    for (let guess = 0; guess < 10; guess += 1) await world.token('no/such/one', 'x', {}, guesser);
    expect((await world.token('no/such/one', 'x', {}, guesser)).status).toBe(429);
    for (let guess = 0; guess < 25; guess += 1) await world.token(`no/such/${guess}`, 'x', {}, guesser);
    await eventually(async () => (await world.token('gateway', gateway.secret, {}, guesser)).status === 429, {
      what: 'the refusal of the address',
    });
  });

  test('through a gateway: the fifth in a row locks, however the four before were mixed with the token endpoint', async () => {
    const names = world.names();
    const { instanceId } = await world.chain(names);
    const clientId = clientIdOf(names);
    for (let guess = 0; guess < 4; guess += 1) await world.check({ clientId, password: 'x' });
    for (let guess = 0; guess < 5; guess += 1) await world.token(clientId, 'x', {}, from());
    expect(stateOf(await world.instance(instanceId))).toBe('ACTIVE');
    await world.check({ clientId, password: 'x' });
    expect(stateOf(await world.instance(instanceId))).toBe('LOCKED');
    expect((await world.token(clientId, password, {}, from())).body).toMatchObject({
      error: 'unauthorized_client',
      error_description: 'not usable: locked',
    });
  });

  test('what cannot be locked cannot be guessed at without end either', async () => {
    const names = world.names();
    const { instanceId } = await world.chain(names);
    await world.run((tx) => disableObject(tx, { kind: 'instance', id: instanceId }));
    const clientId = clientIdOf(names);
    for (const id of [clientId, 'no/such/instance']) {
      for (let guess = 0; guess < 30; guess += 1) {
        expect((await world.check({ clientId: id, password: `x${guess}` })).status).toBe(200);
      }
      const refused = await world.check({ clientId: id, password });
      expect({ status: refused.status, error: refused.body.error }).toEqual({ status: 429, error: 'throttled' });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect((await world.check({ clientId: clientIdOf(world.names()), password })).status).toBe(200);
  });

  test('a wrong gateway counts at the address it comes from, and never for the instance', async () => {
    const names = world.names();
    const { instanceId } = await world.chain(names);
    const guesser = from();
    const body = { clientId: clientIdOf(names), password: 'x' };
    for (let guess = 0; guess < 30; guess += 1) {
      const headers = { authorization: basic('gateway', `guess-${guess}`), ...guesser };
      expect((await world.post('/traffic/check', { headers, body })).status).toBe(401);
    }
    const refused = await world.post('/traffic/check', {
      headers: { authorization: basic('gateway', 'guess-31'), ...guesser },
      body,
    });
    expect(refused.status).toBe(429);
    expect(await world.instance(instanceId)).toMatchObject({ locked: false });
    expect((await world.check(body, 0, guesser)).status).not.toBe(401);
  });

  test('while too many wait, both say so and count nothing', async () => {
    const names = world.names();
    const { instanceId } = await world.chain(names);
    world.passwords.busy = true;
    try {
      for (let call = 0; call < 6; call += 1) {
        const check = await world.check({ clientId: clientIdOf(names), password: 'x' });
        expect([check.status, check.body.error, check.headers.get('retry-after')]).toEqual([503, 'busy', '1']);
      }
      const token = await world.token(clientIdOf(names), password, {}, from());
      expect([token.status, token.body.error]).toEqual([503, 'temporarily_unavailable']);
    } finally {
      world.passwords.busy = false;
    }
    expect(await world.instance(instanceId)).toMatchObject({ locked: false });
  });
});
