import { credentials } from '../../support/hub-seed.js';
import { basic, necNamespace, type SoapVersion, soapEnvelope } from '../../support/soap-call.js';
import type { Door } from './judge.js';
import type { Shot } from './send.js';

const dictionary = [
  '<',
  '>',
  '&',
  '"',
  "'",
  ']]>',
  '<![CDATA[',
  '<!--',
  '<!DOCTYPE a>',
  '<?x ?>',
  '&#0;',
  '&x;',
  '\u0000',
  '\ufeff',
  '\ud800',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'xmlns:a="u"',
  'xsi:nil="true"',
  '-1',
  '0',
  '99999999999999999999',
  '1e309',
  'NaN',
  'null',
  'true',
  '{',
  '}',
  '[',
  ']',
  '$',
  '@',
  '...',
  '"""',
  '\\u0000',
  '%00',
  '%ff',
  '../',
  '\r\n',
  "' OR 1=1 --",
  '\u202e',
  '𝒳',
  'é',
];

/** Valid messages of every kind; the fuzzer breaks them. */
function seeds(token: string): { readonly door: Door; readonly shot: Shot }[] {
  const user =
    '<user><userId>U1</userId><email>a@b.example</email><firstName>A</firstName><licenceCodes><licenceCode>Standard</licenceCode></licenceCodes></user>';
  const licences =
    '<licences><LicenceItem><licenceCode>Standard</licenceCode><quantity>3</quantity></LicenceItem></licences>';
  const operations = [
    ['Ping', '<text>hello</text>'],
    [
      'CreateRealm',
      `<requestId>r1</requestId><realmId>R-fuzz</realmId><customerId>C</customerId><customerName>N</customerName><applicationId>crm</applicationId><offerCode>crm-month</offerCode>${licences}`,
    ],
    ['CreateUser', `<realmId>R-fuzz</realmId>${user}`],
    ['ModifyRealm', `<realmId>R-fuzz</realmId>${licences}<effectiveOn>2030-01-01T00:00:00Z</effectiveOn>`],
    ['UpdateUserStatus', '<realmId>R-fuzz</realmId><userId>U1</userId><status>7</status>'],
    ['GetUsers', '<realmId>R-fuzz</realmId><startIndex>0</startIndex><maxEntries>10</maxEntries>'],
    [
      'Login',
      '<realmId>R-fuzz</realmId><userId>U1</userId><returnUrl>https://carrier.example/</returnUrl><locale>en</locale>',
    ],
    ['Authenticate', '<realmId>R-fuzz</realmId><loginName>a</loginName><password>b</password>'],
  ] as const;
  const soap = (['1.1', '1.2'] as SoapVersion[]).flatMap((version) =>
    operations.map(([name, inner]) => ({
      door: 'soap' as const,
      shot: {
        path: '/ncbs/carrier/NcbsIsvService',
        body: soapEnvelope(`<${name} xmlns="${necNamespace}">${inner}</${name}>`, { version }),
        headers: {
          authorization: basic(credentials.carrier),
          'content-type': version === '1.1' ? 'text/xml; charset=utf-8' : 'application/soap+xml; charset=utf-8',
        },
      },
    })),
  );
  const queries = [
    {
      query:
        'query($first: Int) { tenants(first: $first, filter: { name: { contains: "a" } }, orderBy: { field: NAME, direction: ASC }) { totalCount nodes { id name } pageInfo { endCursor } } }',
      variables: { first: 5 },
    },
    {
      query: 'mutation($input: CreateTenantInput!) { createTenant(input: $input) { tenant { id } } }',
      variables: { input: { kind: 'CUSTOMER', name: 'Fuzz', country: 'DE', idempotencyKey: 'k' } },
    },
    {
      query: 'query($r: [_Any!]!) { _entities(representations: $r) { ... on Tenant { id name } } }',
      variables: { r: [{ __typename: 'Tenant', id: 'ten_1' }] },
    },
    { query: '{ viewer { kind id } journal(first: 2) { nodes { id command } } }', operationName: null },
  ];
  const graphql = queries.map((query) => ({
    door: 'graphql' as const,
    shot: {
      path: '/graphql',
      body: JSON.stringify(query),
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    },
  }));
  const formHeaders = { 'content-type': 'application/x-www-form-urlencoded' };
  const web: { door: Door; shot: Shot }[] = [
    {
      door: 'oidc',
      shot: {
        method: 'GET',
        path: '/oidc/auth?client_id=orchid-crm&response_type=code&scope=openid%20email&state=s&nonce=n&code_challenge=x&code_challenge_method=S256&prompt=login&max_age=1',
      },
    },
    {
      door: 'oidc',
      shot: {
        path: '/oidc/token',
        body: 'grant_type=authorization_code&code=x&redirect_uri=y&client_id=orchid-crm&client_secret=z&code_verifier=v',
        headers: formHeaders,
      },
    },
    {
      door: 'oidc',
      shot: { method: 'GET', path: '/oidc/session/end?id_token_hint=a.b.c&post_logout_redirect_uri=x&state=y' },
    },
    {
      door: 'page',
      shot: {
        path: '/signin/password',
        body: 'csrf=x&to=/&instance=&name=mina@sunrise.example&password=wrong',
        headers: formHeaders,
      },
    },
    { door: 'page', shot: { method: 'GET', path: '/signin?to=/oidc/auth&instance=ins_1&lang=en&ui_locales=es' } },
    { door: 'page', shot: { method: 'GET', path: '/sso/ncbs/enter?t=abcdefghijklmnopqrstuvwxyz' } },
  ];
  return [...soap, ...graphql, ...graphql, ...web];
}

/** An endless row of broken messages, the same for the same numbers. */
export function* fuzzed(random: () => number, token: string): Generator<{ readonly door: Door; readonly shot: Shot }> {
  const valid = seeds(token);
  const upTo = (limit: number) => Math.floor(random() * limit);
  for (;;) {
    const { door, shot } = valid[upTo(valid.length)]!;
    const times = 1 + upTo(4);
    if (shot.method === 'GET') {
      let path = shot.path;
      for (let n = 0; n < times; n += 1) path = breakText(path, upTo, path.indexOf('?') + 1);
      // a request line takes no blanks, controls or letters beyond ASCII
      yield { door, shot: { ...shot, path: path.replaceAll(/[^\u0021-\u007e]/g, (c) => escape8(c)) } };
    } else {
      let body = String(shot.body);
      for (let n = 0; n < times; n += 1) body = breakText(body, upTo, 0);
      yield { door, shot: { ...shot, body: upTo(10) === 0 ? flipBits(Buffer.from(body), upTo) : body } };
    }
  }
}

const escape8 = (character: string) => `%${((character.codePointAt(0) ?? 0) & 255).toString(16).padStart(2, '0')}`;

export function breakText(text: string, upTo: (limit: number) => number, from: number): string {
  const at = from + upTo(Math.max(1, text.length - from));
  const length = 1 + upTo(12);
  const word = dictionary[upTo(dictionary.length)]!;
  switch (upTo(6)) {
    case 0:
      return text.slice(0, at) + text.slice(at + length);
    case 1:
      return text.slice(0, at) + word + text.slice(at);
    case 2:
      return text.slice(0, at) + word + text.slice(at + length);
    case 3:
      return text.slice(0, at + length) + text.slice(at);
    case 4:
      return text.slice(0, at) + String.fromCharCode(upTo(0x3000)) + text.slice(at + 1);
    default: {
      const other = from + upTo(Math.max(1, text.length - from));
      return text.slice(0, at) + text.slice(other, other + 40) + text.slice(at);
    }
  }
}

export function flipBits(bytes: Buffer, upTo: (limit: number) => number): Buffer {
  for (let n = 0; n < 3 && bytes.length > 0; n += 1) {
    const at = upTo(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << upTo(8));
  }
  return bytes;
}
