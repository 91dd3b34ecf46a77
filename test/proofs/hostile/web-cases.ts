import { gzipSync } from 'node:zlib';
import type { Door } from './judge.js';
import type { Case } from './soap-cases.js';

export interface WebCase extends Case {
  readonly door: Door;
}

const json = { 'content-type': 'application/json' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };

/** Requests no honest caller makes at GraphQL, with a valid token. */
export function graphqlCases(token: string): WebCase[] {
  const headers = { ...json, authorization: `Bearer ${token}` };
  const post = (name: string, body: string | Buffer, more: Partial<Case> = {}): WebCase => ({
    door: 'graphql',
    name: `GraphQL ${name}`,
    path: '/graphql',
    body,
    status: [200, 400],
    ...more,
    headers: { ...headers, ...more.headers },
  });
  const query = (text: string, variables: unknown = {}) => JSON.stringify({ query: text, variables });
  const nested = (depth: number) => `{ tenants { nodes ${'{ parent '.repeat(depth)} { id } ${'}'.repeat(depth)} } }`;
  return [
    post('empty', '', { status: [400] }),
    post('not JSON', '{', { status: [400] }),
    post('null', 'null', { status: [400] }),
    post('a number', '7', { status: [400] }),
    post('a batch', `[${query('{ viewer { id } }')}]`, { status: [400] }),
    post(
      '__proto__ in the body',
      '{"query":"{ viewer { id } }","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
    ),
    post(
      '__proto__ in variables',
      '{"query":"query($i: ID!){ node(id: $i) { id } }","variables":{"__proto__":{"i":"x"},"i":"__proto__"}}',
    ),
    post('query that is an object', '{"query":{"toString":"x"}}', { status: [400] }),
    post('deep JSON', `{"query":"{ viewer { id } }","variables":{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`),
    post('deep document', query(nested(200))),
    post('unbalanced document', query('{'.repeat(50_000))),
    post('aliases', query(`{ ${Array.from({ length: 1_000 }, (_, i) => `a${i}: viewer { id }`).join(' ')} }`)),
    post('directives', query(`{ viewer { id ${'@include(if: true) '.repeat(3_000)} } }`)),
    post(
      'fragments in a circle',
      query('{ viewer { ...A } } fragment A on Viewer { ...B } fragment B on Viewer { ...A }'),
    ),
    post('a list too long', query('{ tenants(first: 1000000) { nodes { id } } }')),
    post('a broken cursor', query('{ tenants(first: 1, after: "!!") { nodes { id } } }')),
    post(
      'a forged cursor',
      query(`{ tenants(first: 1, after: "${Buffer.from('["x"]').toString('base64url')}") { nodes { id } } }`),
    ),
    post(
      'SQL in a filter',
      query(`{ tenants(first: 1, filter: { name: { contains: "' OR 1=1 --%_\\\\" } }) { nodes { id } } }`),
    ),
    post('a node of no kind', query('{ node(id: "../../etc/passwd") { id } }')),
    post('a node named constructor', query('{ node(id: "constructor_00000000000000000000000000") { id } }')),
    post(
      '100,000 representations',
      query('query($r: [_Any!]!) { _entities(representations: $r) { __typename } }', {
        r: Array.from({ length: 10_000 }, () => ({ __typename: 'Tenant', id: 'ten_1' })),
      }),
      { status: [200, 400, 413] },
    ),
    post(
      'representations of any type',
      query('query($r: [_Any!]!) { _entities(representations: $r) { __typename } }', {
        r: [
          { __typename: '__proto__' },
          { __typename: 'constructor', id: {} },
          {},
          { __typename: 'User', id: { a: 1 } },
        ],
      }),
    ),
    post('mistyped variables', query('query($i: ID!) { node(id: $i) { id } }', { i: { a: [1] } })),
    post('unknown field', query('{ passwords }')),
    post('unknown operation name', JSON.stringify({ query: '{ viewer { id } }', operationName: '__proto__' })),
    post(
      'a persisted query of nobody',
      JSON.stringify({ extensions: { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } } }),
    ),
    post('oversized', `{"query":"${'#'.repeat(400_000)}"}`, { status: [413, 0] }),
    post('gzip bomb', gzipSync(Buffer.alloc(20_000_000, 32)), {
      status: [400, 413, 415, 0],
      headers: { 'content-encoding': 'gzip' },
    }),
    post('a form', 'query={viewer{id}}', { status: [415], headers: form }),
    post('multipart', '--x\r\n\r\n--x--', {
      status: [415],
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
    }),
    post('text', query('{ viewer { id } }'), { status: [415], headers: { 'content-type': 'text/plain' } }),
    post('UTF-16', Buffer.from(query('{ viewer { id } }'), 'utf16le'), {
      status: [400, 415],
      headers: { 'content-type': 'application/json; charset=utf-16' },
    }),
    post('a forged token', query('{ viewer { id } }'), {
      status: [200, 401],
      headers: { authorization: `Bearer ${token.slice(0, -4)}AAAA` },
    }),
    post('alg none', query('{ viewer { id } }'), {
      status: [200, 401],
      headers: { authorization: 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.' },
    }),
    post('mutation by GET', '', { method: 'GET', path: '/graphql?query=mutation%7Bx%7D', status: [200, 400, 405] }),
    post('broken URL', '', { method: 'GET', path: '/graphql?query=%ff%fe%zz&variables=%7B', status: [200, 400] }),
    post('PUT', '{}', { method: 'PUT', status: [405] }),
  ];
}

/** Requests no honest caller makes at the OpenID provider, the pages and the rest. */
export function webCases(): WebCase[] {
  const shot = (door: Door, name: string, path: string, more: Partial<Case> = {}): WebCase => ({
    door,
    name,
    path,
    ...more,
  });
  const post = (door: Door, name: string, path: string, body: string | Buffer, more: Partial<Case> = {}): WebCase =>
    shot(door, name, path, { body, headers: form, ...more });
  const get = (door: Door, name: string, path: string, more: Partial<Case> = {}): WebCase =>
    shot(door, name, path, { method: 'GET', ...more });
  const auth = '/oidc/auth?client_id=orchid-crm&response_type=code&scope=openid';
  return [
    get('oidc', 'authorization without anything', '/oidc/auth'),
    get(
      'oidc',
      'authorization of __proto__',
      '/oidc/auth?client_id=__proto__&__proto__[x]=1&constructor.prototype.x=1',
    ),
    get('oidc', 'a redirect elsewhere', `${auth}&redirect_uri=https://evil.example/`, { status: [400] }),
    get('oidc', 'a redirect that looks alike', `${auth}&redirect_uri=http://localhost.evil.example/callback`, {
      status: [400],
    }),
    get('oidc', 'the same parameter twice', `${auth}&scope=openid&client_id=x`),
    get('oidc', 'a huge state', `${auth}&state=${'x'.repeat(9_000)}`),
    get('oidc', 'a request object', `${auth}&request=eyJhbGciOiJub25lIn0.e30.`),
    get('oidc', 'NUL and broken escapes', '/oidc/auth?client_id=%00%ff%zz'),
    get('oidc', 'an unknown path', '/oidc/../../etc/passwd'),
    get('oidc', 'an interaction of nobody', '/oidc/interaction/constructor'),
    get('oidc', 'userinfo without a token', '/oidc/me', { status: [400, 401] }),
    post('oidc', 'a token without anything', '/oidc/token', '', { status: [400, 401] }),
    post('oidc', 'a grant named __proto__', '/oidc/token', 'grant_type=__proto__&client_id=orchid-crm', {
      status: [400, 401, 429],
    }),
    post('oidc', 'a token by JSON', '/oidc/token', '{"grant_type":"client_credentials"}', {
      headers: json,
      status: [400, 401, 415],
    }),
    post('oidc', 'an oversized token request', '/oidc/token', `a=${'x'.repeat(500_000)}`, {
      status: [400, 401, 413, 0],
    }),
    post('oidc', 'introspection of nothing', '/oidc/token/introspection', 'token=x', { status: [400, 401] }),
    get(
      'oidc',
      'logout with a broken hint',
      '/oidc/session/end?id_token_hint=a.b.c&post_logout_redirect_uri=https://evil.example',
      { status: [400] },
    ),
    get('page', 'sign-in leading elsewhere', '/signin?to=https://evil.example/'),
    get('page', 'sign-in leading elsewhere by slashes', '/signin?to=//evil.example/%0d%0aset-cookie:%20a=b'),
    get('page', 'sign-in in a script', '/signin?to=javascript:alert(1)&lang=%3Cscript%3E'),
    get('page', 'a language named __proto__', '/signin?lang=__proto__'),
    get('page', 'an instance that is none', "/signin?instance='%20OR%201=1%20--"),
    get('page', 'a link of nobody', '/sso/ncbs/enter?t=%3Cscript%3Ealert(1)%3C/script%3E', { status: [400, 403] }),
    get('page', 'a link without token', '/sso/ncbs/enter', { status: [400, 403] }),
    get('page', 'a link with a huge token', `/sso/ncbs/enter?t=${'x'.repeat(10_000)}`, { status: [400, 403] }),
    get('page', 'set-password without token', '/signin/set-password?t='),
    post('page', 'a password without a form', '/signin/password', 'name=mina@sunrise.example&password=x'),
    post(
      'page',
      'a password with __proto__',
      '/signin/password',
      '__proto__=1&constructor=2&csrf[]=x&name=a&name=b&password=',
    ),
    post('page', 'a password as JSON', '/signin/password', '{}', { headers: json, status: [400, 415] }),
    post('page', 'a password as multipart', '/signin/password', '--x--', {
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      status: [400, 415],
    }),
    post('page', 'an oversized form', '/signin/password', `password=${'x'.repeat(300_000)}`, { status: [400, 413, 0] }),
    post('page', 'a compressed form', '/signin/password', gzipSync(Buffer.alloc(1_000_000)), {
      headers: { ...form, 'content-encoding': 'gzip' },
    }),
    get('page', 'a cookie of garbage', '/signin', {
      headers: { cookie: 'mercator_session=%ff%00;;;=;__proto__=1; mercator_lang=__proto__' },
    }),
    get('other', 'a path above the root', '/../../../../etc/passwd', { status: [400, 404] }),
    get('other', 'an encoded path above the root', '/%2e%2e/%2e%2e/etc/passwd', { status: [400, 404] }),
    get('other', 'a broken escape', '/%ff%zz', { status: [400, 404] }),
    get('other', 'NUL', '/a%00b', { status: [400, 404] }),
    get('other', 'a long path', `/${'a'.repeat(8_000)}`, { status: [404, 414] }),
    shot('other', 'TRACE', '/', { method: 'TRACE', status: [400, 404, 405] }),
    shot('other', 'an unknown method', '/signin', { method: 'PROPFIND', status: [400, 404, 405] }),
    get('other', 'metrics pretending to be near', '/metrics', {
      headers: { 'x-forwarded-for': '127.0.0.1' },
      status: [200],
    }),
  ];
}
