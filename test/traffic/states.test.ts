import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/build.mjs';
import { askApproval, disableObject, terminateObject, unlockInstance } from '../../src/core/provisioning/index.js';
import { stateOf } from '../../src/core/shared/lifecycle.js';
import { onEveryDialect } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { clientIdOf, type Names, password, startWorld, type World } from './support/world.js';

interface Row {
  readonly op: string;
  readonly cells: Readonly<Record<string, { readonly result: string }>>;
}

const table = JSON.parse(readFileSync(join(projectRoot, 'test/prm/states.json'), 'utf8')) as {
  entities: { AppInstGroup: { rows: Row[] } };
};
const { cells } = table.entities.AppInstGroup.rows.find((row) => row.op === 'traffic: too many failed logins')!;

onEveryDialect('too many failed traffic logins', (dialect) => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld(dialect);
  });
  afterAll(() => world.close());

  const wrong = (names: Names) => world.check({ clientId: clientIdOf(names), password: 'wrong' });

  async function fail(names: Names, times = 5): Promise<void> {
    for (let time = 0; time < times; time += 1) {
      const { status, body } = await wrong(names);
      expect({ status, body }).toEqual({ status: 200, body: { allowed: false, reason: 'credentials' } });
    }
  }

  async function bring(state: string, names: Names): Promise<string> {
    const { instanceId } = await world.chain(names, { registered: state === 'REGISTERED' });
    await world.run(async (tx) => {
      const target = { kind: 'instance', id: instanceId } as const;
      if (state === 'INACTIVE' || state === 'DELETE_PENDING') await disableObject(tx, target);
      if (state === 'DELETE_PENDING') await askApproval(tx, { ...target, approval: 'delete' });
      if (state === 'UPDATE_PENDING')
        await askApproval(tx, { ...target, approval: 'update', proposed: { name: 'New' } });
    });
    if (state === 'LOCKED') await fail(names);
    expect(stateOf(await world.instance(instanceId))).toBe(state);
    return instanceId;
  }

  it('has seven cells', () => {
    expect(Object.keys(cells)).toHaveLength(7);
  });

  test.each(Object.entries(cells))('%s: %j', async (state, { result }) => {
    const names = world.names();
    if (state === '(none)') {
      await fail(names, 6);
      return;
    }
    const id = await bring(state, names);
    const before = await world.instance(id);
    await fail(names, 5);
    const after = await world.instance(id);
    if (result === '=') {
      expect(after).toEqual(before);
      return;
    }
    expect(stateOf(after)).toBe('LOCKED');
    const open = await world.run((tx) => tx.approvals.findOne({ openKey: id }));
    if (result.includes('pending data kept')) expect(open).toMatchObject({ status: 'OPEN', proposed: { name: 'New' } });

    const right = { clientId: clientIdOf(names), password };
    expect((await world.check(right)).body).toEqual({ allowed: false, reason: 'locked' });
    await world.run((tx) => unlockInstance(tx, { id }));
    expect(stateOf(await world.instance(id))).toBe(state);
    expect((await world.run((tx) => tx.approvals.findOne({ openKey: id })))?.proposed).toEqual(open?.proposed);
    expect((await world.check(right)).body).toMatchObject({ allowed: true, instanceId: id });
  });

  test('a success begins the count anew, and so does unlocking', async () => {
    const names = world.names();
    const { instanceId } = await world.chain(names);
    await fail(names, 4);
    expect((await world.check({ clientId: clientIdOf(names), password })).body.allowed).toBe(true);
    await fail(names, 4);
    expect(stateOf(await world.instance(instanceId))).toBe('ACTIVE');
    await fail(names, 1);
    expect(stateOf(await world.instance(instanceId))).toBe('LOCKED');
    await world.run((tx) => unlockInstance(tx, { id: instanceId }));
    await fail(names, 4);
    expect(stateOf(await world.instance(instanceId))).toBe('ACTIVE');
  });

  test('a new password begins the count anew', async () => {
    const names = world.names();
    const { instanceId } = await world.chain(names);
    await fail(names, 4);
    await world.setPassword(instanceId, 'traffic-Pass-2');
    await fail(names, 4);
    expect(stateOf(await world.instance(instanceId))).toBe('ACTIVE');
  });

  test('four failures stay four for longer than any throttle', async () => {
    const names = world.names();
    const { instanceId } = await world.chain(names);
    await fail(names, 4);
    world.clock.advance(3 * 24 * 3_600_000);
    await world.hub.persistence.housekeeping.sweep();
    await fail(names, 1);
    world.clock.advance(-3 * 24 * 3_600_000); // tokens are stamped by the machine's own clock
    expect(stateOf(await world.instance(instanceId))).toBe('LOCKED');
  });

  test('the lock is in the journal with the gateway that told of it, and an alarm until it is unlocked', async () => {
    const names = world.names();
    const { instanceId } = await world.chain(names);
    await fail(names);
    const [entry] = await world.raw.read.all(
      'SELECT command, actor_kind, actor_name, reason, address FROM journal_entries WHERE object_id = ? ORDER BY id DESC LIMIT 1',
      [instanceId],
    );
    expect(entry).toEqual({
      command: 'traffic.check',
      actor_kind: 'system',
      actor_name: 'traffic',
      reason: 'told by the gateway "gateway"',
      address: '127.0.0.1',
    });
    const alarm = await world.run((tx) => tx.alarms.findOne({ objectId: instanceId, openKey: '0' }));
    expect(alarm).toMatchObject({
      typeNumber: 1003,
      repeatCount: 1,
      info: 'locked after 5 wrong passwords in a row',
      additionalInfo: 'the last one came through the gateway at 127.0.0.1',
    });
    await world.run((tx) => unlockInstance(tx, { id: instanceId }));
    expect(await world.run((tx) => tx.alarms.findOne({ objectId: instanceId, openKey: '0' }))).toBeUndefined();
  });

  test('whatever else speaks for a locked instance is refused within a second', async () => {
    const names = world.names();
    const { instanceId } = await world.chain(names);
    await world.client({ clientId: 'of-instance', secret: 'a-secret-of-the-instance', instanceId });
    const token = (await world.token('of-instance', 'a-secret-of-the-instance')).body.access_token as string;
    const refused = () =>
      world.hub.sso.authenticateBearer(token).then(
        () => false,
        () => true,
      );
    expect(await refused()).toBe(false);
    await fail(names);
    await eventually(refused, { within: 1_000, what: 'the refusal' });
  });

  test('an instance that is deleted while locked has no alarm any more', async () => {
    const names = world.names();
    const { instanceId } = await world.chain(names);
    await fail(names);
    await world.run((tx) => terminateObject(tx, { kind: 'instance', id: instanceId }));
    expect(await world.run((tx) => tx.alarms.findOne({ objectId: instanceId, openKey: '0' }))).toBeUndefined();
    expect((await world.check({ clientId: clientIdOf(names), password })).body.allowed).toBe(false);
  });
});
