import { deactivateObject, setTrafficPassword } from '../../src/core/provisioning/index.js';
import { stateOf } from '../../src/core/shared/lifecycle.js';
import { onEveryDialect } from '../support/databases.js';
import { clientIdOf, password, startWorld, type World } from './support/world.js';

onEveryDialect('traffic at two processes on one database', (dialect) => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld(dialect, 2);
  });
  afterAll(() => world.close());

  const locks = (instanceId: string) =>
    world.raw.read.all("SELECT id FROM outbox_events WHERE event_type = 'instance.locked' AND aggregate_id = ?", [
      instanceId,
    ]);

  test.each(Array.from({ length: 5 }, (_, at) => at + 1))(
    'five wrong passwords at once lock exactly once (%i)',
    async () => {
      const names = world.names();
      const { instanceId } = await world.chain(names);
      const body = { clientId: clientIdOf(names), password: 'wrong' };
      const answers = await Promise.all([0, 1, 0, 1, 0].map((at) => world.check(body, at)));
      expect(answers.map((answer) => answer.body)).toEqual(
        answers.map(() => ({ allowed: false, reason: 'credentials' })),
      );
      expect(stateOf(await world.instance(instanceId))).toBe('LOCKED');
      expect(await locks(instanceId)).toHaveLength(1);
      const alarms = await world.run((tx) => tx.alarms.findMany({ objectId: instanceId }));
      expect(alarms.map(({ repeatCount }) => repeatCount)).toEqual([1]);
    },
  );

  test('four, two here and two there, lock nothing; a flood of forty locks once', async () => {
    const names = world.names();
    const { instanceId } = await world.chain(names);
    const body = { clientId: clientIdOf(names), password: 'wrong' };
    await Promise.all([0, 1, 0, 1].map((at) => world.check(body, at)));
    expect(stateOf(await world.instance(instanceId))).toBe('ACTIVE');
    await Promise.all(Array.from({ length: 40 }, (_, at) => world.check(body, at % 2)));
    expect(stateOf(await world.instance(instanceId))).toBe('LOCKED');
    expect(await locks(instanceId)).toHaveLength(1);
    const alarms = await world.run((tx) => tx.alarms.findMany({ objectId: instanceId }));
    expect(alarms.map(({ repeatCount }) => repeatCount)).toEqual([1]);
  });

  test('what one process changes the other knows on the next call', async () => {
    const names = world.names();
    const { tenantId, instanceId } = await world.chain(names);
    const clientId = clientIdOf(names);
    const { body } = await world.token(clientId, password);
    const token = body.access_token as string;
    const seen = async (at: number) => [
      (await world.check({ token }, at)).body.reason,
      (await world.check({ clientId, password }, at)).body.reason,
    ];
    expect(await seen(0)).toEqual([undefined, undefined]);
    expect(await seen(1)).toEqual([undefined, undefined]);
    await world.run((tx) => deactivateObject(tx, { kind: 'tenant', id: tenantId }));
    expect(await seen(1)).toEqual(['ownerTenant', 'ownerTenant']);
    const passwordHash = await world.passwords.hash('traffic-Pass-2');
    await world.run((tx) => setTrafficPassword(tx, { instanceId, passwordHash }));
    expect(await seen(1)).toEqual(['credentials', 'credentials']);
  });
});
