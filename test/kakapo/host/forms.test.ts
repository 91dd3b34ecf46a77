import { DomainError } from '../../../src/core/shared/errors.js';
import { encodeForm } from '../support/forms.js';
import { interfaceUser, type KakapoHub, openKakapoHub, providerHost } from '../support/hub.js';

let hub: KakapoHub;
beforeAll(async () => {
  hub = await openKakapoHub('sqlite', {
    channels: {
      closed: { getBinding: false },
      site: { namespace: 'urn:site', operationAliases: { ListResellers: 'GetResellers' } },
    },
    authentication: (real) => async (attempt) => {
      if (attempt.username === 'broken') throw new Error(`SELECT ${attempt.password} FROM nowhere`);
      if (attempt.username === 'crowd') throw new DomainError('busy');
      return real(attempt);
    },
  });
  await hub.soap()('AddUserWithHierarchy', {
    serverHostName: providerHost,
    resellerId: 'ent1',
    resellerName: 'Ünité & Söhne <1>',
    groupId: 'grp1',
    broadworksUserId: 'ada@op.example',
  });
});
afterAll(() => hub.close());

const formType = 'application/x-www-form-urlencoded';
const usual = encodeForm({ ...interfaceUser, serverHostName: providerHost });

interface Sent {
  readonly method?: string;
  readonly query?: string;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly type?: string;
  readonly url?: string;
}

async function send(operation: string, { method, query = '', body, type = formType, url = hub.url() }: Sent = {}) {
  const verb = method ?? (body === undefined ? 'GET' : 'POST');
  const response = await fetch(`${url}/${operation}${query && `?${query}`}`, {
    method: verb,
    ...(body !== undefined && { body, headers: { 'content-type': type } }),
  });
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    text: await response.text(),
    headers: response.headers,
  };
}

/** The same by GET and by POST. */
const both = (operation: string, form: string, url?: string) =>
  Promise.all([
    send(operation, { query: form, ...(url !== undefined && { url }) }),
    send(operation, { body: form, ...(url !== undefined && { url }) }),
  ]);

const root = (type: string, uri = 'http://kakaposystems.com'): string =>
  `<${type} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns="${uri}">`;
const written = (type: string, lines: readonly string[], uri?: string): string =>
  ['<?xml version="1.0" encoding="utf-8"?>', root(type, uri), ...lines, `</${type}>`].join('\r\n');
const refusal = (text: string, type = 'ResellersResponse'): string =>
  written(type, ['  <success>false</success>', `  <errorMessage>${text}</errorMessage>`]);

describe('a form call', () => {
  it('answers the type it returns, indented', async () => {
    const expected = written('ResellersResponse', [
      '  <success>true</success>',
      '  <resellers>',
      '    <Reseller>',
      '      <resellerId>ent1</resellerId>',
      '      <resellerName>Ünité &amp; Söhne &lt;1&gt;</resellerName>',
      '    </Reseller>',
      '  </resellers>',
    ]);
    for (const got of await both('GetResellers', usual)) {
      expect([got.status, got.type, got.text]).toEqual([200, 'text/xml; charset=utf-8', expected]);
      expect(got.headers.get('cache-control')).toBe('private, max-age=0');
      expect(got.headers.get('referrer-policy')).toBe('no-referrer');
    }
  });

  it('answers the common type of what returns nothing more, and an empty list', async () => {
    const form = `${usual}&resellerId=ent1&groupId=grp1&broadworksUserId=ada%40op.example`;
    const common = written('ProvisionResponse', ['  <success>true</success>']);
    for (const got of await both('AddUserWithHierarchy', form)) expect(got.text).toBe(common);
    const empty = written('UserLicensesResponse', ['  <success>true</success>', '  <licenses />']);
    for (const got of await both('GetUserLicenses', form)) expect(got.text).toBe(empty);
  });

  it('writes times as .NET does', async () => {
    const user = { serverHostName: providerHost, broadworksUserId: 'ada@op.example' };
    const license = { applicationName: 'UnityDesktop', licenseType: 'Pro' };
    expect(await hub.form()('AddUserLicense', { ...user, ...license })).toMatchObject({ success: true });
    const { items } = await hub.form()('GetUserLicenses', user);
    expect(items).toEqual([{ ...license, assignedOn: '2026-01-15T09:00:00Z' }]);
    expect((await hub.soap()('GetUserLicenses', user)).items).toEqual(items);
    await hub.form()('DeleteUserLicenses', user);
  });

  it('takes names of parameters in any case and in the other spellings', async () => {
    const form = `LOGINUSERNAME=api%40op.example&LoginPassword=${interfaceUser.loginPassword}&SERVERHOSTname=${providerHost}`;
    for (const got of await both('GetResellers', form)) expect(got.text).toContain('<success>true</success>');
    const user = { serverHostName: providerHost, broadworksUserId: 'ada@op.example' };
    const license = { applicationName: 'UnityDesktop', licenseName: 'Pro' };
    expect(await hub.form()('AddUserLicense', { ...user, ...license })).toMatchObject({ success: true });
    expect(await hub.form()('DeleteUserLicense', { ...user, ...license })).toMatchObject({ success: true });
  });

  it('reads a plus as a blank, an escaped one as itself, UTF-8, and a percent sign that is no escape', async () => {
    const said = async (id: string): Promise<string | undefined> => {
      const [byGet, byPost] = await both('GetGroups', `${usual}&resellerId=${id}`);
      expect(byPost.text).toBe(byGet.text);
      return /<errorMessage>(.*)<\/errorMessage>/.exec(byGet.text)?.[1];
    };
    expect(await said('a+b')).toContain("'a b'");
    expect(await said('a%2Bb')).toContain("'a+b'");
    expect(await said('%C3%BC')).toContain("'ü'");
    expect(await said('100%')).toContain("'100%'");
    const raw = Buffer.from(`${usual}&resellerId=ü`);
    expect((await send('GetGroups', { body: raw })).text).toContain("'ü'");
  });

  it('joins the values of a name that is given twice', async () => {
    for (const got of await both('GetGroups', `${usual}&resellerId=a&ResellerID=b`)) {
      expect(got.text).toContain("'a,b'");
    }
  });

  it('takes the charset a browser names', async () => {
    for (const charset of ['; charset=UTF-8', ';charset="utf-8"', '; charset=us-ascii']) {
      expect((await send('GetResellers', { body: usual, type: formType + charset })).status).toBe(200);
    }
  });

  it('has the namespace and other names of operations of its channel', async () => {
    const form = encodeForm({ loginUserName: 'x', loginPassword: 'y', serverHostName: 'z' });
    for (const got of await both('ListResellers', form, hub.url('site'))) {
      expect(got.text).toContain(`${root('ResellersResponse', 'urn:site')}\r\n  <success>false</success>`);
    }
  });
});

describe('refusals of a form call', () => {
  it.each([
    ['loginUserName', `loginUserName=&loginPassword=x&serverHostName=${providerHost}`],
    ['loginPassword', `loginUserName=api&loginPassword=+&serverHostName=${providerHost}`],
    ['serverHostName', `${usual.replace(providerHost, '')}`],
  ])('an empty %s is refused in band', async (name, form) => {
    for (const got of await both('GetResellers', form)) {
      expect([got.status, got.text]).toEqual([200, refusal(`Parameter ${name} is mandatory and must not be blank`)]);
    }
  });

  it('takes an empty field of another type for none', async () => {
    const place = `${usual}&resellerId=ent1&applicationName=UnityDesktop&licenseType=Pro`;
    for (const got of await both('AddResellerLicenseSubPurchase', `${place}&quantity=`)) {
      const text = 'Parameter quantity is mandatory and must not be blank';
      expect(got.text).toBe(refusal(text, 'ProvisionResponse'));
    }
  });

  it('does not ask for what is optional', async () => {
    const form = `${usual}&resellerId=ent1&groupId=none`;
    for (const got of await both('AddGroup', `${form}&groupName=+`)) expect(got.status).toBe(200);
    for (const got of await both('DeleteGroup', form)) expect(got.status).toBe(200);
  });
});

describe('errors of a form call', () => {
  const place = `${usual}&resellerId=ent1&applicationName=UnityDesktop&licenseType=Pro`;
  const portal = `${usual}&newUserName=a&newUserEmail=b&newUserPassword=c`;
  const format = 'Input string was not in a correct format.';

  it.each([
    ['a parameter that is absent', 'GetGroups', usual, 'Missing parameter: resellerId.'],
    ['the first of several', 'GetGroups', 'loginPassword=x', 'Missing parameter: loginUserName.'],
    ['a name without a value', 'GetGroups', `${usual}&resellerId`, 'Missing parameter: resellerId.'],
    ['an unknown operation', 'Nope', '', 'Nope Web Service method name is not valid.'],
    ['more than an operation', 'AddGroup/x', '', 'AddGroup/x Web Service method name is not valid.'],
    ['an unknown operation with markup', '%3Cb%3E', '', '&lt;b&gt; Web Service method name is not valid.'],
    [
      'an operation in another case',
      'addgroup',
      '',
      "Invalid method name 'addgroup',  method names are case sensitive.   The method name 'AddGroup' with the same name but " +
        'different casing was found.\r\nParameter name: methodName',
    ],
    [
      'a number that is none',
      'AddResellerLicenseSubPurchase',
      `${place}&quantity=abc`,
      `Cannot convert abc to System.Int32.\r\nParameter name: type ---> ${format}`,
    ],
    [
      'a number too large',
      'AddResellerLicenseSubPurchase',
      `${place}&quantity=9999999999`,
      'Cannot convert 9999999999 to System.Int32.\r\nParameter name: type ---> Value was either too large or too small for an Int32.',
    ],
    [
      'a truth that is none',
      'AddPortalUser',
      `${portal}&isAgent=1`,
      'Cannot convert 1 to System.Boolean.\r\nParameter name: type ---> String was not recognized as a valid Boolean.',
    ],
    ['markup in a value', 'AddPortalUser', `${portal}&isAgent=%3Cb%3E`, 'Cannot convert &lt;b&gt; to System.Boolean.'],
  ])('%s', async (_, operation, form, text) => {
    for (const got of await both(operation, form)) {
      expect([got.status, got.type]).toEqual([500, 'text/plain; charset=utf-8']);
      if (text.endsWith('Boolean.') && text.startsWith('Cannot convert &lt;')) expect(got.text).toContain(text);
      else expect(got.text).toBe(`${text}\r\n`);
    }
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'text/xml', `${formType}; charset=utf-7`, 'x'])(
    'a POST of %s',
    async (type) => {
      const got = await send('AddGroup', { body: usual, type });
      expect([got.status, got.type]).toEqual([500, 'text/plain; charset=utf-8']);
      expect(got.text).toBe(`Request format is invalid: ${type}.\r\n`);
    },
  );

  it('tells of what went wrong inside no more than where to look', async () => {
    const form = encodeForm({ loginUserName: 'broken', loginPassword: 'x', serverHostName: 'y' });
    for (const got of await both('GetResellers', form)) {
      expect([got.status, got.type]).toEqual([500, 'text/plain; charset=utf-8']);
      expect(got.text).toMatch(/^An internal error has occurred\. Request req_\w+\r\n$/);
      expect(hub.logged()).toContain(/req_\w+/.exec(got.text)![0]);
    }
  });

  it('is 503 while the hub is busy', async () => {
    const form = encodeForm({ loginUserName: 'crowd', loginPassword: 'x', serverHostName: 'y' });
    for (const got of await both('GetResellers', form)) {
      expect([got.status, got.text]).toEqual([503, 'The service is busy. Please try again later.\r\n']);
    }
  });
});

describe('a binding that is off', () => {
  it('answers a page that says so, whatever the operation', async () => {
    for (const name of ['AddGroup', 'Nope']) {
      const got = await send(name, { query: usual, url: hub.url('closed') });
      expect([got.status, got.type]).toEqual([500, 'text/html; charset=utf-8']);
      expect(got.text).toContain(`Request format is unrecognized for URL unexpectedly ending in '/${name}'.`);
      expect(got.text).not.toContain(interfaceUser.loginPassword);
    }
    const byPost = await send('GetResellers', { body: usual, url: hub.url('closed') });
    expect([byPost.status, byPost.type]).toEqual([200, 'text/xml; charset=utf-8']);
  });

  it('is what an address without an operation is', async () => {
    for (const method of ['GET', 'POST']) {
      const got = await send('', { method });
      expect([got.status, got.type]).toEqual([500, 'text/html; charset=utf-8']);
      expect(got.text).toContain("Request format is unrecognized for URL unexpectedly ending in '/'.");
    }
  });

  it('shows what was asked for as text', async () => {
    const got = await send('%3Cscript%3Ealert(1)%3C/script%3E', { query: 'x=y', url: hub.url('closed') });
    expect(got.text).toContain("'/&lt;script&gt;alert(1)&lt;/script&gt;'");
    expect(got.text).not.toContain('<script');
  });
});
