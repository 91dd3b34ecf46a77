import { DomainError } from '../../../src/core/shared/errors.js';
import { interfaceUser, type KakapoHub, openKakapoHub, providerHost } from '../support/hub.js';
import { envelopes, namespace, soapMessage } from '../support/soap.js';

const types = { '1.1': 'text/xml; charset=utf-8', '1.2': 'application/soap+xml; charset=utf-8' } as const;
type Version = keyof typeof types;

let hub: KakapoHub;
beforeAll(async () => {
  hub = await openKakapoHub('sqlite', {
    channels: { site: { namespace: 'urn:site', operationAliases: { ListResellers: 'GetResellers' } } },
    authentication: (real) => async (attempt) => {
      if (attempt.username === 'broken') throw new Error(`SELECT ${attempt.password} FROM nowhere`);
      if (attempt.username === 'crowd') throw new DomainError('busy');
      return real(attempt);
    },
  });
});
afterAll(() => hub.close());

interface Sent {
  readonly type?: string | undefined;
  readonly action?: string | undefined;
  readonly body: string;
  readonly url?: string;
}

async function send({ type = types['1.1'], action, body, url = hub.url() }: Sent) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': type, ...(action !== undefined && { soapaction: action }) },
    body,
  });
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    cache: response.headers.get('cache-control'),
    text: await response.text(),
  };
}

const head = (version: Version): string =>
  `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="${envelopes[version]}" ` +
  'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">';
const answer = (version: Version, body: string, header = ''): string =>
  `${head(version)}${header}<soap:Body>${body}</soap:Body></soap:Envelope>`;

function fault(version: Version, code: string, text: string, header = ''): object {
  const escaped = text.replaceAll('>', '&gt;');
  const body =
    version === '1.1'
      ? `<soap:Fault><faultcode>soap:${code}</faultcode><faultstring>${escaped}</faultstring><detail /></soap:Fault>`
      : `<soap:Fault><soap:Code><soap:Value>soap:${code}</soap:Value></soap:Code><soap:Reason><soap:Text xml:lang="en">` +
        `${escaped}</soap:Text></soap:Reason><soap:Detail /></soap:Fault>`;
  return { status: 500, type: types[version], cache: 'private, max-age=0', text: answer(version, body, header) };
}

/** GetResellers of a hub without any. */
function listed(version: Version, { uri = namespace, name = 'GetResellers' } = {}): object {
  const result = `<${name}Result><success>true</success><resellers /></${name}Result>`;
  const body = `<${name}Response xmlns="${uri}">${result}</${name}Response>`;
  return { status: 200, type: types[version], cache: 'private, max-age=0', text: answer(version, body) };
}

function refusedFor(parameter: string, version: Version = '1.1'): object {
  const text = `Parameter ${parameter} is mandatory and must not be blank`;
  const result = `<GetResellersResult><success>false</success><errorMessage>${text}</errorMessage></GetResellersResult>`;
  const body = `<GetResellersResponse xmlns="${namespace}">${result}</GetResellersResponse>`;
  return { status: 200, type: types[version], cache: 'private, max-age=0', text: answer(version, body) };
}

const parameters = { ...interfaceUser, serverHostName: providerHost };
const message = (version: Version = '1.1', uri = namespace): string =>
  soapMessage('GetResellers', parameters, version, uri);
const action = `"${namespace}/GetResellers"`;

describe('the version and the operation of a SOAP message', () => {
  it.each<[string, Omit<Sent, 'body'> & { version: Version }]>([
    ['SOAP 1.1 by its SOAPAction', { version: '1.1', action }],
    ['without quotes', { version: '1.1', action: `${namespace}/GetResellers` }],
    ['URL-encoded', { version: '1.1', action: encodeURIComponent(`${namespace}/GetResellers`) }],
    ['without the header by its Body', { version: '1.1' }],
    ['SOAP 1.2 by the action of the content type', { version: '1.2', type: `${types['1.2']}; action=${action}` }],
    ['SOAP 1.2 by its Body', { version: '1.2', type: types['1.2'] }],
    ['a known Body under an unknown action of 1.2', { version: '1.2', type: `${types['1.2']}; action="urn:x"` }],
    ['a SOAP 1.2 Envelope as text/xml', { version: '1.2', type: types['1.1'], action }],
    ['application/soap+xml, whatever SOAPAction says', { version: '1.2', type: types['1.2'], action: '"urn:x"' }],
  ])('%s', async (_, { version, ...sent }) => {
    expect(await send({ ...sent, body: message(version) })).toEqual(listed(version));
  });

  it('does not look at the Body under a right SOAPAction: what has another name or namespace is no parameter', async () => {
    for (const body of [
      soapMessage('AddGroup', parameters),
      soapMessage('GetResellers', parameters, '1.1', 'urn:other'),
      `<s:Envelope xmlns:s="${envelopes['1.1']}"><s:Body/></s:Envelope>`,
    ]) {
      expect(await send({ action, body })).toEqual(refusedFor('loginUserName'));
    }
  });

  it('reads the namespace with a slash at its end too, and answers in it', async () => {
    const body = message('1.1', `${namespace}/`);
    const expected = listed('1.1', { uri: `${namespace}/` });
    expect(await send({ action, body })).toEqual(expected);
    expect(await send({ body })).toEqual(expected);
  });

  it('has another namespace and other names of operations where a channel says so', async () => {
    const url = hub.url('site');
    const text = soapMessage('ListResellers', { loginUserName: 'x', loginPassword: 'y' }, '1.1', 'urn:site');
    for (const soapaction of [undefined, '"urn:site/ListResellers"']) {
      const got = await send({ url, action: soapaction, body: text });
      expect(got.text).toContain(
        '<ListResellersResponse xmlns="urn:site"><ListResellersResult><success>false</success>',
      );
    }
    expect(await send({ url, action, body: message() })).toEqual(
      fault(
        '1.1',
        'Client',
        `Server did not recognize the value of HTTP Header SOAPAction: ${namespace}/GetResellers.`,
      ),
    );
  });
});

describe('reading', () => {
  const inBody = (content: string): string =>
    `<s:Envelope xmlns:s="${envelopes['1.1']}"><s:Body><GetResellers xmlns="${namespace}">${content}</GetResellers></s:Body></s:Envelope>`;
  const login = `<loginUserName>${interfaceUser.loginUserName}</loginUserName><loginPassword>${interfaceUser.loginPassword}</loginPassword>`;

  it('takes any order, and leaves out what it does not know or is in another namespace', async () => {
    const host = `<serverHostName>${providerHost}</serverHostName>`;
    const strange = '<colour>red</colour><serverHostName xmlns="urn:x">other.example</serverHostName>';
    expect(await send({ action, body: inBody(`${strange}${host}${login}`) })).toEqual(listed('1.1'));
  });

  it('knows the other spellings of parameters', async () => {
    const body = inBody(
      `${login.replaceAll('loginUserName', 'loginUsername')}<serverHostname>${providerHost}</serverHostname>`,
    );
    expect(await send({ action, body })).toEqual(listed('1.1'));
  });

  it.each([
    ['loginUserName', '<loginUserName> </loginUserName><loginPassword>x</loginPassword>'],
    ['loginPassword', '<loginUserName>api@op.example</loginUserName>'],
    ['loginPassword', '<loginUserName>api@op.example</loginUserName><loginPassword />'],
    ['serverHostName', login],
    [
      'serverHostName',
      `${login}<serverHostName xsi:nil="true" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"/>`,
    ],
  ])('names %s when it is missing or blank', async (name, content) => {
    expect(await send({ action, body: inBody(content) })).toEqual(refusedFor(name));
  });

  it.each([
    ['AddResellerLicenseSubPurchase', 'quantity', 'many', 'Input string was not in a correct format.'],
    [
      'AddResellerLicenseSubPurchase',
      'quantity',
      '9999999999',
      'Value was either too large or too small for an Int32.',
    ],
    ['AddPortalUser', 'isAgent', 'maybe', "The string 'maybe' is not a valid Boolean value."],
  ])('refuses a value it cannot convert: %s, %s %s', async (operation, name, value, said) => {
    const body = soapMessage(operation, { [name]: value });
    const column = body.indexOf(`</${name}>`) + `</${name}>`.length + 1;
    const reason = `There is an error in XML document (1, ${column}). ---> ${said}`;
    expect(await send({ body })).toEqual(fault('1.1', 'Client', `Server was unable to read request. ---> ${reason}`));
  });
});

describe('errors', () => {
  const malformed = 'Server was unable to process request. ---> The XML is not well-formed. Line 1, position ';
  const unread = (what: string): string =>
    `Server was unable to read request. ---> Request format is invalid: Missing required soap:${what} element.`;
  const noAction = 'Unable to handle request without a valid action parameter. Please supply a valid soap action.';
  const nope = (version: Version): string => soapMessage('Nope', {}, version);

  it.each<[string, Sent, object]>([
    [
      'an unknown SOAPAction',
      { action: '"urn:x"', body: message() },
      fault('1.1', 'Client', 'Server did not recognize the value of HTTP Header SOAPAction: urn:x.'),
    ],
    [
      'an operation in another case',
      { action: `"${namespace}/getresellers"`, body: message() },
      fault(
        '1.1',
        'Client',
        `Server did not recognize the value of HTTP Header SOAPAction: ${namespace}/getresellers.`,
      ),
    ],
    [
      'an empty SOAPAction',
      { action: '""', body: message() },
      fault('1.1', 'Client', 'Server did not recognize the value of HTTP Header SOAPAction: .'),
    ],
    ['no action and an unknown Body, 1.1', { body: nope('1.1') }, fault('1.1', 'Client', noAction)],
    ['no action and an unknown Body, 1.2', { body: nope('1.2') }, fault('1.2', 'Sender', noAction)],
    [
      'an unknown action of 1.2 and an unknown Body',
      { type: `${types['1.2']}; action="urn:x"`, body: nope('1.2') },
      fault('1.2', 'Sender', "Unable to handle request. The action 'urn:x' was not recognized."),
    ],
    ['broken XML without an Envelope, no SOAPAction', { body: '<oops' }, fault('1.2', 'Receiver', `${malformed}6.`)],
    [
      'broken XML after a SOAP 1.1 Envelope, no SOAPAction',
      { body: `<s:Envelope xmlns:s="${envelopes['1.1']}"></oops>` },
      fault('1.1', 'Server', `${malformed}72.`),
    ],
    [
      'an unknown Envelope',
      { action, body: '<s:Envelope xmlns:s="urn:x"><s:Body/></s:Envelope>' },
      fault(
        '1.1',
        'VersionMismatch',
        `Possible SOAP version mismatch: Envelope namespace urn:x was unexpected. Expecting ${envelopes['1.1']}.`,
        `<soap:Header><soap12:Upgrade xmlns:soap12="${envelopes['1.2']}"><soap12:SupportedEnvelope qname="soap:Envelope" />` +
          '<soap12:SupportedEnvelope qname="soap12:Envelope" /></soap12:Upgrade></soap:Header>',
      ),
    ],
    ['no Envelope', { action, body: '<GetResellers/>' }, fault('1.1', 'Client', unread('Envelope'))],
    [
      'no Body',
      { action, body: `<s:Envelope xmlns:s="${envelopes['1.1']}"/>` },
      fault('1.1', 'Client', unread('Body')),
    ],
  ])('%s', async (_, sent, expected) => {
    expect(await send(sent)).toEqual(expected);
  });

  it.each<[string, Sent, number, string | null]>([
    ['another content type', { type: 'application/json', action, body: message() }, 415, null],
    ['a SOAP 1.1 Envelope as 1.2', { type: types['1.2'], body: message() }, 415, null],
    ['broken XML under a right SOAPAction', { action, body: '<oops' }, 400, 'text/xml; charset=utf-8'],
    ['a DTD under a right SOAPAction', { action, body: `<!DOCTYPE x>${message()}` }, 400, 'text/xml; charset=utf-8'],
  ])('%s is an empty answer', async (_, sent, status, type) => {
    expect(await send(sent)).toEqual({ status, type, cache: 'private, max-age=0', text: '' });
  });

  it('refuses a header that must be understood after the operation ran', async () => {
    const withHeader = soapMessage('AddReseller', { ...parameters, resellerId: 'ent-header' }).replace(
      '<soap:Body>',
      '<soap:Header><w xmlns="urn:w" soap:mustUnderstand="1"/></soap:Header><soap:Body>',
    );
    const expected = fault('1.1', 'MustUnderstand', 'SOAP header w was not understood.');
    expect(await send({ action: `"${namespace}/AddReseller"`, body: withHeader })).toEqual(expected);
    const made = await hub.soap()('AddReseller', { serverHostName: providerHost, resellerId: 'ent-header' });
    expect(made.errorMessage).toContain('already exists');
    await hub.soap()('DeleteReseller', { serverHostName: providerHost, resellerId: 'ent-header' });
  });

  it.each<[Version, string]>([
    ['1.1', 'Server'],
    ['1.2', 'Receiver'],
  ])('tells of what went wrong inside no more than where to look, SOAP %s', async (version, code) => {
    const body = soapMessage('GetResellers', { ...parameters, loginUserName: 'broken' }, version);
    const got = await send({ type: types[version], body });
    const id = /Request (req_\w+)/.exec(got.text)?.[1];
    const text = `Server was unable to process request. ---> An internal error has occurred. Request ${id}`;
    expect(got).toEqual(fault(version, code, text));
    const lines = hub
      .logged()
      .split('\n')
      .filter((line) => line.includes(id!));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('SELECT');
  });

  it('is a fault while the hub is busy', async () => {
    const text = 'Server was unable to process request. ---> The service is busy. Please try again later.';
    const body = soapMessage('GetResellers', { ...parameters, loginUserName: 'crowd' });
    expect(await send({ body })).toEqual(fault('1.1', 'Server', text));
  });
});

describe('the address', () => {
  it('may be in any case, and below the name of a channel', async () => {
    const base = `http://127.0.0.1:${hub.port}`;
    for (const path of [
      '/kakapoprovision/provisionv3.asmx',
      '/KAKAPOPROVISION/PROVISIONV3.ASMX?x=y',
      '/channels/unity/KakapoProvision/ProvisionV3.asmx',
    ]) {
      expect(await send({ url: base + path, action, body: message() })).toEqual(listed('1.1'));
    }
  });

  it.each(['HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('answers 405 to %s, at operations too', async (method) => {
    for (const below of ['', '/AddGroup']) {
      const response = await fetch(hub.url() + below, { method });
      expect([response.status, response.headers.get('allow'), await response.text()]).toEqual([405, 'GET, POST', '']);
    }
  });
});
