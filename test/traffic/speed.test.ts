import { createActorCache } from '../../src/adapters/sso/actor-cache.js';
import { createClientAuthentication } from '../../src/adapters/sso/client-secrets.js';
import { createTokenThrottle } from '../../src/adapters/sso/provider/token-throttle.js';
import { createClientSecrets } from '../../src/bootstrap/client-secrets.js';
import { wireTraffic } from '../../src/bootstrap/traffic.js';
import { toMilliseconds } from '../../src/core/shared/clock.js';
import { createThrottles } from '../../src/persistence/infrastructure/throttles.js';
import { createTrafficLookup } from '../../src/persistence/infrastructure/traffic-lookup.js';
import { createStorage } from '../../src/persistence/rows/stored-table.js';
import type { Database } from '../../src/persistence/sql/sql.js';
import { createLookups } from '../../src/persistence/unit/lookups.js';
import { createCredentialCache } from '../../src/platform/credential-cache.js';
import { createIds } from '../../src/platform/ids.js';
import { onEveryDialect } from '../support/databases.js';
import { clientIdOf, gateway, type Names, password, startWorld, type World } from './support/world.js';

onEveryDialect('what a check costs', (dialect) => {
  let world: World;
  let names: Names;
  beforeAll(async () => {
    world = await startWorld(dialect);
    names = world.names();
    await world.chain(names);
  });
  afterAll(() => world.close());

  test('a right password is hashed once, a wrong one each time', async () => {
    const body = { clientId: clientIdOf(names), password };
    await world.check(body);
    const before = world.passwords.verified;
    for (let call = 0; call < 20; call += 1) expect((await world.check(body)).body.allowed).toBe(true);
    expect((await world.token(clientIdOf(names), password)).status).toBe(200);
    expect(world.passwords.verified - before).toBe(0);
    for (let call = 0; call < 3; call += 1) await world.check({ ...body, password: 'wrong' });
    expect(world.passwords.verified - before).toBe(3);
    expect((await world.check(body)).body.allowed).toBe(true);
    expect(world.passwords.verified - before).toBe(3);
  });

  test('a gateway that was here before costs one statement, whether it asks about a password or a token', async () => {
    const { ask, asToken, statements } = counted();
    expect(await ask()).toMatchObject({ allowed: true });
    statements.length = 0;
    expect(await ask()).toMatchObject({ allowed: true });
    expect(statements).toHaveLength(1);
    expect(await asToken()).toMatchObject({ allowed: true });
    expect(statements).toHaveLength(2);
    expect(statements.every((text) => text.startsWith('SELECT'))).toBe(true);
  });

  /** The hub's own parts on a database that tells what it is asked. */
  function counted() {
    const statements: string[] = [];
    const tell =
      <A extends [string, ...unknown[]], R>(work: (...args: A) => R) =>
      (...args: A): R => {
        statements.push(args[0]);
        return work(...args);
      };
    const { raw, clock, hub } = world;
    const read = { ...raw.read, dialect: raw.dialect, all: tell(raw.read.all.bind(raw.read)) } as Database['read'];
    const database = { ...raw, dialect: raw.dialect, read, execute: tell(raw.execute.bind(raw)) } as Database;
    const throttles = createThrottles(database, clock);
    const lookups = createLookups(read, createStorage(raw.dialect, hub.keyring), clock, createIds(clock));
    const cache = createActorCache(() => toMilliseconds(clock.now()));
    const ports = { throttles, lookups, clock, keyring: hub.keyring, logger: hub.logger, addressOf: () => '' };
    const authenticate = createClientAuthentication(
      { ...ports, verifyClientSecret: createClientSecrets(hub.keyring).matches },
      cache,
      createTokenThrottle(ports),
    );
    const { check } = wireTraffic({
      lookup: createTrafficLookup(read, clock),
      passwords: world.passwords,
      credentials: createCredentialCache(),
      throttles,
      units: hub.uow,
      clock,
    });
    const name = { channel: '', provider: names.sp, application: names.app, instance: names.inst };
    const asGateway = async () => ({
      actor: await authenticate({ ...gateway, address: '127.0.0.1' }),
      requestId: 'test',
      address: '127.0.0.1',
    });
    return {
      statements,
      ask: async () => check.password(await asGateway(), name, password),
      asToken: async () => {
        const instance = await hub.persistence.readers.registry.instance(
          world.channels[0],
          names.sp,
          names.app,
          names.inst,
        );
        return check.token(await asGateway(), { name, instanceId: instance!.id, credentialVersion: 1 });
      },
    };
  }
});
