import { type GraphQLEnumType, getNamedType, isEnumType } from 'graphql';
import { type ListName, type ReaderField, readerFields } from '../../src/core/reader-fields.js';
import type { Reader } from '../../src/core/shared/reading.js';
import { makeCustomer, system } from '../persistence/support/world.js';
import { onEveryDatabase } from '../support/databases.js';
import { addTraffic, type MercatorServer, mercatorSubgraph, operator, startMercator } from './support/mercator.js';
import { rootLists } from './support/schema-walk.js';

const { schema } = await mercatorSubgraph;
const lists = rootLists(schema);
type Row = Readonly<Record<string, unknown>> & { readonly id: string };

/** A value of a row as the schema writes it in a filter. */
function literal(list: string, field: ReaderField, value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (field.type !== 'enum') return JSON.stringify(typeof value === 'bigint' ? value.toString() : value);
  const args = schema.getQueryType()!.getFields()[list]!.args;
  const filter = getNamedType(args.find((arg) => arg.name === 'filter')!.type) as { getFields?: () => never };
  const condition = getNamedType((filter.getFields!() as never as Record<string, { type: never }>)[field.name]!.type);
  const { eq } = (condition as never as { getFields(): Record<string, { type: never }> }).getFields();
  const type = getNamedType(eq!.type) as unknown as GraphQLEnumType;
  expect(isEnumType(type)).toBe(true);
  return type.getValues().find((candidate) => candidate.value === value)!.name;
}

onEveryDatabase(
  'lists',
  (db) => {
    let server: MercatorServer;
    const rowsOf = async (list: ListName): Promise<Row[]> => {
      const reader = db.persistence.readers[list] as unknown as Reader<Row>;
      return [...(await reader.page(system, { first: 200 })).nodes];
    };

    beforeAll(async () => {
      for (const name of ['one', 'two', 'three']) {
        await addTraffic(db, await makeCustomer(db, name));
        db.clock.advance(1_000);
      }
      server = await startMercator(db.persistence.readers, db.clock);
    });
    afterAll(() => server.close());

    test.each(lists)('$name pages forward without gaps, and counts', async ({ name }) => {
      const expected = (await rowsOf(name as ListName)).map(({ id }) => id);
      expect(expected.length).toBeGreaterThanOrEqual(3);
      const query = `query ($after: Cursor) { ${name}(first: 2, after: $after) {
      totalCount nodes { id } edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    } }`;
      const seen: string[] = [];
      let after: string | null = null;
      do {
        const { [name]: page } = await server.read(operator(), query, { after });
        expect(page.totalCount).toBe(expected.length);
        expect(page.edges.map((edge: { node: unknown }) => edge.node)).toEqual(page.nodes);
        expect(page.pageInfo).toMatchObject({
          hasPreviousPage: after !== null,
          startCursor: page.edges[0].cursor,
          endCursor: page.edges.at(-1).cursor,
        });
        seen.push(...page.nodes.map(({ id }: Row) => id));
        after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
      } while (after !== null);
      expect(seen).toEqual(expected);
    });

    test.each(lists)('$name filters by every field it offers', async ({ name }) => {
      const rows = await rowsOf(name as ListName);
      const row = rows.at(-1)!;
      for (const field of readerFields[name as ListName] as readonly ReaderField[]) {
        const value = literal(name, field, row[field.name]);
        const answer = await server.read(
          operator(),
          `{ ${name}(first: 200, filter: { ${field.name}: { eq: ${value} } }) { totalCount nodes { id } } }`,
        );
        const same = rows.filter((candidate) => candidate[field.name] === row[field.name]).map(({ id }) => id);
        expect([field.name, answer[name].nodes.map(({ id }: Row) => id)]).toEqual([field.name, same]);
        expect([field.name, answer[name].totalCount]).toEqual([field.name, same.length]);
      }
    });

    test.each(lists)('$name orders by every field it offers, both ways', async ({ name }) => {
      const rows = await rowsOf(name as ListName);
      for (const field of (readerFields[name as ListName] as readonly ReaderField[]).filter((f) => f.orderable)) {
        for (const direction of ['ASC', 'DESC']) {
          const seen: unknown[] = [];
          let after: string | null = null;
          do {
            const answer = await server.read(
              operator(),
              `query ($after: Cursor) { ${name}(first: 100, after: $after, orderBy: { field: ${field.name}, direction: ${direction} }) {
              nodes { id } pageInfo { hasNextPage endCursor }
            } }`,
              { after },
            );
            seen.push(
              ...answer[name].nodes.map(({ id }: Row) => rows.find((row) => row.id === id)![field.name] ?? null),
            );
            after = answer[name].pageInfo.hasNextPage ? answer[name].pageInfo.endCursor : null;
          } while (after !== null);
          const sign = direction === 'ASC' ? 1 : -1;
          const sorted = [...seen].sort((a, b) => {
            if (a === null || b === null) return Number(a === null) - Number(b === null);
            return a === b ? 0 : sign * ((a as string) < (b as string) ? -1 : 1);
          });
          expect([field.name, direction, seen]).toEqual([field.name, direction, sorted]);
          expect(seen).toHaveLength(rows.length);
        }
      }
    });

    test('what a list does not offer is refused', async () => {
      const refused = await server.ask(operator(), '{ tenants(filter: { contact: { eq: "x" } }) { nodes { id } } }');
      expect(refused.errors![0]!.extensions).toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' });
      const tooMany = await server.ask(operator(), '{ tenants(first: 201) { nodes { id } } }');
      expect(tooMany.errors![0]!.extensions).toMatchObject({ code: 'INVALID' });
    });
  },
  { emptied: 'once' },
);
