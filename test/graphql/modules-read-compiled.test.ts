import { type ExecutionResult, execute, parse } from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import { createContext } from '../../src/adapters/graphql/context.js';
import { createJournalTail } from '../../src/adapters/graphql/index.js';
import { type Customer, makeCustomer } from '../persistence/support/world.js';
import { onEveryDatabase } from '../support/databases.js';
import { addTraffic, mercatorSubgraph, operator } from './support/mercator.js';
import { rootLists, selectionOf } from './support/schema-walk.js';

const { schema } = await mercatorSubgraph;

onEveryDatabase(
  'compiled and interpreted queries agree',
  (db) => {
    let customer: Customer;
    beforeAll(async () => {
      customer = await makeCustomer(db, 'acme');
      await addTraffic(db, customer);
    });

    async function both(query: string): Promise<[compiled: ExecutionResult, interpreted: ExecutionResult]> {
      const { readers } = db.persistence;
      const services = {
        readers,
        clock: db.clock,
        journalTail: createJournalTail(readers.journal),
        describeChannels: async (ids: readonly string[]) => ids.map(() => null),
      };
      const contextValue = () =>
        createContext({ actor: operator(), requestId: 'req-1', address: '127.0.0.1' }, services);
      const document = parse(query);
      const compiled = compileQuery(schema, document);
      if (!isCompiledQuery(compiled)) throw new Error('cannot be compiled');
      const run = await compiled.query(undefined, contextValue(), {});
      return [run, await execute({ schema, document, contextValue: contextValue() })];
    }

    test.each(rootLists(schema))('on $name, two relations deep', async ({ name, node }) => {
      const list = `{ ${name} { totalCount edges { cursor } pageInfo { hasNextPage endCursor } nodes`;
      const [compiled, interpreted] = await both(`${list} ${selectionOf(node, 2, customer.user.id)} } }`);
      expect(interpreted.errors).toBeUndefined();
      expect(JSON.parse(JSON.stringify(compiled))).toEqual(JSON.parse(JSON.stringify(interpreted)));
    });

    test('on nodes, references and natural names', async () => {
      const { user, tenant, application } = customer;
      const [compiled, interpreted] = await both(`{
      node(id: "${user.id}") { __typename id ... on User { displayName } ... on Tenant { name } }
      _entities(representations: [{ __typename: "User", id: "${user.id}" }, { __typename: "Tenant", id: "x" }]) {
        __typename ... on User { displayName memberships { nodes { roles } } }
      }
      applicationByKey(key: "${application.key}", ownerTenantId: "${tenant.id}") { name }
      viewer { kind rights tenants { roles } }
    }`);
      expect(interpreted.errors).toBeUndefined();
      expect(JSON.parse(JSON.stringify(compiled))).toEqual(JSON.parse(JSON.stringify(interpreted)));
    });
  },
  { emptied: 'once' },
);
