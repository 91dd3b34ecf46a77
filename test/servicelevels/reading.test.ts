import { removeAgreement } from '../../src/core/servicelevels/index.js';
import type { Actor } from '../../src/core/shared/actor.js';
import { member, operator, perform } from '../core/support/hub.js';
import { type CommandServer, refusal, startCommands } from '../graphql/support/commands.js';
import { onEveryDatabase } from '../support/databases.js';
import { account, makeStage, type Stage } from './support/stage.js';

onEveryDatabase('service levels as they are read', (db) => {
  let stage: Stage;
  let server: CommandServer;
  beforeEach(async () => {
    stage = await makeStage(db);
    server = await startCommands(db);
  });
  afterEach(() => server.close());

  const properties = [{ name: 'price', value: 'secret' }];
  const makeGroups = async () => {
    const gold = await stage.create({ document: '<Gold/>', properties });
    const apps = await stage.create({ memberKind: 'application', key: 'bulk', document: '<Bulk/>' });
    const empty = await stage.create({ key: 'empty', document: '<Empty/>' });
    await stage.move(stage.provider.id, gold.id);
    await stage.move(stage.rival.id, gold.id);
    await stage.move(stage.application.id, apps.id);
    const ended = await stage.agree(gold.id, 'old', '<Old/>');
    await perform(db, stage.op, (tx) => removeAgreement(tx, { id: ended.id }));
    await stage.agree(stage.instance.id, 'uptime', '<Uptime/>');
    return { gold, apps, empty };
  };
  const query = `query Q($tenant: ID!, $application: ID!, $instance: ID!) {
    tenant(id: $tenant) { serviceLevelGroup { ...G tenants { nodes { name } } } }
    application(id: $application) { serviceLevelGroup { ...G applications { nodes { key } } } }
    instance(id: $instance) { serviceLevelAgreements { nodes { type document } } }
    serviceLevelGroups { totalCount }
    serviceLevelAgreements { totalCount }
  }
  fragment G on ServiceLevelGroup {
    key
    properties { name value }
    channel { name }
    agreements(orderBy: { field: type, direction: ASC }) { nodes { type document terminatedAt } }
  }`;
  const read = async (actor: Actor | undefined) => {
    const { provider, application, instance } = stage;
    const ids = { tenant: provider.id, application: application.id, instance: instance.id };
    const { data, errors } = await server.ask(actor, query, ids);
    expect(errors).toBeUndefined();
    return data;
  };

  it('an operator sees all of it', async () => {
    await makeGroups();
    expect(await read(operator(333))).toEqual({
      tenant: {
        serviceLevelGroup: {
          key: 'gold',
          properties,
          channel: { name: 'prm-a' },
          agreements: {
            nodes: [
              { type: 'old', document: '<Old/>', terminatedAt: expect.any(String) },
              { type: 'service_provider', document: '<Gold/>', terminatedAt: null },
            ],
          },
          tenants: { nodes: [{ name: 'Provider' }, { name: 'Rival' }] },
        },
      },
      application: {
        serviceLevelGroup: expect.objectContaining({ key: 'bulk', applications: { nodes: [{ key: 'sms' }] } }),
      },
      instance: { serviceLevelAgreements: { nodes: [{ type: 'uptime', document: '<Uptime/>' }] } },
      serviceLevelGroups: { totalCount: 3 },
      serviceLevelAgreements: { totalCount: 5 },
    });
  });

  it('a provider sees what is agreed with it now; neither the operator’s notes nor who else is in its group', async () => {
    await makeGroups();
    const agreed = (type: string, document: string) => ({ nodes: [{ type, document, terminatedAt: null }] });
    const hidden = { properties: null, channel: null };
    const seen = {
      tenant: {
        serviceLevelGroup: {
          key: 'gold',
          ...hidden,
          agreements: agreed('service_provider', '<Gold/>'),
          tenants: { nodes: [{ name: 'Provider' }] },
        },
      },
      application: {
        serviceLevelGroup: {
          key: 'bulk',
          ...hidden,
          agreements: agreed('application', '<Bulk/>'),
          applications: { nodes: [{ key: 'sms' }] },
        },
      },
      instance: { serviceLevelAgreements: { nodes: [{ type: 'uptime', document: '<Uptime/>' }] } },
      serviceLevelGroups: { totalCount: 2 },
      serviceLevelAgreements: { totalCount: 3 },
    };
    for (const role of ['OWNER', 'ADMIN', 'VIEWER'] as const) {
      expect(await read(member(stage.provider.id, [role]))).toEqual(seen);
    }
    expect(await read(member(stage.provider.id, ['MEMBER']))).toMatchObject({
      tenant: { serviceLevelGroup: null },
      serviceLevelGroups: { totalCount: 0 },
      serviceLevelAgreements: { totalCount: 0 },
    });
    expect(await read(member(stage.elsewhere.id, ['OWNER']))).toEqual({
      tenant: null,
      application: null,
      instance: null,
      serviceLevelGroups: { totalCount: 0 },
      serviceLevelAgreements: { totalCount: 0 },
    });
  });

  it('a group is seen by whoever is in it now', async () => {
    const { gold, empty } = await makeGroups();
    const keys = async () => {
      const { data } = await server.ask(
        member(stage.provider.id, ['OWNER']),
        '{ serviceLevelGroups(filter: { memberKind: { eq: TENANT } }) { nodes { id } } }',
      );
      return data.serviceLevelGroups.nodes;
    };
    expect(await keys()).toEqual([{ id: gold.id }]);
    await stage.move(stage.provider.id, empty.id);
    expect(await keys()).toEqual([{ id: empty.id }]);
    await stage.move(stage.provider.id, '');
    expect(await keys()).toEqual([]);
  });

  it('a channel’s accounts see what is on their channel', async () => {
    await makeGroups();
    await stage.create({ channelId: stage.otherChannel.id, document: '<Other/>' }, operator(1000));
    const { readers } = db.persistence;
    const keys = async (actor: Actor) => {
      const [groups, agreements] = await Promise.all([
        readers.serviceLevelGroups.page(actor, { first: 10 }),
        readers.serviceLevelAgreements.page(actor, { first: 10 }),
      ]);
      return [groups.nodes.map(({ key }) => key), agreements.nodes.map(({ document }) => document)];
    };
    const all = [
      ['gold', 'bulk', 'empty'],
      ['<Gold/>', '<Bulk/>', '<Empty/>', '<Old/>', '<Uptime/>'],
    ];
    expect(await keys(account(stage.channel.id, 333))).toEqual(all);
    expect(await keys(account(stage.channel.id, 0))).toEqual([[], []]);
    expect(await keys(account(stage.otherChannel.id, 333))).toEqual([['gold'], ['<Other/>']]);
    expect(await keys(account(stage.channel.id, null, stage.rival.id))).toEqual([['gold'], ['<Gold/>']]);
  });

  it('tenants and applications are found by their group', async () => {
    const { gold } = await makeGroups();
    const { data } = await server.ask(
      operator(333),
      'query Q($id: ID!) { tenants(filter: { serviceLevelGroupId: { eq: $id } }) { nodes { name } } node(id: $id) { id } }',
      { id: gold.id },
    );
    expect(data).toEqual({
      tenants: { nodes: [{ name: 'Provider' }, { name: 'Rival' }] },
      node: { id: gold.id },
    });
  });

  it('refusals are told over GraphQL as they are meant', async () => {
    const { gold } = await makeGroups();
    const mutate = async (name: string, input: object) =>
      refusal(await server.mutate(operator(666), name, input, '{ __typename }'));
    const faulty = await server.mutate(
      operator(666),
      'setServiceLevelAgreement',
      { targetId: gold.id, type: 'uptime', document: '<a>\n<b></a>' },
      '{ __typename }',
    );
    expect(faulty.errors![0]!.message).toMatch(/^document: line 2, column \d+: /);
    expect(refusal(faulty)).toBe('INVALID invalid_value');
    expect(await mutate('createServiceLevelGroup', { memberKind: 'TENANT', key: 'x', document: '' })).toBe(
      'INVALID invalid_value',
    );
    expect(await mutate('moveToServiceLevelGroup', { id: stage.provider.id })).toBe('INVALID invalid_value');
    expect(await mutate('deleteServiceLevelGroup', { id: gold.id })).toMatch(/in_use$/);
    expect(await mutate('updateServiceLevelGroup', { id: gold.id, expectedVersion: 99, document: null })).toMatch(
      /version_conflict$/,
    );
  });

  it('null ends a document and takes a member out of its group; what is absent stays', async () => {
    const { gold } = await makeGroups();
    const group = 'serviceLevelGroup { properties { name } agreements { nodes { type terminatedAt } } }';
    const update = async (input: object) =>
      (await server.mutate(operator(666), 'updateServiceLevelGroup', { id: gold.id, ...input }, `{ ${group} }`)).data
        .updateServiceLevelGroup.serviceLevelGroup;
    const live = { type: 'service_provider', terminatedAt: null };
    expect((await update({ properties: null })).properties).toEqual([]);
    expect((await update({})).agreements.nodes).toContainEqual(live);
    expect((await update({ document: null })).agreements.nodes).not.toContainEqual(live);
    const out = { id: stage.provider.id, groupId: null };
    const moved = await server.mutate(
      operator(666),
      'moveToServiceLevelGroup',
      out,
      '{ tenant { serviceLevelGroup { id } } application { id } }',
    );
    expect(moved.data.moveToServiceLevelGroup).toEqual({ tenant: { serviceLevelGroup: null }, application: null });
  });

  it('a command sent again with its key has no second effect', async () => {
    const input = { memberKind: 'TENANT', key: 'once', document: '<Sla/>', idempotencyKey: 'k1' };
    const create = () =>
      server.mutate(operator(666), 'createServiceLevelGroup', input, '{ serviceLevelGroup { id version } }');
    const first = await create();
    expect(first.errors).toBeUndefined();
    expect((await create()).data).toEqual(first.data);
  });
});
