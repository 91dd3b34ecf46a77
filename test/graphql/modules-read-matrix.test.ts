import type { Actor, Role } from '../../src/core/shared/actor.js';
import { type Customer, makeCustomer } from '../persistence/support/world.js';
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
import { rootLists, singleOf } from './support/schema-walk.js';

const { schema } = await mercatorSubgraph;
const lists = rootLists(schema);
const roots = Object.keys(schema.getQueryType()!.getFields());

/** Who sees rows of a list besides operators and clients with a level: by their right in the tenant, as themselves, as members. */
type Rule = 'operators' | 'tenant' | 'tenant and self' | 'tenant and members';
const rules: Record<string, Rule> = {
  tenants: 'tenant and members',
  users: 'tenant and self',
  userEmails: 'tenant and self',
  memberships: 'tenant and self',
  sessions: 'tenant and self',
  licenses: 'tenant and self',
  applications: 'tenant and members',
  plans: 'tenant and members',
  licenseTypes: 'tenant and members',
  instances: 'tenant and members',
  approvals: 'tenant',
  licensePools: 'tenant',
  subscriptions: 'tenant',
  charges: 'tenant',
  serviceAccounts: 'tenant',
  channelRecords: 'tenant',
  accountCertificates: 'tenant',
  webhooks: 'tenant',
  serviceLevelGroups: 'tenant',
  serviceLevelAgreements: 'tenant',
  clients: 'tenant',
  identityProviders: 'tenant',
  journal: 'tenant',
  usageRecords: 'tenant',
  usageStatistics: 'tenant',
  scheduledCommands: 'operators',
  channels: 'operators',
  channelTasks: 'operators',
  externalRefs: 'operators',
  deliveries: 'operators',
  requestRecords: 'operators',
  alarms: 'operators',
};

interface Caller {
  readonly name: string;
  readonly actor: (customer: Customer) => Actor | undefined;
  readonly sees: 'everything' | 'nothing' | 'tenant' | 'self';
}
const person = (role: Role, sees: Caller['sees']): Caller => ({
  name: role,
  actor: ({ user, group }) => member(user.id, group.id, [role]),
  sees,
});
const callers: readonly Caller[] = [
  { name: 'anonymous', actor: () => undefined, sees: 'nothing' },
  person('AGENT', 'self'),
  person('MEMBER', 'self'),
  person('VIEWER', 'tenant'),
  person('ADMIN', 'tenant'),
  person('OWNER', 'tenant'),
  { name: 'OWNER without scope', actor: ({ user, group }) => member(user.id, group.id, ['OWNER'], 0), sees: 'nothing' },
  { name: 'operator 0', actor: () => operator(0), sees: 'nothing' },
  { name: 'operator 333', actor: () => operator(333), sees: 'everything' },
  { name: 'operator 666', actor: () => operator(666), sees: 'everything' },
  { name: 'operator 1000', actor: () => operator(1000), sees: 'everything' },
  { name: 'operator 1000 without scope', actor: () => operator(1000, 0), sees: 'nothing' },
  { name: 'client, level, hub.read', actor: () => client({ level: 1000, ceiling: 333 }), sees: 'everything' },
  { name: 'client, level 0', actor: () => client({ level: 0 }), sees: 'nothing' },
  { name: 'client, level, no scope', actor: () => client({ level: 1000, ceiling: 0 }), sees: 'nothing' },
  {
    name: 'client, tenant, hub.read',
    actor: ({ group }) => client({ tenantId: group.id, ceiling: 333 }),
    sees: 'tenant',
  },
  {
    name: 'client, tenant, no scope',
    actor: ({ group }) => client({ tenantId: group.id, ceiling: 0 }),
    sees: 'nothing',
  },
];

function isVisible(rule: Rule, sees: Caller['sees']): boolean {
  if (sees === 'everything') return true;
  if (sees === 'nothing' || rule === 'operators') return false;
  return sees === 'tenant' || rule !== 'tenant';
}

test('every root field has a rule', () => {
  expect(lists.map(({ name }) => name).sort()).toEqual(Object.keys(rules).sort());
  const ruled = lists.flatMap(({ name, node }) => [name, singleOf(schema, node)]);
  const others = [
    '_entities',
    '_service',
    'applicationByKey',
    'channelByName',
    'licensePoolTree',
    'node',
    'userByEmail',
    'viewer',
    'statisticTypes',
    'alarmTypes',
    'usageRecordByTransaction',
  ];
  expect([...ruled, ...others].sort()).toEqual([...roots].sort());
});

onEveryDatabase('who sees what', (db) => {
  let server: MercatorServer;
  let customer: Customer;
  let idOf: Record<string, string>;

  beforeEach(async () => {
    customer = await makeCustomer(db, 'acme');
    await addTraffic(db, customer);
    await db.raw.execute('UPDATE user_emails SET verified_key = email_key');
    server = await startMercator(db.persistence.readers, db.clock);
    // one object of each list that belongs to the customer's group
    const { group, user, application } = customer;
    idOf = { tenants: group.id, users: user.id, applications: application.id };
    const inGroup: Record<string, string> = { journal: `(filter: { tenantId: { eq: "${group.id}" } }, first: 1)` };
    const all = lists.map(({ name }) => `${name}${inGroup[name] ?? '(first: 1)'} { nodes { id } }`);
    const answer = await server.read(operator(), `{ ${all.join(' ')} }`);
    for (const { name } of lists) idOf[name] ??= answer[name].nodes[0].id;
  });
  afterEach(() => server.close());

  test.each(callers)('$name', async ({ actor, sees }) => {
    const asking = actor(customer);
    const query = lists.map(({ name, node }) => {
      const id = JSON.stringify(idOf[name]);
      return `${name} { totalCount nodes { id } } ${singleOf(schema, node)}(id: ${id}) { id } n_${name}: node(id: ${id}) { id }`;
    });
    const answer = await server.read(asking, `{ ${query.join(' ')} }`);
    for (const { name, node } of lists) {
      const visible = isVisible(rules[name]!, sees);
      const one = visible ? { id: idOf[name] } : null;
      const list = answer[name] as { totalCount: number; nodes: unknown[] };
      expect([name, list.nodes.length > 0, list.totalCount > 0]).toEqual([name, visible, visible]);
      expect([name, answer[singleOf(schema, node)], answer[`n_${name}`]]).toEqual([name, one, one]);
    }
  });

  test.each(callers)('$name: by natural names, and as references', async ({ actor, sees }) => {
    const { tenant, application, channel, user } = customer;
    const query = `query ($references: [_Any!]!) {
      applicationByKey(key: "${application.key}", ownerTenantId: "${tenant.id}") { id }
      channelByName(name: "${channel.name}") { id }
      userByEmail(email: "acme@example.com") { id }
      _entities(representations: $references) { ... on Node { id } }
      _service { sdl }
    }`;
    const references = [{ __typename: 'User', id: user.id }];
    const answer = await server.read(actor(customer), query, { references });
    const one = (rule: Rule, { id }: { id: string }) => (isVisible(rule, sees) ? { id } : null);
    expect(answer).toEqual({
      applicationByKey: one('tenant and members', application),
      channelByName: one('operators', channel),
      userByEmail: one('tenant and self', user),
      _entities: [one('tenant and self', user)],
      _service: { sdl: expect.stringContaining('type Tenant') },
    });
  });

  test('the viewer is told what they may do', async () => {
    const { user, group, tenant } = customer;
    const query = '{ viewer { kind id name rights user { id } tenants { roles rights tenant { id } } } }';
    const viewer = async (actor?: Actor) => (await server.read(actor, query)).viewer;
    expect(await viewer()).toEqual({
      kind: 'ANONYMOUS',
      id: '',
      name: 'anonymous',
      rights: [],
      user: null,
      tenants: [],
    });
    expect(await viewer(operator(666))).toMatchObject({ kind: 'OPERATOR', rights: ['READ', 'WRITE'], tenants: [] });
    expect(await viewer(operator(1000, 333))).toMatchObject({ rights: ['READ'] });
    expect(await viewer(member(user.id, group.id, ['OWNER']))).toEqual({
      kind: 'USER',
      id: user.id,
      name: 'Ute',
      rights: [],
      user: { id: user.id },
      tenants: [{ roles: ['OWNER'], rights: ['READ', 'WRITE', 'ADMIN'], tenant: { id: group.id } }],
    });
    expect(await viewer(member(user.id, group.id, ['MEMBER']))).toMatchObject({
      tenants: [{ roles: ['MEMBER'], rights: [], tenant: { id: group.id } }],
    });
    expect(await viewer(client({ tenantId: tenant.id, ceiling: 333 }))).toMatchObject({
      kind: 'CLIENT',
      user: null,
      tenants: [{ roles: [], rights: ['READ'], tenant: { id: tenant.id } }],
    });
  });
});
