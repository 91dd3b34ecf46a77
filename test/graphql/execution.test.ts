import { createDocuments, isPrepared } from '../../src/adapters/graphql/documents/documents.js';
import { createCompiledQueries } from '../../src/adapters/graphql/execution/compiled-queries.js';
import { defaultSettings } from '../../src/adapters/graphql/settings.js';
import { buildSampleSubgraph, sampleId, sampleServices } from './support/sample-schema.js';
import { type Answer, type SampleServer, startSample } from './support/server.js';

let interpreted: SampleServer;
let compiled: SampleServer;
beforeAll(async () => {
  interpreted = await startSample({ compileAfter: 0 });
  compiled = await startSample({ compileAfter: 1 });
});
afterAll(() => Promise.all([interpreted.close(), compiled.close()]));

const anyId = sampleId('ten', 1);
const cases: [name: string, query: string, variables?: object][] = [
  [
    'a tree',
    '{ tenants { totalCount nodes { id name kind createdAt balance users(first: 2) { totalCount edges { cursor node { email tenant { name } } } pageInfo { hasNextPage endCursor } } } } }',
  ],
  [
    'fragments and aliases',
    '{ a: tenants(first: 1) { ...T } b: tenants(first: 2, orderBy: { field: name, direction: DESC }) { ...T } } fragment T on TenantConnection { nodes { label: name __typename } }',
  ],
  [
    'an interface',
    'query ($id: ID!) { node(id: $id) { __typename id ... on Tenant { name } ... on User { email } } }',
    { id: anyId },
  ],
  [
    'skip and include',
    'query ($no: Boolean!) { tenants(first: 1) { nodes { id @skip(if: $no) name @include(if: $no) } } }',
    { no: true },
  ],
  [
    'skip and include, reversed',
    'query ($no: Boolean!) { tenants(first: 1) { nodes { id @skip(if: $no) name @include(if: $no) } } }',
    { no: false },
  ],
  ['defaults of variables', 'query ($n: Int = 1) { tenants(first: $n) { nodes { id } } }'],
  ['defaults of variables that must not be null', 'query ($n: Int! = 1) { tenants(first: $n) { nodes { id } } }'],
  ['a value instead of such a default', 'query ($n: Int! = 1) { tenants(first: $n) { nodes { id } } }', { n: 2 }],
  ['null instead of such a default', 'query ($n: Int! = 1) { tenants(first: $n) { nodes { id } } }', { n: null }],
  [
    'entities',
    'query ($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Tenant { name } ... on User { email tenant { name } } } }',
    {
      r: [
        { __typename: 'Tenant', id: anyId },
        { __typename: 'User', email: 'user1@tenant2.example' },
        { __typename: 'Tenant', id: 'nobody' },
      ],
    },
  ],
  [
    'an unknown entity type',
    'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }',
    { r: [{ __typename: 'Nothing', id: anyId }] },
  ],
  ['a refusal of the core', '{ fails(how: "domain") }'],
  ['a failure inside', '{ tenants(first: 1) { nodes { id } } fails(how: "badly") }'],
  ['a refusal on a field that must not be null', '{ __typename failsHard }'],
  ['null where it must not be, below a nullable parent', '{ broken { id name } }'],
  ['a value that is not in its enum', '{ broken { id kind } }'],
  ['a page size out of bounds', '{ tenants(first: 500) { nodes { id } } }'],
  ['a variable of the wrong type', 'query ($id: ID!) { tenant(id: $id) { id } }', { id: { a: 1 } }],
  ['a missing variable', 'query ($id: ID!) { tenant(id: $id) { id } }', {}],
  [
    'a wrong enum value in a variable',
    'query ($o: TenantOrder) { tenants(orderBy: $o) { nodes { id } } }',
    { o: { field: 'nam' } },
  ],
  [
    'an unknown input field',
    'query ($o: TenantOrder) { tenants(orderBy: $o) { nodes { id } } }',
    { o: { field: 'name', x: 1 } },
  ],
  ['a moment that is none', 'query ($at: DateTime!) { echoMoment(at: $at) }', { at: '2026-02-30T00:00:00Z' }],
  ['a moment as number', 'query ($at: DateTime!) { echoMoment(at: $at) }', { at: 5 }],
  ['null for an argument with a default', 'query ($n: Int = 3) { tenants(first: $n) { nodes { id } } }', { n: null }],
  [
    'filters in variables',
    'query ($f: TenantListFilter) { tenants(filter: $f) { totalCount nodes { name } } }',
    { f: { kind: { in: ['customer'] }, name: { startsWith: 'Tenant' }, createdAt: { lt: '2026-01-03' } } },
  ],
  ['introspection', '{ __type(name: "User") { name fields { name type { kind ofType { name } } } } }'],
  [
    'mutations, in order',
    `mutation { a: renameTenant(id: "${anyId}", name: "one") { name } b: renameTenant(id: "nobody", name: "two") { name } }`,
  ],
];

const withoutRequestIds = (answer: Answer) =>
  JSON.parse(JSON.stringify(answer, (key, value) => (key === 'requestId' ? 'req' : value))) as Answer;

test.each([...cases])('compiled and interpreted agree on %s', async (...[, query, variables = {}]) => {
  const expected = withoutRequestIds(await interpreted.query(query, variables));
  const runs: Answer[] = [];
  for (let run = 0; run < 3; run++) runs.push(withoutRequestIds(await compiled.query(query, variables)));
  for (const answer of runs) expect(comparable(answer)).toEqual(comparable(expected));
  expect(compiled.services.renamed.length).toBe(interpreted.services.renamed.length * 3);
});

/** The libraries word and count mistakes in variables differently; that it is one, and that nothing ran, must be the same. */
function comparable(answer: Answer): unknown {
  const mistaken = answer.errors?.every((error) => error.extensions.code === 'BAD_USER_INPUT' && !error.path);
  return mistaken ? { mistaken, data: answer.data } : answer;
}

describe('compiling', () => {
  const prepare = async (source: string) => {
    const { schema } = await buildSampleSubgraph();
    const prepared = createDocuments(schema, defaultSettings).prepare(source);
    if (!isPrepared(prepared)) throw new Error('not valid');
    return { schema, prepared, operation: prepared.operations[0]! };
  };

  test('waits until a document was seen often enough', async () => {
    const { schema, prepared, operation } = await prepare('{ __typename }');
    const queries = createCompiledQueries({ schema, after: 3, limit: 10 });
    const seen = [];
    for (; prepared.runs < 5; prepared.runs++) seen.push(queries.for(prepared, operation) !== undefined);
    expect(seen).toEqual([false, false, false, true, true]);
  });

  test('is off with 0', async () => {
    const { schema, prepared, operation } = await prepare('{ __typename }');
    prepared.runs = 1_000;
    expect(createCompiledQueries({ schema, after: 0, limit: 10 }).for(prepared, operation)).toBeUndefined();
  });

  test('rests between two compilations, and keeps a bounded number', async () => {
    const { schema, prepared, operation } = await prepare('{ __typename }');
    let time = 0;
    const queries = createCompiledQueries({ schema, after: 0.5, limit: 2, now: () => (time += 10) });
    prepared.runs = 1;
    const another = async (name: string) => {
      const other = await prepare(`{ ${name}: __typename }`);
      other.prepared.runs = 1;
      return queries.for(other.prepared, other.operation) !== undefined;
    };
    expect(queries.for(prepared, operation)).toBeDefined();
    expect(await another('a')).toBe(false);
    time += 1_000;
    expect(await another('b')).toBe(true);
    time += 1_000;
    expect(await another('c')).toBe(true);
    expect(queries.size).toBe(2);
  });
});

describe('batching', () => {
  test('four levels cost one call each, however wide', async () => {
    const server = await startSample({ cost: 1e9 }, sampleServices({ tenants: 20, users: 5 }));
    const query =
      '{ tenants { nodes { users { totalCount nodes { email tenant { name users(first: 1) { nodes { id } } } } } } } }';
    const answer = await server.query(query);
    expect(answer.errors).toBeUndefined();
    const { tenants, users } = server.services;
    expect(tenants.calls.map((call) => call.method)).toEqual(['page', 'byIds']);
    expect(users.calls.map((call) => call.method).sort()).toEqual(['countsByParent', 'pagesByParent', 'pagesByParent']);
    expect(users.calls.every((call) => call.keys.length === 20)).toBe(true);
    await server.close();
  });

  test('totalCount is counted only when asked for', async () => {
    const server = await startSample();
    await server.query('{ tenants { nodes { id users { nodes { id } } } } }');
    expect(server.services.users.calls.map((call) => call.method)).toEqual(['pagesByParent']);
    expect(server.services.tenants.calls.map((call) => call.method)).toEqual(['page']);
    await server.close();
  });

  test('N references of a type cost one call', async () => {
    const server = await startSample({}, sampleServices({ tenants: 100, users: 1 }));
    const representations = Array.from({ length: 100 }, (_, n) => [
      { __typename: 'Tenant', id: sampleId('ten', n + 1) },
      { __typename: 'User', id: sampleId('usr', n + 1) },
    ]).flat();
    const query =
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Tenant { name } ... on User { email } } }';
    const { data } = await server.query(query, { r: representations });
    const found = (data as { _entities: unknown[] })._entities;
    expect(found.filter(Boolean)).toHaveLength(200);
    expect(server.services.tenants.calls).toHaveLength(1);
    expect(server.services.users.calls).toHaveLength(1);
    await server.close();
  });
});

describe('errors', () => {
  test('of the core carry kind, reason and parameters', async () => {
    const { data, errors } = await interpreted.query('{ fails(how: "domain") }');
    expect(data).toEqual({ fails: null });
    expect(errors?.[0]).toMatchObject({
      message: 'no free basic license: 5 of 5 are in use',
      path: ['fails'],
      extensions: {
        code: 'EXHAUSTED',
        reason: 'pool_exhausted',
        params: { licenseType: 'basic', used: 5, quantity: 5 },
      },
    });
  });

  test('of the house show a request id and nothing else', async () => {
    const response = await interpreted.post({ query: '{ fails(how: "badly") }' });
    const text = await response.text();
    expect(text).not.toMatch(/ECONNREFUSED|hunter2|10\.0\.0|stack|\.ts|\.js/);
    const { errors } = JSON.parse(text) as Answer;
    const requestId = response.headers.get('x-request-id');
    expect(errors?.[0]).toMatchObject({ message: 'internal error', extensions: { code: 'INTERNAL', requestId } });
    const logged = interpreted.logged.find((entry) => entry.fields.requestId === requestId);
    expect(String(logged?.fields.err)).toContain('ECONNREFUSED');
  });

  test('of an answer that breaks its schema are the house’s', async () => {
    for (const query of ['{ broken { name } }', '{ broken { kind } }']) {
      const { errors } = await interpreted.query(query);
      expect(errors?.[0]).toMatchObject({ message: 'internal error', extensions: { code: 'INTERNAL' } });
    }
  });
});

describe('scalars', () => {
  const echo = async (at: string) => {
    const { data } = await interpreted.query('query ($at: DateTime!) { echoMoment(at: $at) }', { at });
    return data?.echoMoment;
  };

  test.each([
    ['2026-11-21T08:00:00.000Z', '2026-11-21T08:00:00.000Z'],
    ['2026-11-21T08:00:00', '2026-11-21T08:00:00.000Z'],
    ['2026-11-21', '2026-11-21T00:00:00.000Z'],
    ['2026-11-21T08:00+02:00', '2026-11-21T06:00:00.000Z'],
    ['2026-11-21T08:00:00.1234567-0530', '2026-11-21T13:30:00.123Z'],
    ['2024-02-29T23:59:59z', '2024-02-29T23:59:59.000Z'],
  ])('%s is %s', async (given, expected) => {
    expect(await echo(given)).toBe(expected);
  });

  test.each(['2026-02-29', '2026-13-01', '2026-01-01T25:00', '2026-01-01T08:00+99:00', 'yesterday', ''])(
    '%s is refused',
    async (given) => {
      expect(await echo(given)).toBeUndefined();
    },
  );

  test('money beyond 2^53 stays exact', async () => {
    const { data } = await interpreted.query(`{ tenant(id: "${anyId}") { balance } }`);
    expect(data).toEqual({ tenant: { balance: '9007199254740993' } });
  });
});
