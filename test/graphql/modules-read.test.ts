import {
  type GraphQLInterfaceType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { type Customer, command, makeCustomer, system, write } from '../persistence/support/world.js';
import { onEveryDatabase } from '../support/databases.js';
import {
  addTraffic,
  client,
  type MercatorServer,
  member,
  mercatorSubgraph,
  operator,
  startMercator,
} from './support/mercator.js';

const { schema } = await mercatorSubgraph;

test('every type, field and argument says what it is', () => {
  const silent: string[] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (/^_|__/.test(type.name) || isSpecifiedScalarType(type)) continue;
    const isRoot = ['Query', 'Mutation', 'Subscription'].includes(type.name);
    if (!isRoot && !type.description) silent.push(type.name);
    if (isEnumType(type) || !(isObjectType(type) || isInterfaceType(type) || isInputObjectType(type))) continue;
    for (const field of Object.values(type.getFields())) {
      if (field.name.startsWith('_')) continue;
      if (!field.description) silent.push(`${type.name}.${field.name}`);
      const args: readonly { name: string; description?: string | null }[] = 'args' in field ? field.args : [];
      silent.push(...args.filter((arg) => !arg.description).map((arg) => `${type.name}.${field.name}(${arg.name})`));
    }
  }
  expect(silent.filter((name) => !/Input|Payload|^Mutation|^AssignLicense/.test(name))).toEqual([]);
});

test('no field is named after a secret', () => {
  const names = Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) && !/Payload|^Mutation/.test(type.name))
    .flatMap((type) => Object.keys((type as { getFields(): object }).getFields()));
  expect(names.filter((name) => /hash|secret|settings|handle|cookie/i.test(name))).toEqual([]);
  const asked = ['hasPassword', 'hasTrafficPassword', 'mustChangePassword'];
  expect(names.filter((name) => /password/i.test(name)).sort()).toEqual(asked);
});

test('types behind ids are told at once: compiled queries cannot wait for them', () => {
  const node = schema.getType('Node') as GraphQLInterfaceType;
  const id = `usr_${'0'.repeat(26)}`;
  expect(node.resolveType!({ id }, {}, {} as never, node)).toBe('User');
});

onEveryDatabase('what objects show', (db) => {
  let server: MercatorServer;
  let customer: Customer;

  beforeEach(async () => {
    customer = await makeCustomer(db, 'acme');
    server = await startMercator(db.persistence.readers, db.clock);
  });
  afterEach(() => server.close());

  test('tenants: the tree, and null where there is nothing above', async () => {
    const { tenant, group, channel } = customer;
    const tree =
      '{ tenants { nodes { name kind state country holds { by } terminatedAt parent { name } channel { name protocol } children { nodes { name } } } } }';
    const plain = { kind: 'CUSTOMER', state: 'ACTIVE', country: '', holds: [], terminatedAt: null };
    expect((await server.read(operator(), tree)).tenants.nodes).toEqual([
      {
        ...plain,
        name: tenant.name,
        parent: null,
        channel: { name: channel.name, protocol: 'NEC' },
        children: { nodes: [{ name: group.name }] },
      },
      { ...plain, name: group.name, parent: { name: tenant.name }, channel: null, children: { nodes: [] } },
    ]);
    const roots = '{ tenants(filter: { parentId: { eq: null } }) { totalCount nodes { id } } }';
    expect((await server.read(operator(), roots)).tenants).toEqual({ totalCount: 1, nodes: [{ id: tenant.id }] });

    // an administrator of the group does not see what is above
    const admin = member(customer.user.id, group.id, ['ADMIN']);
    const above = `{ tenant(id: "${group.id}") { parent { name } channel { name } } }`;
    expect(await server.read(admin, above)).toEqual({ tenant: { parent: null, channel: null } });
  });

  test('states: what is held, locked, waiting or ended', async () => {
    const { tenant, instance, application } = customer;
    const hold = { authority: 'operator' as const, channelId: '', by: 'usr_1', at: db.clock.now() };
    await write(db.persistence, async (tx) => {
      await tx.tenants.save(tenant, { holds: [hold] });
      await tx.instances.save(instance, { pending: 'update' });
      await tx.applications.save(application, { locked: true });
    });
    const query = `{
      tenants(filter: { pending: { eq: NONE } }, first: 1) { nodes { state holds { authority by at } } }
      instances(filter: { pending: { in: [UPDATE, DELETE] } }) { nodes { state } }
      applications(filter: { locked: { eq: true } }) { nodes { state locked } }
    }`;
    expect(await server.read(operator(), query)).toEqual({
      tenants: { nodes: [{ state: 'INACTIVE', holds: [{ authority: 'OPERATOR', by: 'usr_1', at: hold.at }] }] },
      instances: { nodes: [{ state: 'UPDATE_PENDING' }] },
      applications: { nodes: [{ state: 'LOCKED', locked: true }] },
    });
  });

  test('instances: parameters, pools, seats, who may use them and why not', async () => {
    const { instance, user, pool, license, group } = customer;
    const query = `query ($user: ID!) { instance(id: "${instance.id}") {
      parameters { name value }
      configuredAt
      tenant { id } application { key } channel { id }
      licensePools { nodes { id quantity used free parent { id } licenseType { code } instance { id } } }
      licenses { nodes { id user { id } pool { id } licenseType { code } instance { id } releasedAt } }
      memberships { nodes { roles loginName user { displayName } tenant { id } instance { id } channel { id } } }
      externalRefs { nodes { externalId kind live target { __typename id } parent { id } } }
      usability(userId: $user) { usable reason }
      before: usage(at: "2026-01-14T00:00:00Z") { purchased assigned billable }
      usage { code purchased assigned licenseType { name } }
    } }`;
    const ask = (userId = user.id) => server.read(operator(), query, { user: userId });
    const { instance: seen } = await ask();
    expect(seen).toMatchObject({
      parameters: [{ name: 'color', value: 'blue' }],
      configuredAt: null,
      tenant: { id: group.id },
      application: { key: 'acme-app' },
      licensePools: {
        nodes: [
          {
            id: pool.id,
            quantity: 5,
            used: 0,
            free: 5,
            parent: null,
            licenseType: { code: 'seat' },
            instance: { id: instance.id },
          },
        ],
      },
      licenses: { nodes: [{ id: license.id, user: { id: user.id }, pool: { id: pool.id }, releasedAt: null }] },
      memberships: { nodes: [{ roles: ['MEMBER'], loginName: 'login', user: { displayName: 'acme' } }] },
      externalRefs: {
        nodes: [
          {
            externalId: 'acme-realm',
            kind: 'INSTANCE',
            live: true,
            target: { __typename: 'Instance', id: instance.id },
            parent: null,
          },
        ],
      },
      usability: { usable: true, reason: null },
      before: [{ purchased: 0, assigned: 0, billable: 0 }],
      usage: [{ code: 'seat', purchased: 5, assigned: 1, licenseType: { name: 'seat' } }],
    });

    const stranger = await makeCustomer(db, 'stranger');
    expect((await ask(stranger.user.id)).instance.usability).toEqual({ usable: false, reason: 'MEMBERSHIP' });
    expect((await ask('usr_00000000000000000000000000')).instance.usability).toBeNull();
    const admin = member(user.id, group.id, ['ADMIN']);
    const foreign = await server.read(admin, query, { user: stranger.user.id });
    expect(foreign.instance.usability).toBeNull();

    await write(db.persistence, async (tx) => {
      await tx.users.save(user, { holds: [{ authority: 'operator', channelId: '', by: 'x', at: tx.now }] });
    });
    expect((await ask()).instance.usability).toEqual({ usable: false, reason: 'USER' });
    await write(db.persistence, async (tx) => {
      await tx.instances.save(instance, { terminatedAt: tx.now });
    });
    expect((await ask()).instance.usability).toEqual({ usable: false, reason: 'INSTANCE' });
  });

  test('subscriptions follow the clock; money is minor units', async () => {
    const { subscription, plan, instance } = customer;
    await write(db.persistence, async (tx) => {
      await tx.subscriptions.save(subscription, { trialEndsAt: '2026-01-20T00:00:00.000Z' });
    });
    const query = `{ instance(id: "${instance.id}") { subscription {
      id inTrial currentPeriod { startsAt endsAt } price { amount currency } interval seats status
      plan { id key price { amount } } scheduledCommands { nodes { command input object { __typename } } }
    } } }`;
    const read = async () => (await server.read(operator(), query)).instance.subscription;
    expect(await read()).toEqual({
      id: subscription.id,
      inTrial: true,
      currentPeriod: { startsAt: '2026-01-15T09:00:00.000Z', endsAt: '2026-02-15T09:00:00.000Z' },
      price: { amount: '1500', currency: 'EUR' },
      interval: 'MONTH',
      seats: 'PER_SEAT',
      status: 'ACTIVE',
      plan: { id: plan.id, key: 'basic', price: { amount: '1500' } },
      scheduledCommands: {
        nodes: [{ command: 'END_SUBSCRIPTION', input: '{}', object: { __typename: 'BillingSubscription' } }],
      },
    });
    db.clock.set('2026-03-01T00:00:00.000Z');
    expect(await read()).toMatchObject({
      inTrial: false,
      currentPeriod: { startsAt: '2026-02-15T09:00:00.000Z', endsAt: '2026-03-15T09:00:00.000Z' },
    });
    await write(db.persistence, async (tx) => {
      const current = await tx.subscriptions.lock(subscription.id);
      await tx.subscriptions.save(current!, { status: 'ENDED', endedAt: tx.now });
    });
    expect(await read()).toMatchObject({ status: 'ENDED', currentPeriod: null });
  });

  test('the journal: who, through what, before and after, without secrets; erased data are null', async () => {
    const { tenant, channel, serviceAccount } = customer;
    await db.persistence.uow.run(
      system,
      { ...command('tenancy.updateTenant'), channelId: channel.id, reason: 'asked by phone' },
      (tx) => tx.tenants.save(tenant, { name: 'Acme & Sons' }),
    );
    await db.persistence.journalChain.seal(1_000);
    const query = `{ tenant(id: "${tenant.id}") { journal(orderBy: { field: sequence, direction: DESC }, first: 1) { nodes {
      sequence actorKind actorId actor { id } channel { id } command reason requestId object { __typename id } before after
    } } } }`;
    const [entry] = (await server.read(operator(), query)).tenant.journal.nodes;
    expect(entry).toMatchObject({
      actorKind: 'SYSTEM',
      actorId: 'test',
      actor: null,
      channel: { id: channel.id },
      command: 'tenancy.updateTenant',
      reason: 'asked by phone',
      requestId: 'req-1',
      object: { __typename: 'Tenant', id: tenant.id },
    });
    expect(entry.sequence).toBeGreaterThan(1);
    expect(JSON.parse(entry.before)).toMatchObject({ name: 'acme' });
    expect(JSON.parse(entry.after)).toMatchObject({ name: 'Acme & Sons' });

    const created = `{ serviceAccount(id: "${serviceAccount.id}") { allowsDigest journal { nodes { before after } } } }`;
    const { serviceAccount: account } = await server.read(operator(), created);
    expect(account).toMatchObject({ allowsDigest: true, journal: { nodes: [{ before: null }] } });
    expect(account.journal.nodes[0].after).not.toMatch(/hash|digest secret/);
  });

  test('what is on its way, and what was said', async () => {
    const { delivery, record } = await addTraffic(db, customer);
    const query = `{
      deliveries(filter: { parkedAt: { gte: "2026-01-01" } }) { nodes { id subscriber attempts lastError tenant { id } aggregate { __typename id } } }
      requestRecords { nodes { id direction operation status durationMs request channel { name } } }
      approvals { nodes { kind status proposed object { __typename id } } }
      channelRecords { nodes { data kind endedAt tenant { id channelRecords { totalCount } } records { totalCount } } }
    }`;
    expect(await server.read(client({ level: 333 }), query)).toEqual({
      deliveries: {
        nodes: [
          {
            id: delivery.id,
            subscriber: 'webhook:1',
            attempts: 3,
            lastError: 'HTTP 500',
            tenant: { id: customer.group.id },
            aggregate: { __typename: 'License', id: customer.license.id },
          },
        ],
      },
      requestRecords: {
        nodes: [
          {
            id: record.id,
            direction: 'IN',
            operation: 'CreateUser',
            status: 200,
            durationMs: 12,
            request: '<a/>',
            channel: { name: customer.channel.name },
          },
        ],
      },
      approvals: {
        nodes: [
          {
            kind: 'UPDATE',
            status: 'OPEN',
            proposed: '{"name":"other"}',
            object: { __typename: 'Tenant', id: customer.group.id },
          },
        ],
      },
      channelRecords: {
        nodes: [
          {
            data: '{"length":3}',
            kind: 'queue',
            endedAt: null,
            tenant: { id: customer.group.id, channelRecords: { totalCount: 1 } },
            records: { totalCount: 0 },
          },
        ],
      },
    });
  });
});
