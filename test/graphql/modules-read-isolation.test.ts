import type { Actor } from '../../src/core/shared/actor.js';
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
import { idsIn, rootLists, selectionOf, singleOf as singleIn } from './support/schema-walk.js';

const { schema } = await mercatorSubgraph;
const lists = rootLists(schema);
const singleOf = (node: Parameters<typeof singleIn>[1]) => singleIn(schema, node);
const secrets = /topsecret|account hash|digest secret|\$argon2id|whsec_|idp secret|client hash/;

onEveryDatabase('two customers', (db) => {
  let server: MercatorServer;
  let ours: Customer;
  let theirs: Customer;
  let theirIds: Set<string>;
  let admins: [string, Actor][];

  beforeEach(async () => {
    ours = await makeCustomer(db, 'ours');
    theirs = await makeCustomer(db, 'theirs');
    const traffic = [await addTraffic(db, ours), await addTraffic(db, theirs)];
    theirIds = new Set([...Object.values(theirs), ...Object.values(traffic[1]!)].map(({ id }) => id));
    server = await startMercator(db.persistence.readers, db.clock);
    admins = [
      ['OWNER', member(ours.user.id, ours.tenant.id, ['OWNER'])],
      ['VIEWER', member(ours.user.id, ours.group.id, ['VIEWER'])],
      ['MEMBER', member(ours.user.id, ours.group.id, ['MEMBER'])],
      ['client', client({ tenantId: ours.tenant.id })],
    ];
  });
  afterEach(() => server.close());

  test('nothing of the other shows in any list, two relations deep, and no secret to anybody', async () => {
    for (const { name, node } of lists) {
      const query = `{ ${name}(first: 200) { totalCount edges { cursor } nodes ${selectionOf(node, 2, theirs.user.id)} } }`;
      const seen = await server.read(operator(), query);
      expect(JSON.stringify(seen)).not.toMatch(secrets);
      expect([name, [...idsIn(seen)].some((id) => theirIds.has(id))]).toEqual([name, true]);
      for (const [who, actor] of admins) {
        const answer = await server.read(actor, query);
        expect([who, name, [...idsIn(answer)].filter((id) => theirIds.has(id))]).toEqual([who, name, []]);
        expect([who, name, answer[name].totalCount]).toEqual([who, name, answer[name].nodes.length]);
      }
    }
  });

  test('the other’s objects are missing by id, as nodes, as references and through filters', async () => {
    const ids = [...theirIds];
    const byId = (field: string) => ids.map((id, index) => `${field}${index}: ${field}(id: "${id}") { id }`).join(' ');
    for (const [who, actor] of admins) {
      for (const { name, node } of lists) {
        const single = singleOf(node);
        const answer = await server.read(
          actor,
          `query ($ids: [ID!]) { ${byId(single)} ${byId('node')} ${name}(filter: { id: { in: $ids } }) { totalCount nodes { id } } }`,
          { ids },
        );
        const { [name]: list, ...singles } = answer;
        expect([who, name, list]).toEqual([who, name, { totalCount: 0, nodes: [] }]);
        expect([who, single, Object.values(singles).filter((found) => found !== null)]).toEqual([who, single, []]);
      }
    }
  });

  test('references of other subgraphs are answered with what the caller may see', async () => {
    const of = ({ tenant, user, instance, license, pool, subscription, application }: Customer) => [
      { __typename: 'Tenant', id: tenant.id },
      { __typename: 'User', id: user.id },
      { __typename: 'Instance', id: instance.id },
      { __typename: 'License', id: license.id },
      { __typename: 'LicensePool', id: pool.id },
      { __typename: 'BillingSubscription', id: subscription.id },
      { __typename: 'Application', id: application.id },
    ];
    const query =
      'query ($references: [_Any!]!) { _entities(representations: $references) { __typename ... on Node { id } } }';
    const read = async (actor: Actor) =>
      (await server.read(actor, query, { references: [...of(ours), ...of(theirs)] }))._entities;
    expect(await read(operator())).toEqual([...of(ours), ...of(theirs)]);
    expect(await read(admins[0]![1])).toEqual([...of(ours), ...of(theirs).map(() => null)]);
  });

  test('people are found by verified address, in any letter case, by those who may see them', async () => {
    await db.raw.execute("UPDATE user_emails SET verified_key = email_key WHERE email_key LIKE '%@example.com'");
    const query = `query ($email: String!, $references: [_Any!]!) {
      userByEmail(email: $email) { id email }
      _entities(representations: $references) { ... on User { id email } }
    }`;
    const ask = (actor: Actor, email: string) =>
      server.read(actor, query, { email, references: [{ __typename: 'User', email }] });
    const found = { id: theirs.user.id, email: 'theirs@example.com' };
    expect(await ask(operator(), 'THEIRS@example.com')).toEqual({ userByEmail: found, _entities: [found] });
    expect(await ask(admins[0]![1], 'theirs@example.com')).toEqual({ userByEmail: null, _entities: [null] });
    expect(await ask(operator(), 'nobody@example.com')).toEqual({ userByEmail: null, _entities: [null] });

    await db.raw.execute('UPDATE user_emails SET verified_key = NULL');
    expect(await ask(operator(), 'theirs@example.com')).toEqual({ userByEmail: null, _entities: [null] });
  });

  test('a cursor someone else got opens nothing more', async () => {
    const query = 'query ($after: Cursor) { tenants(first: 1, after: $after) { nodes { id } pageInfo { endCursor } } }';
    const first = await server.read(operator(), query);
    const next = await server.read(admins[0]![1], query, { after: first.tenants.pageInfo.endCursor });
    expect([...idsIn(next.tenants.nodes)].filter((id) => theirIds.has(id))).toEqual([]);

    const changed = await server.ask(admins[0]![1], query, { after: `${first.tenants.pageInfo.endCursor}AA` });
    expect(changed.errors![0]!.extensions).toMatchObject({ reason: 'invalid_cursor' });
  });
});
