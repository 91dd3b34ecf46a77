import { gzipSync } from 'node:zlib';
import { rawRequest } from '../../support/http.js';
import { encodeForm } from '../support/forms.js';
import { interfaceUser, type KakapoHub, openKakapoHub, providerHost, servicePath } from '../support/hub.js';
import { envelopes, namespace, soapMessage } from '../support/soap.js';

let hub: KakapoHub;
beforeAll(async () => {
  hub = await openKakapoHub('sqlite', { limits: { maxBytes: 100_000, bodyTimeMs: 500 } });
});
afterAll(() => hub.close());
afterEach(async () => {
  // whatever came, the service goes on
  expect((await hub.form()('GetResellers', parameters)).text).toContain('<resellers />');
  expect(hub.logged()).not.toContain('failed');
});

const parameters = { ...interfaceUser, serverHostName: providerHost };
const form = encodeForm(parameters);
const formType = 'application/x-www-form-urlencoded';

interface Sent {
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Record<string, string>;
}

async function send(path: string, { body, headers = {} }: Sent) {
  const response = await fetch(hub.url() + path, { method: 'POST', headers, body });
  return { status: response.status, text: await response.text() };
}

describe('hostile messages', () => {
  const right = soapMessage('GetResellers', parameters);
  const inside = (content: string): string => right.replace('</GetResellers>', `${content}</GetResellers>`);
  const entity = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>';
  const gzip = { 'content-encoding': 'gzip' };

  it.each<[string, Sent, number, string]>([
    ['a DTD', { body: right.replace('?>', `?>${entity}`) }, 500, 'DTD is prohibited'],
    ['a deep tree', { body: inside('<a>'.repeat(100) + '</a>'.repeat(100)) }, 500, 'exceeds the limits'],
    [
      'many attributes',
      { body: inside(`<a ${[...Array(65).keys()].map((n) => `a${n}=""`).join(' ')}/>`) },
      500,
      'limits',
    ],
    ['many elements', { body: gzipSync(inside('<a/>'.repeat(60_000))), headers: gzip }, 500, 'exceeds the limits'],
    ['a bomb', { body: gzipSync(Buffer.alloc(20_000_000, 32)), headers: gzip }, 413, ''],
    ['gzip that is none', { body: right, headers: gzip }, 500, 'not well-formed'],
    ['another coding', { body: right, headers: { 'content-encoding': 'br' } }, 415, ''],
    ['a charset nobody knows', { body: right, headers: { 'content-type': 'text/xml; charset=klingon' } }, 415, ''],
    [
      'bytes that are no UTF-8',
      { body: Buffer.from(right.replace('xsp', '\u00ff'), 'latin1') },
      500,
      'character encoding',
    ],
    ['too many bytes', { body: inside('x'.repeat(100_000)) }, 413, ''],
    [
      'names of prototypes',
      { body: inside('<__proto__><polluted>1</polluted></__proto__><constructor/>') },
      200,
      'true',
    ],
  ])('%s', async (_, { body, headers }, status, text) => {
    const got = await send('', { body, headers: { 'content-type': 'text/xml', ...headers } });
    expect(got.status).toBe(status);
    expect(got.text).toContain(text);
    expect(got.text).not.toContain('root:');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('does not echo a long action whole', async () => {
    const headers = { 'content-type': 'text/xml', soapaction: `"${'x'.repeat(5_000)}"` };
    expect((await send('', { headers, body: right })).text.length).toBeLessThan(1_000);
  });
});

describe('hostile forms', () => {
  const at = '/GetResellers';

  it.each<[string, Sent, number, string]>([
    ['names of prototypes', { body: `${form}&__proto__=1&constructor=2&hasOwnProperty=3` }, 200, 'true'],
    ['a thousand and one parameters', { body: `${'a=b&'.repeat(1_000)}${form}` }, 400, 'too many parameters'],
    ['the same name a thousand times', { body: 'serverHostName=x&'.repeat(1_001) }, 400, 'too many parameters'],
    ['bytes that are no UTF-8', { body: `${form}&x=%ff%fe` }, 400, 'not encoded as UTF-8'],
    ['an overlong encoding', { body: `${form}&x=%c0%af` }, 400, 'not encoded as UTF-8'],
    ['too many bytes', { body: `${form}&x=${'x'.repeat(100_000)}` }, 413, ''],
    ['a bomb', { body: gzipSync(Buffer.alloc(20_000_000, 97)), headers: { 'content-encoding': 'gzip' } }, 413, ''],
    ['gzip that is none', { body: form, headers: { 'content-encoding': 'gzip' } }, 400, 'not gzip'],
    ['another coding', { body: form, headers: { 'content-encoding': 'deflate' } }, 415, ''],
    ['gzip', { body: gzipSync(form), headers: { 'content-encoding': 'gzip' } }, 200, 'true'],
    ['separators alone', { body: '&&==&=&' }, 500, 'Missing parameter: loginUserName.'],
    ['nothing', { body: '' }, 500, 'Missing parameter: loginUserName.'],
    ['a NUL in an id', { body: `${form.replace('xsp', 'xsp%00')}` }, 200, '<success>false</success>'],
  ])('%s', async (_, { body, headers }, status, text) => {
    const got = await send(at, { body, headers: { 'content-type': formType, ...headers } });
    expect(got.status).toBe(status);
    expect(got.text).toContain(text);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('an operation named as what every object has', async () => {
    for (const name of ['__proto__', 'constructor', 'toString', '..%2f..', '%', '%00']) {
      const got = await send(`/${name}`, { body: form, headers: { 'content-type': formType } });
      expect([name, got.status]).toEqual([name, 500]);
      expect(got.text).toContain('Web Service method name is not valid.');
    }
  });

  it('a query of a million bytes', async () => {
    const line = `GET ${servicePath}/GetResellers?x=${'x'.repeat(1_000_000)} HTTP/1.1\r\nHost: hub\r\n\r\n`;
    const got = await rawRequest({ port: hub.port, send: line });
    expect(got.status).toBe(431);
  });

  it('a body that never comes', async () => {
    const head = `POST ${servicePath}/GetResellers HTTP/1.1\r\nHost: hub\r\nContent-Type: ${formType}\r\nContent-Length: 50\r\n\r\nlogin`;
    const got = await rawRequest({ port: hub.port, send: head });
    expect([got.status, got.headers.connection, got.text]).toEqual([408, 'close', '']);
  });

  it('a body larger than anybody reads to its end', async () => {
    const head = `POST ${servicePath}/GetResellers HTTP/1.1\r\nHost: hub\r\nContent-Type: ${formType}\r\nContent-Length: 99999999\r\n\r\n`;
    const got = await rawRequest({ port: hub.port, send: head });
    expect([got.status, got.headers.connection]).toEqual([413, 'close']);
  });

  it.each([
    ['GET', 'cross-site'],
    ['POST', 'cross-site'],
    ['GET', 'same-site'],
  ])('a wrong password that a page of somebody else makes a browser %s, %s', async (method, site) => {
    const guess = encodeForm({ ...parameters, loginPassword: 'wrong' });
    const target = `${servicePath}/GetResellers${method === 'GET' ? `?${guess}` : ''}`;
    const body = method === 'GET' ? '' : guess;
    const head = `${method} ${target} HTTP/1.1\r\nHost: hub\r\nSec-Fetch-Site: ${site}\r\nContent-Type: ${formType}`;
    const got = await rawRequest({
      port: hub.port,
      send: `${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    });
    expect([got.status, got.text]).toEqual([
      403,
      expect.stringMatching(/^Calls from pages of other sites are refused/),
    ]);
    // afterEach shows that the account is not locked
  });

  it('a wrong password from a page that a browser names without saying how far it is', async () => {
    const guess = encodeForm({ ...parameters, loginPassword: 'wrong' });
    const head = `POST ${servicePath}/GetResellers HTTP/1.1\r\nHost: hub\r\nOrigin: http://elsewhere.example\r\nContent-Type: ${formType}`;
    const send = `${head}\r\nContent-Length: ${guess.length}\r\n\r\n${guess}`;
    expect((await rawRequest({ port: hub.port, send })).status).toBe(403);
  });

  it('is none when the page is of the host that was asked', async () => {
    const head = `POST ${servicePath}/GetResellers HTTP/1.1\r\nHost: Hub\r\nOrigin: http://hub\r\nContent-Type: ${formType}`;
    const send = `${head}\r\nContent-Length: ${form.length}\r\n\r\n${form}`;
    const got = await rawRequest({ port: hub.port, send });
    expect([got.status, got.text]).toEqual([200, expect.stringContaining('<success>true')]);
  });

  it.each(['same-origin', 'none'])('is none when a browser sends it from here: %s', async (site) => {
    const line = `GET ${servicePath}/GetResellers?${form} HTTP/1.1\r\nHost: hub\r\nSec-Fetch-Site: ${site}\r\n\r\n`;
    const got = await rawRequest({ port: hub.port, send: line });
    expect([got.status, got.text]).toEqual([200, expect.stringContaining('<success>true')]);
  });

  it('a message of one binding sent to the other', async () => {
    const soap = await send(at, {
      body: soapMessage('GetResellers', parameters),
      headers: { 'content-type': 'text/xml' },
    });
    expect(soap).toEqual({ status: 500, text: 'Request format is invalid: text/xml.\r\n' });
    const headers = { 'content-type': formType, soapaction: `"${namespace}/GetResellers"` };
    expect(await send('', { body: form, headers })).toEqual({ status: 415, text: '' });
    const envelope = `<s:Envelope xmlns:s="${envelopes['1.1']}"/>`;
    expect((await send(at, { body: envelope, headers: { 'content-type': formType } })).status).toBe(500);
  });
});
