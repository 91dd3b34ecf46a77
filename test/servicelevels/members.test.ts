import {
  agreementOf,
  agreementOfGroup,
  findGroup,
  type GroupMember,
  groupOf,
  moveToGroup,
} from '../../src/core/servicelevels/index.js';
import type { Lifecycle } from '../../src/core/shared/lifecycle.js';
import { operator, outcome, perform, system, traceOf } from '../core/support/hub.js';
import { onEveryDatabase } from '../support/databases.js';
import { makeStage, type Stage } from './support/stage.js';

onEveryDatabase('members of service level groups', (db) => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await makeStage(db);
  });

  const tenant = async (id: string): Promise<GroupMember> => ({
    kind: 'tenant',
    row: (await perform(db, system, (tx) => tx.tenants.find(id)))!,
  });
  const application = async (id: string): Promise<GroupMember> => ({
    kind: 'application',
    row: (await perform(db, system, (tx) => tx.applications.find(id)))!,
  });
  const groupKey = async (member: GroupMember) => (await groupOf(db.persistence.lookups, member)).key;
  const documentOf = (member: GroupMember, type: string) => agreementOf(db.persistence.lookups, member, type);

  it('a member has the agreements of the group it is in now', async () => {
    const { provider } = stage;
    const gold = await stage.create({ document: '<Gold/>' });
    const silver = await stage.create({ key: 'silver', document: '<Silver/>' });
    expect(await outcome(tenant(provider.id).then(groupKey))).toBe('not_found');
    expect(await documentOf(await tenant(provider.id), 'service_provider')).toBeNull();
    await stage.move(provider.id, gold.id);
    expect(await tenant(provider.id).then(groupKey)).toBe('gold');
    expect(await documentOf(await tenant(provider.id), 'service_provider')).toBe('<Gold/>');
    await stage.move(provider.id, silver.id);
    expect(await documentOf(await tenant(provider.id), 'service_provider')).toBe('<Silver/>');
    await stage.update({ id: silver.id, document: '<Silver n="2"/>' });
    expect(await documentOf(await tenant(provider.id), 'service_provider')).toBe('<Silver n="2"/>');
    await stage.move(provider.id, '');
    expect(await documentOf(await tenant(provider.id), 'service_provider')).toBeNull();
  });

  it('applications have groups of their own', async () => {
    const group = await stage.create({ memberKind: 'application', document: '<App/>' });
    await stage.move(stage.application.id, group.id);
    expect(await application(stage.application.id).then(groupKey)).toBe('gold');
    expect(await documentOf(await application(stage.application.id), 'application')).toBe('<App/>');
    expect((await traceOf(db, stage.application.id)).events).toContainEqual([
      'application.moved_to_group',
      stage.provider.id,
    ]);
  });

  it('a known type without a document is none, an unknown one is refused, a custom one is known where it was agreed', async () => {
    const gold = await stage.create({ document: '<Gold/>' });
    const silver = await stage.create({ key: 'silver' });
    const apps = await stage.create({ memberKind: 'application' });
    await stage.move(stage.provider.id, silver.id);
    await stage.move(stage.application.id, apps.id);
    const [sp, app] = [await tenant(stage.provider.id), await application(stage.application.id)];
    for (const type of ['service_provider', 'system:geo_service_provider', 'service_provider_node']) {
      expect(await documentOf(sp, type)).toBeNull();
      expect(await outcome(documentOf(app, type))).toBe('invalid_value');
    }
    for (const type of ['application', 'system:geo_application']) {
      expect(await documentOf(app, type)).toBeNull();
      expect(await outcome(documentOf(sp, type))).toBe('invalid_value');
    }
    expect(await outcome(documentOf(sp, 'uptime'))).toBe('invalid_value');
    expect(await outcome(documentOf(sp, ''))).toBe('invalid_value');
    await stage.agree(gold.id, 'uptime', '<Uptime/>');
    expect(await documentOf(sp, 'uptime')).toBeNull();
    expect(await outcome(documentOf(app, 'uptime'))).toBe('invalid_value');
    expect(await outcome(documentOf(await tenant(stage.elsewhere.id), 'uptime'))).toBe('invalid_value');
    expect(await agreementOfGroup(db.persistence.lookups, gold, 'uptime')).toBe('<Uptime/>');
    await stage.update({ id: gold.id, document: null, type: 'uptime' });
    expect(await outcome(documentOf(sp, 'uptime'))).toBe('invalid_value');
  });

  it('an agreement of an instance makes no type known for groups', async () => {
    await stage.agree(stage.instance.id, 'uptime');
    expect(await outcome(documentOf(await tenant(stage.provider.id), 'uptime'))).toBe('invalid_value');
  });

  it.each<[string, Partial<Lifecycle>]>([
    ['REGISTERED', { activated: false, pending: 'register' }],
    ['ACTIVE', {}],
    ['INACTIVE', { holds: [{ authority: 'operator', channelId: '', by: 'x', at: '2026-01-01T00:00:00.000Z' }] }],
    ['UPDATE_PENDING', { pending: 'update' }],
    ['DELETE_PENDING', { pending: 'delete' }],
    ['LOCKED', { locked: true }],
  ])('%s: members may be moved', async (_, state) => {
    const [sps, apps] = [await stage.create(), await stage.create({ memberKind: 'application' })];
    await perform(db, system, async (tx) => {
      await tx.tenants.save((await tx.tenants.lock(stage.provider.id))!, state);
      await tx.applications.save((await tx.applications.lock(stage.application.id))!, state);
    });
    expect(await outcome(stage.move(stage.provider.id, sps.id))).toBe('done');
    expect(await outcome(stage.move(stage.application.id, apps.id))).toBe('done');
  });

  it('what ended is not moved', async () => {
    const [sps, apps] = [await stage.create(), await stage.create({ memberKind: 'application' })];
    await perform(db, system, async (tx) => {
      await tx.tenants.save((await tx.tenants.lock(stage.provider.id))!, { terminatedAt: tx.now });
      await tx.applications.save((await tx.applications.lock(stage.application.id))!, { terminatedAt: tx.now });
    });
    expect(await outcome(stage.move(stage.provider.id, sps.id))).toBe('terminated');
    expect(await outcome(stage.move(stage.application.id, apps.id))).toBe('terminated');
  });

  it('a group of another channel or for the other kind is none, and so is what can be in no group', async () => {
    const root = operator(1000);
    const apps = await stage.create({ memberKind: 'application' });
    const elsewhere = await stage.create({ channelId: stage.otherChannel.id }, root);
    const own = await stage.create({ channelId: '' }, root);
    for (const group of [apps, elsewhere, own, { id: stage.channel.id }, { id: 'nothing' }]) {
      expect(await outcome(stage.move(stage.provider.id, group.id, root))).toBe('not_found');
    }
    const group = await stage.create();
    for (const id of [stage.instance.id, stage.channel.id, 'nothing', '']) {
      expect(await outcome(stage.move(id, group.id, root))).toBe('not_found');
    }
    expect((await tenant(stage.provider.id)).row.serviceLevelGroupId).toBe('');
  });

  it('the version seen counts', async () => {
    const group = await stage.create();
    const { id, version } = (await tenant(stage.provider.id)).row;
    const move = (expectedVersion: number) =>
      outcome(perform(db, stage.op, (tx) => moveToGroup(tx, { id, groupId: group.id, expectedVersion })));
    expect(await move(version + 1)).toBe('version_conflict');
    expect(await move(version)).toBe('done');
  });

  it('a channel finds its live groups by its own ids', async () => {
    const group = await stage.create();
    const find = (channelId: string, key: string) =>
      findGroup(db.persistence.lookups, { channelId, memberKind: 'tenant', key });
    expect((await find(stage.channel.id, 'gold')).id).toBe(group.id);
    expect(await outcome(find(stage.channel.id, 'Gold'))).toBe('not_found');
    expect(await outcome(find(stage.channel.id, 'göld'))).toBe('not_found');
    expect(await outcome(find(stage.otherChannel.id, 'gold'))).toBe('not_found');
  });
});
