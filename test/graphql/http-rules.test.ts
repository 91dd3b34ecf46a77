import { request as httpRequest } from 'node:http';
import { type SampleServer, startSample } from './support/server.js';

const site = 'https://console.example';
let server: SampleServer;
beforeAll(async () => {
  server = await startSample({ corsOrigins: [site], bodyLimit: 2_000, jsonDepth: 8, persistedQueries: 2 });
});
afterAll(() => server.close());

const typename = { query: '{ __typename }' };
const get = (query: string, init: RequestInit = {}) => fetch(`${server.url}?query=${encodeURIComponent(query)}`, init);

describe('methods', () => {
  test('GET runs queries and refuses mutations with 405', async () => {
    expect(await (await get('{ __typename }')).json()).toEqual({ data: { __typename: 'Query' } });
    const refused = await get('mutation { renameTenant(id: "x", name: "by get") { id } }');
    expect(refused.status).toBe(405);
    expect(refused.headers.get('allow')).toBe('POST');
    expect(server.services.renamed).toEqual([]);
  });

  test('HEAD answers like GET, without a body', async () => {
    const response = await get('{ __typename }', { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
  });

  test('OPTIONS names the methods, others are 405', async () => {
    const options = await fetch(server.url, { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, POST, OPTIONS']);
    for (const method of ['PUT', 'DELETE', 'PATCH']) expect((await fetch(server.url, { method })).status).toBe(405);
  });
});

describe('bodies', () => {
  test.each([
    ['text/plain'],
    ['application/x-www-form-urlencoded'],
    ['multipart/form-data; boundary=x'],
    ['application/json; charset=utf-16'],
    ['application/jsonx'],
  ])('%s is 415', async (type) => {
    const response = await server.post(typename, { 'content-type': type });
    expect(response.status).toBe(415);
  });

  test('compressed bodies are 415', async () => {
    const response = await server.post(typename, { 'content-encoding': 'gzip' });
    expect(response.status).toBe(415);
  });

  test('a body over the limit is 413, announced or not', async () => {
    const long = JSON.stringify({ query: `{ __typename } # ${'x'.repeat(3_000)}` });
    expect((await server.post(long)).status).toBe(413);
    expect(await chunked(long)).toBe(413);
  });

  test('a body announced as too long is refused before any of it is read', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': '5000' };
      const request = httpRequest(server.url, { method: 'POST', headers }, (response) => {
        resolve(response.statusCode);
        request.destroy();
      });
      request.on('error', reject);
      request.flushHeaders();
    });
    expect(status).toBe(413);
  });

  test('lists of operations are refused', async () => {
    expect((await server.post([typename, typename])).status).toBe(400);
  });

  test('deeply nested JSON is refused', async () => {
    const variables = JSON.parse(`${'{"a":'.repeat(20)}1${'}'.repeat(20)}`);
    expect((await server.post({ ...typename, variables })).status).toBe(400);
  });

  test('invalid UTF-8 is refused', async () => {
    const body = Buffer.concat([Buffer.from('{"query":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    const response = await fetch(server.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(response.status).toBe(400);
  });

  test('unacceptable answers are 406', async () => {
    expect((await server.post(typename, { accept: 'image/png' })).status).toBe(406);
  });
});

describe('names of prototypes', () => {
  test('as keys in variables are refused, and nothing is polluted', async () => {
    const bodies = [
      '{"query":"{ __typename }","variables":{"__proto__":{"polluted":true}}}',
      '{"query":"{ __typename }","variables":{"\\u005f_proto__":{"polluted":true}}}',
      '{"query":"{ __typename }","__proto__":{"query":"{ whoami }"}}',
      '{"query":"{ __typename }","variables":{"a":[{"__proto__":{"polluted":true}}]}}',
    ];
    for (const body of bodies) expect((await server.post(body)).status).toBe(400);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test('"constructor" and "toString" are variables like any other', async () => {
    const answer = await server.query('query ($constructor: ID!) { tenant(id: $constructor) { id } }', {
      constructor: 'none',
      toString: 1,
    });
    expect(answer).toEqual({ data: { tenant: null } });
    const missing = await server.query('query ($toString: ID!) { tenant(id: $toString) { id } }', {});
    expect(missing.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  test('as alias or variable in a document are refused', async () => {
    for (const query of ['{ __proto__: __typename }', 'query ($__proto__: ID!) { tenant(id: $__proto__) { id } }']) {
      expect((await server.query(query)).errors?.[0]?.message).toBe('the name __proto__ is not allowed');
    }
    const asText = await server.query('{ tenant(id: "__proto__") { id } }');
    expect(asText).toEqual({ data: { tenant: null } });
  });
});

describe('who asks', () => {
  const whoami = { query: '{ whoami }' };

  test('no token is anonymous, a good one its actor', async () => {
    expect(await (await server.post(whoami)).json()).toEqual({ data: { whoami: 'anonymous' } });
    const response = await server.post(whoami, { authorization: 'Bearer operator-token' });
    expect(await response.json()).toEqual({ data: { whoami: 'operator' } });
  });

  test('a bad token is 401 and names the scheme, whatever the query', async () => {
    const response = await server.post(whoami, { authorization: 'Bearer nobody' });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="mercator", error="invalid_token"');
    const { errors } = (await response.json()) as { errors: { extensions: object }[] };
    expect(errors[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'token_invalid' });
  });

  test('other schemes are 401', async () => {
    expect((await server.post(whoami, { authorization: 'Basic b3BlcmF0b3I6eA==' })).status).toBe(401);
  });

  test('cookies never authorize', async () => {
    const response = await server.post(whoami, {
      cookie: 'session=operator-token; authorization=Bearer operator-token; access_token=operator-token',
    });
    expect(await response.json()).toEqual({ data: { whoami: 'anonymous' } });
  });

  test('the request id is in the answer', async () => {
    expect((await server.post(whoami)).headers.get('x-request-id')).toMatch(/^req_\d+$/);
  });
});

describe('other web sites', () => {
  const preflight = (origin: string) =>
    fetch(server.url, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });

  test('a listed origin may call, without credentials', async () => {
    const response = await preflight(site);
    expect(response.headers.get('access-control-allow-origin')).toBe(site);
    expect(response.headers.get('access-control-allow-headers')).toContain('authorization');
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
    expect((await server.post(typename, { origin: site })).headers.get('access-control-allow-origin')).toBe(site);
  });

  test.each(['https://evil.example', 'https://console.example.evil.example', 'null', 'http://console.example'])(
    '%s may not',
    async (origin) => {
      expect((await preflight(origin)).headers.get('access-control-allow-origin')).toBeNull();
      const response = await server.post(typename, { origin });
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
      expect(response.headers.get('vary')).toBe('origin');
    },
  );
});

describe('persisted queries', () => {
  const hashes = {
    '{ a: __typename }': '6f3b3c1ae1fa5eae5c4a2cd1a5bb83c0c5ffcd5a3bb7ba6ea7b5a3a1b0bb7d5f',
  };
  const persisted = async (query: string, withText: boolean, hash?: string) => {
    const { createHash } = await import('node:crypto');
    const sha256Hash = hash ?? createHash('sha256').update(query).digest('hex');
    const body = { ...(withText ? { query } : {}), extensions: { persistedQuery: { version: 1, sha256Hash } } };
    return server.post(body);
  };

  test('are unknown, then registered, then known by hash', async () => {
    const query = '{ first: __typename }';
    const unknown = (await (await persisted(query, false)).json()) as { errors: { message: string }[] };
    expect(unknown.errors[0]?.message).toBe('PersistedQueryNotFound');
    expect(await (await persisted(query, true)).json()).toEqual({ data: { first: 'Query' } });
    expect(await (await persisted(query, false)).json()).toEqual({ data: { first: 'Query' } });
  });

  test('a wrong hash is refused', async () => {
    expect((await persisted('{ __typename }', true, hashes['{ a: __typename }'])).status).toBe(400);
    expect((await persisted('{ __typename }', true, 'x')).status).toBe(400);
  });

  test('the store is bounded', async () => {
    for (const name of ['b', 'c', 'd']) await persisted(`{ ${name}: __typename }`, true);
    const forgotten = (await (await persisted('{ b: __typename }', false)).json()) as { errors: object[] };
    expect(forgotten.errors).toHaveLength(1);
    expect(await (await persisted('{ d: __typename }', false)).json()).toEqual({ data: { d: 'Query' } });
  });
});

function chunked(body: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      server.url,
      { method: 'POST', headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked' } },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    request.on('error', reject);
    request.write(body.slice(0, 1_500));
    request.end(body.slice(1_500));
  });
}
