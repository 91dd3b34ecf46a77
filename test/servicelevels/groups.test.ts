import { terminateGroup } from '../../src/core/servicelevels/index.js';
import { operator, outcome, perform, system, traceOf } from '../core/support/hub.js';
import { onEveryDatabase } from '../support/databases.js';
import { makeStage, type Stage } from './support/stage.js';

onEveryDatabase('service level groups', (db) => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await makeStage(db);
  });

  const live = (targetId: string) =>
    perform(db, system, async (tx) => {
      const agreements = await tx.serviceLevelAgreements.findMany({ targetId, liveKey: '0' });
      return agreements.map(({ type, document }) => [type, document]);
    });
  const terminate = (id: string, actor = stage.op) => perform(db, actor, (tx) => terminateGroup(tx, { id }));
  const tooLong = 'x'.repeat(201);

  it('a group is made with its properties in their order and its agreement of the kind’s default type', async () => {
    const properties = [
      { name: 'b', value: 'two\nlines' },
      { name: 'a', value: null },
      { name: 'c', value: '' },
    ];
    const group = await stage.create({ properties, document: '<Sla/>' });
    expect(group).toMatchObject({ key: 'gold', memberKind: 'tenant', channelId: stage.channel.id, properties });
    expect(await live(group.id)).toEqual([['service_provider', '<Sla/>']]);
    const forApplications = await stage.create({ memberKind: 'application', document: '<Sla/>' });
    expect(await live(forApplications.id)).toEqual([['application', '<Sla/>']]);
    const named = await stage.create({ key: 'geo', document: '<Sla/>', type: 'system:geo_service_provider' });
    expect(await live(named.id)).toEqual([['system:geo_service_provider', '<Sla/>']]);
    const bare = await stage.create({ key: 'bare', document: null });
    expect(await live(bare.id)).toEqual([]);
  });

  it('a key is taken byte for byte, by kind and channel, until the group ends', async () => {
    const group = await stage.create();
    expect(await outcome(stage.create())).toBe('already_exists');
    await stage.create({ key: 'Gold' });
    await stage.create({ memberKind: 'application' });
    await stage.create({ channelId: stage.otherChannel.id }, operator(666));
    await stage.create({ channelId: '' }, operator(666));
    await terminate(group.id);
    expect((await stage.create()).id).not.toBe(group.id);
  });

  it.each([
    ['an empty key', { key: '' }],
    ['blanks around a key', { key: ' gold' }],
    ['a key of 201 characters', { key: tooLong }],
    ['a repeated property', { properties: ['a', 'a'].map((name) => ({ name, value: null })) }],
    ['a property without a name', { properties: [{ name: '', value: 'x' }] }],
    ['a long property name', { properties: [{ name: tooLong, value: null }] }],
    ['a long property value', { properties: [{ name: 'a', value: 'x'.repeat(4_001) }] }],
    ['201 properties', { properties: Array.from({ length: 201 }, (_, n) => ({ name: `p${n}`, value: null })) }],
    ['an empty document', { document: '' }],
    ['a document that is no XML', { document: 'gold' }],
    ['two root elements', { document: '<a/><b/>' }],
    ['an unbound prefix', { document: '<sla:a/>' }],
    ['a DOCTYPE', { document: '<!DOCTYPE a><a/>' }],
    ['half a character', { document: '<a>\ud800x</a>' }],
    ['more than 256 KiB', { document: `<a>${'ä'.repeat(131_072)}</a>` }],
    ['a type for applications', { document: '<a/>', type: 'application' }],
    ['an empty type', { document: '<a/>', type: '' }],
  ])('%s is refused and nothing is made', async (_, input) => {
    expect(await outcome(stage.create(input))).toBe('invalid_value');
    expect(await perform(db, system, (tx) => tx.serviceLevelGroups.count({}))).toBe(0);
  });

  it('a fault in a document is shown with its place', async () => {
    const document = '<Sla>\n  <rate>\n</Sla>';
    await expect(stage.create({ document })).rejects.toMatchObject({
      code: 'invalid_value',
      message: expect.stringMatching(/^document: line 3, column \d+: un/),
    });
    expect(await outcome(stage.create({ document: `<a>${'x'.repeat(262_137)}</a>` }))).toBe('done');
  });

  it('an update replaces what it names: properties, a document, or no document at all', async () => {
    const { id } = await stage.create({ document: '<Sla/>', properties: [{ name: 'a', value: '1' }] });
    const after = await stage.update({ id, document: '<Sla n="2"/>' });
    expect(after.properties).toEqual([{ name: 'a', value: '1' }]);
    expect(await live(id)).toEqual([['service_provider', '<Sla n="2"/>']]);
    await stage.update({ id, document: '<Geo/>', type: 'system:geo_service_provider' });
    expect(await live(id)).toHaveLength(2);
    expect((await stage.update({ id, properties: [] })).properties).toEqual([]);
    expect(await live(id)).toHaveLength(2);
    await stage.update({ id, document: null });
    expect(await live(id)).toEqual([['system:geo_service_provider', '<Geo/>']]);
    await stage.update({ id, document: null });
    await stage.update({ id, document: '<Again/>' });
    expect(await live(id)).toContainEqual(['service_provider', '<Again/>']);
  });

  it('a faulty update changes nothing', async () => {
    const { id, version } = await stage.create({ document: '<Sla/>' });
    const properties = [{ name: 'a', value: null }];
    expect(await outcome(stage.update({ id, properties, document: '<Sla>' }))).toBe('invalid_value');
    expect(await outcome(stage.update({ id, properties, document: '' }))).toBe('invalid_value');
    expect(await outcome(stage.update({ id, properties: [...properties, ...properties] }))).toBe('invalid_value');
    expect(await outcome(stage.update({ id, properties, expectedVersion: version + 1 }))).toBe('version_conflict');
    expect(await live(id)).toEqual([['service_provider', '<Sla/>']]);
    expect((await perform(db, system, (tx) => tx.serviceLevelGroups.find(id)))!.properties).toEqual([]);
  });

  it('a group ends only when nothing that lives is in it, and its agreements end with it', async () => {
    const { id } = await stage.create({ document: '<Sla/>' });
    const applications = await stage.create({ memberKind: 'application' });
    await stage.move(stage.provider.id, id);
    await stage.move(stage.application.id, applications.id);
    expect(await outcome(terminate(id))).toBe('in_use');
    expect(await outcome(terminate(applications.id))).toBe('in_use');
    await stage.move(stage.provider.id, '');
    await terminate(id);
    expect(await live(id)).toEqual([]);
    expect(await outcome(terminate(id))).toBe('terminated');
    expect(await outcome(stage.update({ id, document: '<Sla/>' }))).toBe('terminated');
    expect(await outcome(stage.agree(id, 'service_provider'))).toBe('terminated');
    expect(await outcome(stage.move(stage.provider.id, id))).toBe('not_found');
  });

  it('a member that ended does not keep its group alive', async () => {
    const { id } = await stage.create();
    await stage.move(stage.rival.id, id);
    await perform(db, system, async (tx) => {
      await tx.tenants.save((await tx.tenants.lock(stage.rival.id))!, { terminatedAt: tx.now });
    });
    expect(await outcome(terminate(id))).toBe('done');
  });

  it('what happens to a group is journaled and told', async () => {
    const { id } = await stage.create({ document: '<Sla/>' });
    await stage.update({ id, properties: [{ name: 'a', value: 'b' }] });
    await terminate(id);
    const { events, entries } = await traceOf(db, id);
    expect(events).toEqual([
      ['serviceLevelGroup.created', ''],
      ['serviceLevelGroup.updated', ''],
      ['serviceLevelGroup.terminated', ''],
    ]);
    expect(entries).toHaveLength(3);
  });
});
