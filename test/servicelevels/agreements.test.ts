import { askApproval, decideApproval, disableObject, terminateObject } from '../../src/core/provisioning/index.js';
import { endAgreements, hasAgreement, removeAgreement, setAgreement } from '../../src/core/servicelevels/index.js';
import { findXmlFault } from '../../src/platform/xml.js';
import { operator, outcome, perform, system, traceOf } from '../core/support/hub.js';
import { onEveryDatabase } from '../support/databases.js';
import { makeStage, type Stage } from './support/stage.js';

onEveryDatabase('agreements on service levels', (db) => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await makeStage(db);
  });

  const remove = (id: string, expectedVersion?: number) =>
    perform(db, stage.op, (tx) => removeAgreement(tx, { id, expectedVersion: expectedVersion ?? null }));
  const holds = () => perform(db, system, (tx) => hasAgreement(tx, stage.instance.id));

  it('one of a type hangs on a group or an instance; setting it again replaces it', async () => {
    const group = await stage.create();
    for (const target of [group.id, stage.instance.id]) {
      const first = await stage.agree(target, 'uptime', '<Uptime n="1"/>');
      const second = await stage.agree(target, 'uptime', '<Uptime n="2"/>');
      expect(second).toMatchObject({ id: first.id, version: first.version + 1, document: '<Uptime n="2"/>' });
      expect((await stage.agree(target, 'uptime', '<Uptime n="2"/>')).version).toBe(second.version);
      expect((await stage.agree(target, 'latency')).id).not.toBe(first.id);
    }
  });

  it('an instance is under an agreement until the last one is removed', async () => {
    const group = await stage.create({ document: '<Sla/>' });
    await stage.move(stage.provider.id, group.id);
    expect(await holds()).toBe(false);
    const [one, two] = [await stage.agree(stage.instance.id, 'a'), await stage.agree(stage.instance.id, 'b')];
    expect(await holds()).toBe(true);
    await remove(one.id);
    expect(await holds()).toBe(true);
    await remove(two.id);
    expect(await holds()).toBe(false);
  });

  it('while it is under one its deletion is neither asked for nor approved', async () => {
    const target = { kind: 'instance', id: stage.instance.id } as const;
    await perform(db, system, (tx) => disableObject(tx, target));
    const ask = () => perform(db, stage.op, (tx) => askApproval(tx, { ...target, approval: 'delete' }));
    const { id: first } = await stage.agree(stage.instance.id, 'a');
    expect(await outcome(ask())).toBe('in_use');
    await remove(first);
    const { id } = await ask();
    const approve = () => outcome(perform(db, stage.op, (tx) => decideApproval(tx, { id, approve: true })));
    const { id: second } = await stage.agree(stage.instance.id, 'a');
    expect(await approve()).toBe('in_use');
    expect((await perform(db, system, (tx) => tx.instances.find(stage.instance.id)))!.pending).toBe('delete');
    await remove(second);
    expect(await approve()).toBe('done');
    expect(await outcome(stage.agree(stage.instance.id, 'a'))).toBe('terminated');
  });

  it('an instance that is ended at once takes its agreements along', async () => {
    await stage.agree(stage.instance.id, 'a');
    await perform(db, operator(), (tx) => terminateObject(tx, { kind: 'instance', id: stage.instance.id }));
    expect(await holds()).toBe(false);
  });

  it('what was removed stays as it was, and a new one may take its place', async () => {
    const first = await stage.agree(stage.instance.id, 'a', '<First/>');
    expect(await outcome(remove(first.id, first.version + 1))).toBe('version_conflict');
    const ended = await remove(first.id, first.version);
    expect(ended).toMatchObject({ document: '<First/>', liveKey: first.id });
    expect(await outcome(remove(first.id))).toBe('terminated');
    const second = await stage.agree(stage.instance.id, 'a', '<Second/>');
    expect(second.id).not.toBe(first.id);
  });

  it('types belong to their kind of group, an instance takes any', async () => {
    const [sps, apps] = [await stage.create(), await stage.create({ memberKind: 'application' })];
    expect(await outcome(stage.agree(sps.id, 'application'))).toBe('invalid_value');
    expect(await outcome(stage.agree(apps.id, 'service_provider'))).toBe('invalid_value');
    expect(await outcome(stage.agree(sps.id, 'service_provider_node'))).toBe('done');
    expect(await outcome(stage.agree(apps.id, 'system:geo_application'))).toBe('done');
    expect(await outcome(stage.agree(stage.instance.id, 'application'))).toBe('done');
    expect(await outcome(stage.agree(stage.instance.id, ' a'))).toBe('invalid_value');
  });

  it('a faulty document is refused and the one before stays', async () => {
    const set = await stage.agree(stage.instance.id, 'a', '<First/>');
    for (const document of ['', '<a>', 'text', '<!DOCTYPE a><a/>']) {
      expect(await outcome(stage.agree(stage.instance.id, 'a', document))).toBe('invalid_value');
    }
    const kept = await perform(db, system, (tx) => tx.serviceLevelAgreements.find(set.id));
    expect(kept).toMatchObject({ document: '<First/>', version: set.version });
  });

  it('the version seen counts, and none was seen of what is not there', async () => {
    const put = (expectedVersion: number) => {
      const agreement = { targetId: stage.instance.id, type: 'a', document: `<A n="${expectedVersion}"/>` };
      return outcome(perform(db, stage.op, (tx) => setAgreement(tx, { ...agreement, expectedVersion }, findXmlFault)));
    };
    expect(await put(1)).toBe('version_conflict');
    await stage.agree(stage.instance.id, 'a');
    expect(await put(2)).toBe('version_conflict');
    expect(await put(1)).toBe('done');
  });

  it('only groups and instances carry agreements', async () => {
    for (const target of [stage.provider.id, stage.application.id, 'nothing', '']) {
      expect(await outcome(stage.agree(target, 'a'))).toBe('not_found');
    }
    expect(await outcome(remove(stage.instance.id))).toBe('not_found');
  });

  it('the agreements of something that ends can be ended with it', async () => {
    await stage.agree(stage.instance.id, 'a');
    await stage.agree(stage.instance.id, 'b');
    await perform(db, system, (tx) => endAgreements(tx, [stage.instance.id]));
    expect(await holds()).toBe(false);
  });

  it('what happens to an agreement is journaled and told to whom it concerns', async () => {
    const { id } = await stage.agree(stage.instance.id, 'a');
    await stage.agree(stage.instance.id, 'a', '<Other/>');
    await remove(id);
    const { events, entries } = await traceOf(db, id);
    expect(events).toEqual([
      ['serviceLevelAgreement.set', stage.provider.id],
      ['serviceLevelAgreement.set', stage.provider.id],
      ['serviceLevelAgreement.removed', stage.provider.id],
    ]);
    expect(entries).toHaveLength(3);
    expect(entries[0]).toMatchObject({ tenant: stage.provider.id });
  });
});
