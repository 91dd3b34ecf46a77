import { type AddressInfo, createServer } from 'node:net';
import { checkClock, checkOutbox, checkSchema } from '../../src/adapters/cli/doctor/inside.js';
import { checkPools } from '../../src/adapters/cli/doctor/pools.js';
import { callSelf } from '../../src/adapters/cli/doctor/self-call.js';
import { ensureFirstOperator } from '../../src/adapters/cli/first-operator.js';
import { runCli } from '../../src/adapters/cli/index.js';
import { applySeed } from '../../src/adapters/cli/seed/apply.js';
import { parseSeed } from '../../src/adapters/cli/seed/parse.js';
import { checkAddress } from '../../src/bootstrap/check-address.js';
import { systemActor } from '../../src/core/shared/actor.js';
import { hour } from '../../src/core/shared/clock.js';
import { onEveryDatabase } from '../support/databases.js';
import { freePort } from '../support/http.js';
import { channelSettings, cliHub, passwords, rows, terminalPorts } from './support.js';

const seed = `applications:
  - { key: crm, name: CRM, licenseTypes: [S] }
tenants:
  - key: top
    name: Top
    kind: provider
    pools: [{ application: crm, licenseType: S, quantity: 10 }]
  - key: below
    name: Below
    kind: reseller
    parent: top
    pools: [{ application: crm, licenseType: S, quantity: 4 }]
    users: [{ email: a@b.example, licenses: [{ application: crm, licenseType: S }] }]
`;

onEveryDatabase('doctor', (db) => {
  const prepare = () => applySeed(cliHub(db), parseSeed(seed, 's.yaml', channelSettings), 'req');

  it('finds counters that equal their rows, also below other pools', async () => {
    await prepare();
    expect(await checkPools(cliHub(db), () => undefined)).toMatchObject({
      state: 'ok',
      detail: '2 counters equal their rows',
    });
  });

  it('names a counter that does not', async () => {
    await prepare();
    await db.raw.execute('UPDATE license_pools SET used = used + 1 WHERE quantity = 4');
    const finding = await checkPools(cliHub(db), () => undefined);
    expect(finding).toMatchObject({
      state: 'failed',
      detail: expect.stringMatching(/^pol_\w+ counts 2, its rows are 1$/),
    });
  });

  it('shows deliveries that were given up', async () => {
    await prepare();
    expect(await checkOutbox(cliHub(db))).toMatchObject({ state: 'ok' });
    const deliver = () => Promise.reject(new Error('the receiver answered 500'));
    const subscribers = [
      { name: 'webhook:x', wants: ({ type }: { type: string }) => type === 'license.assigned', deliver },
    ];
    await db.persistence.outboxRelay({ subscribers, maxAttempts: 1 }).drain();
    expect(await checkOutbox(cliHub(db))).toMatchObject({
      state: 'failed',
      detail: '1 parked: license.assigned to webhook:x: the receiver answered 500',
    });
  });

  it('finds a clock that went back', async () => {
    await prepare();
    expect(await checkClock(cliHub(db))).toMatchObject({ state: 'ok' });
    db.clock.advance(-hour);
    expect(await checkClock(cliHub(db))).toMatchObject({ state: 'failed' });
  });

  it('looks at migrations and drift', async () => {
    expect(await checkSchema(db.persistence.migrations)).toMatchObject([{ state: 'ok' }, { state: 'ok' }]);
    await db.raw.execute('ALTER TABLE hub_meta ADD COLUMN odd varchar(10)');
    try {
      expect(await checkSchema(db.persistence.migrations)).toMatchObject([{ state: 'ok' }, { state: 'failed' }]);
    } finally {
      await db.raw.execute('ALTER TABLE hub_meta DROP COLUMN odd');
    }
  });

  it('leaves out the hub itself where nothing answers', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    expect(await callSelf(url, [])).toMatchObject([{ state: 'skipped' }]);
  });
});

onEveryDatabase('the first operator', (db) => {
  const operators = () =>
    db.persistence.uow.run(systemActor('test'), { name: 'test.read', requestId: 't' }, (tx) =>
      tx.users.findMany({ operatorLevel: 1000 }),
    );

  it('is made once, with a generated password that works', async () => {
    const made = await ensureFirstOperator(cliHub(db), 'one');
    expect(made).toMatchObject({ email: 'admin@mercator.localhost', generated: true });
    const [operator] = await operators();
    expect(await passwords.verify(operator!.passwordHash, made!.password)).toBe(true);
    expect(await ensureFirstOperator(cliHub(db), 'two')).toBeUndefined();
  });

  it('takes ADMIN_EMAIL and ADMIN_PASSWORD', async () => {
    const hub = cliHub(db, { ADMIN_EMAIL: 'me@hub.example', ADMIN_PASSWORD: 'my-own-password' });
    expect(await ensureFirstOperator(hub, 'one')).toEqual({
      email: 'me@hub.example',
      password: 'my-own-password',
      generated: false,
    });
  });

  it('is one, although several processes start at once', async () => {
    const made = await Promise.all(['a', 'b', 'c'].map((id) => ensureFirstOperator(cliHub(db), id)));
    expect(made.filter((operator) => operator !== undefined)).toHaveLength(1);
    expect(await rows(db, 'users')).toBe(1);
  });

  it('is not made by a start that cannot listen: nobody would be shown the password', async () => {
    const taken = Object.assign(new Error('listen'), { code: 'EADDRINUSE' });
    const hub = { ...cliHub(db), listen: () => Promise.reject(taken) };
    const { ports } = terminalPorts({ openHub: async () => hub, readConfig: () => hub.config });
    expect(await runCli(['start'], ports, new AbortController().signal)).toBe(1);
    expect(await operators()).toEqual([]);
  });

  it('is not made, nor is the file applied, by a start beside another hub at the same address', async () => {
    const neighbor = createServer();
    await new Promise<void>((resolve) => neighbor.listen(0, '127.0.0.1', resolve));
    const { port } = neighbor.address() as AddressInfo;
    const at = { port, host: '127.0.0.1' };
    const hub = { ...cliHub(db), checkAddress: () => checkAddress(at) };
    const config = { ...hub.config, seedFile: 'hub.example.yaml' };
    const { ports } = terminalPorts({ openHub: async () => hub, readConfig: () => config });
    expect(await runCli(['start'], ports, new AbortController().signal)).toBe(1);
    expect([await rows(db, 'users'), await rows(db, 'channels')]).toEqual([0, 0]);
    await new Promise((resolve) => neighbor.close(resolve));
    await expect(checkAddress(at)).resolves.toBeUndefined();
  });

  it('is not needed where the seed file brought an operator of any level', async () => {
    const text = 'operators: [{ email: a@b.example, level: READ_ONLY }]';
    await applySeed(cliHub(db), parseSeed(text, 's.yaml', channelSettings), 'req');
    expect(await ensureFirstOperator(cliHub(db), 'one')).toBeUndefined();
  });
});
