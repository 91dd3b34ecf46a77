import { createHash } from 'node:crypto';
import {
  echoHandlers,
  envelope,
  fault11,
  now,
  ping,
  type Served,
  serve,
  soap11,
  soap12,
  texts,
  until,
} from './support.js';

const oasis = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss';
const profile = `${oasis}-username-token-profile-1.0#`;
const failed = fault11('Client', 'Authentication failed', '<detail><authenticationFailed /></detail>');

interface Token {
  type?: string;
  password?: string;
  nonce?: string;
  created?: string;
  digestOf?: string;
}

function token({ type = 'PasswordText', password = 'secret', nonce, created, digestOf }: Token): string {
  const value =
    digestOf === undefined
      ? password
      : createHash('sha1')
          .update(Buffer.from(nonce ?? '', 'base64'))
          .update((created ?? '') + digestOf)
          .digest('base64');
  return (
    `<w:UsernameToken><w:Username>mkp</w:Username><w:Password Type="${profile}${type}">${value}</w:Password>` +
    `${nonce === undefined ? '' : `<w:Nonce>${nonce}</w:Nonce>`}${created === undefined ? '' : `<u:Created>${created}</u:Created>`}</w:UsernameToken>`
  );
}

function security(content: string, attributes = ''): string {
  return `<w:Security xmlns:w="${oasis}-wssecurity-secext-1.0.xsd" xmlns:u="${oasis}-wssecurity-utility-1.0.xsd" ${attributes}>${content}</w:Security>`;
}

const withHeader = (blocks: string): string => envelope(ping(), soap11, `<e:Header>${blocks}</e:Header>`);
const minutes = (offset: number): string => new Date(Date.parse(now) + offset * 60_000).toISOString();
const nonce = Buffer.from('0123456789abcdef').toString('base64');
const digest = (created: string, secret = 'secret'): string =>
  security(token({ type: 'PasswordDigest', nonce, created, digestOf: secret }));

let served: Served;
beforeAll(async () => {
  served = await serve({ operations: echoHandlers() });
});
afterAll(() => served.close());
beforeEach(() => served.calls.splice(0));

const actorOf = async (body: string, headers: Record<string, string> = {}): Promise<unknown> => {
  const reply = await served.send(body, { 'content-type': texts.plain, ...headers });
  expect(reply.status).toBe(200);
  return served.calls.at(-1)?.actor;
};
const basic = (text: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(text).toString('base64')}`,
});

describe('accepted', () => {
  test('HTTP Basic', async () => {
    expect(await actorOf(envelope(ping()), basic('mkp:secret'))).toBe('mkp');
  });

  test.each([
    ['text', security(token({}))],
    ['text, to be understood', security(token({}), 'e:mustUnderstand="1"')],
    ['text with nonce and created', security(token({ nonce, created: now }))],
    ['digest', digest(now)],
    ['digest, zone written +00:00', digest('2026-11-21T08:00:00+00:00')],
    ['digest, a little old', digest(minutes(-4.9))],
    ['digest, a little early', digest(minutes(0.9))],
    [
      'with a timestamp',
      security(
        `<u:Timestamp><u:Created>${now}</u:Created><u:Expires>${minutes(5)}</u:Expires></u:Timestamp>${token({})}`,
      ),
    ],
    [
      'a second Security for somebody else',
      security(token({})) + security(token({ password: 'x' }), 'e:actor="urn:other"'),
    ],
  ])('UsernameToken: %s', async (_, header) => {
    expect(await actorOf(withHeader(header))).toBe('mkp');
  });

  test('a UsernameToken wins over HTTP Basic', async () => {
    expect(await actorOf(withHeader(security(token({}))), basic('mkp:wrong'))).toBe('mkp');
  });
});

describe('refused', () => {
  test.each([
    ['wrong password', security(token({ password: 'wrong' }))],
    ['wrong digest', digest(now, 'wrong')],
    ['stale', digest(minutes(-5.1))],
    ['from the future', digest(minutes(1.1))],
    ['stale text token', security(token({ created: minutes(-6) }))],
    ['digest without nonce', security(token({ type: 'PasswordDigest', created: now, digestOf: 'secret' }))],
    ['digest without created', security(token({ type: 'PasswordDigest', nonce, digestOf: 'secret' }))],
    ['unreadable created', digest('yesterday')],
    ['nonce that is no Base64', security(token({ nonce: '!!', created: now }))],
    ['unknown password type', security(token({ type: 'PasswordRot13' }))],
    ['two tokens', security(token({}) + token({}))],
    ['two Security headers', security(token({})) + security(token({}))],
    [
      'two passwords',
      security(token({}).replace('</w:UsernameToken>', '<w:Password>x</w:Password></w:UsernameToken>')),
    ],
    ['two timestamps', security(`<u:Timestamp><u:Created>${now}</u:Created></u:Timestamp>`.repeat(2) + token({}))],
    [
      'expired timestamp',
      security(
        `<u:Timestamp><u:Created>${now}</u:Created><u:Expires>${minutes(-2)}</u:Expires></u:Timestamp>${token({})}`,
      ),
    ],
    ['stale timestamp', security(`<u:Timestamp><u:Created>${minutes(-10)}</u:Created></u:Timestamp>${token({})}`)],
    ['no username', security(token({}).replace('mkp', ''))],
  ])('UsernameToken: %s', async (_, header) => {
    const reply = await served.send(withHeader(header));
    expect([reply.status, reply.text]).toEqual([500, failed]);
    expect(reply.headers['www-authenticate']).toBeUndefined();
    expect(served.calls).toHaveLength(0);
  });

  test.each(['mkp:wrong', 'mkp', ':secret', 'nobody:secret'])(
    'HTTP Basic %s: 401 with a challenge and a fault',
    async (text) => {
      const reply = await served.send(envelope(ping()), { 'content-type': texts.plain, ...basic(text) });
      expect([reply.status, reply.text]).toEqual([401, failed]);
      expect(reply.headers['www-authenticate']).toBe('Basic realm="mercator", charset="UTF-8"');
    },
  );

  test('a security token of another namespace is none', async () => {
    const header = security(token({ password: 'wrong' })).replace('secext-1.0', 'secext-9');
    expect(await actorOf(withHeader(header))).toBe('nobody');
  });

  test('a signature nobody checks, to be understood: refused before the method runs', async () => {
    const header = security(
      `${token({})}<d:Signature xmlns:d="http://www.w3.org/2000/09/xmldsig#"/>`,
      'e:mustUnderstand="1"',
    );
    const reply = await served.send(withHeader(header));
    expect(reply.text).toBe(fault11('MustUnderstand', 'SOAP header Security was not understood.'));
    expect(served.calls).toHaveLength(0);
  });

  test('authentication comes before the input is looked at', async () => {
    const body = envelope(
      '<UpdateRealmStatus xmlns="urn:hub:ncbs:isv:v1"><status>x</status></UpdateRealmStatus>',
      soap12,
    );
    const reply = await served.send(body, { 'content-type': texts.soap12, ...basic('mkp:wrong') });
    expect(reply.status).toBe(401);
    expect(reply.text).toContain('<soap:Value>soap:Sender</soap:Value>');
  });
});

describe('the request inspector', () => {
  test('gets every call, with secrets masked and texts cut', async () => {
    served.records.splice(0);
    const body = envelope(
      `<Authenticate xmlns="urn:hub:ncbs:isv:v1"><loginName>ann</loginName><p:password xmlns:p="urn:hub:ncbs:isv:v1">hunter2 &lt;</p:password>` +
        `<newPassword><![CDATA[hunter2 </newPassword> hunter2]]></newPassword><apiSecret a="hunter2">hunter2</apiSecret></Authenticate>`,
      soap11,
      `<e:Header>${security(token({ password: 'secret', nonce, created: now }))}</e:Header>`,
    );
    await served.send(body);
    await served.send(envelope(ping('x'.repeat(50_000))));
    await served.send('<password>hunter2');
    await until(() => served.records.length === 3);
    const [first, second, third] = served.records;
    expect(first).toMatchObject({
      service: 'sample',
      operation: 'Authenticate',
      status: 200,
      requestId: 'req-1',
      address: '127.0.0.1',
    });
    expect(first!.request).toContain('<loginName>ann</loginName>');
    expect(first!.request).toContain('<w:Username>mkp</w:Username>');
    expect(first!.request).not.toContain('>hunter2');
    expect(first!.request).not.toMatch(/hunter2 |secret<|MDEyMzQ1/);
    expect(first!.response).toContain('<authenticated>false</authenticated>');
    expect(second!.request.length).toBeLessThan(17_000);
    expect(third).toMatchObject({ operation: '', status: 500, request: '<password>***</password>' });
  });

  test('an inspector that fails harms nothing', async () => {
    const frail = await serve({
      operations: echoHandlers(),
      observe: () => {
        throw new Error('inspector down');
      },
    });
    for (let i = 0; i < 3; i += 1) expect((await frail.send(envelope(ping()))).status).toBe(200);
    await frail.close();
  });
});
