import { createHmac, createPublicKey } from 'node:crypto';
import { day, shift } from '../../src/core/shared/clock.js';
import {
  authority,
  caExtensions,
  codeOf,
  dsUri,
  ecdsaSha256,
  rsaSha1,
  type SignedService,
  type Signing,
  serveSigned,
  sha1,
  sign,
  signing,
  someDay,
  timestamp,
  unsigned,
  wsseUri,
} from './signature-support.js';
import { ping, soap12, texts } from './support.js';

const make = authority();
const ca = make({ subject: '/O=Hub CA/CN=root', extensions: caExtensions });
const alice = make({ subject: '/C=DE/O=Partner/CN=alice', issuer: ca, extensions: signing });
const curved = make({
  subject: '/CN=curved',
  issuer: ca,
  extensions: signing,
  key: ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
});
const wide = make({
  subject: '/CN=wide',
  issuer: ca,
  extensions: signing,
  key: ['ec', '-pkeyopt', 'ec_paramgen_curve:P-384'],
});
/** A self-signed one, as partners make them: no extensions at all, pinned by its fingerprint. */
const loner = make({ subject: '/CN=loner' });
const stranger = make({ subject: '/C=DE/O=Partner/CN=alice' });
/** Some time after all of them were made. */
const now = someDay;

let served: SignedService;
let lax: SignedService;
let severe: SignedService;
beforeAll(async () => {
  const clock = { now: () => now };
  served = await serveSigned({ trustAnchors: [ca.pem] }, [loner], clock);
  lax = await serveSigned({ trustAnchors: [ca.pem], allowRsaSha1: true }, [], clock);
  severe = await serveSigned(
    { trustAnchors: [ca.pem], requireTimestamp: true, requireSignedToken: true, revoked: [alice.fingerprint] },
    [],
    clock,
  );
});
beforeEach(() => {
  for (const service of [served, lax, severe]) service.calls.splice(0);
});

const bodyPath = '/e:Envelope/e:Body';
const stampPath = '//u:Timestamp';
const tokenPath = '//w:UsernameToken';
const by = { by: alice };
const stamp = timestamp(now);
const token = `<w:UsernameToken u:Id="user"><w:Username>mkp</w:Username><w:Password>secret</w:Password></w:UsernameToken>`;
/** Ids are those of the message: every case says something else, or it would be a replay. */
let count = 0;
const body = (inner = ''): string => {
  count += 1;
  return ping(`signed ${count}`, inner);
};

async function accepted(message: string, to = served, type = texts.plain): Promise<unknown> {
  const reply = await to.send(message, { 'content-type': type });
  expect([codeOf(reply), reply.text]).toEqual(['200', expect.stringContaining('PingResponse')]);
  return (to.calls.at(-1)!.input as { text: string }).text;
}

async function refused(message: string | Buffer, code: string, to = served): Promise<void> {
  const reply = await to.send(message);
  expect(codeOf(reply)).toBe(code);
  expect(to.calls).toHaveLength(0);
  expect(to.problems).toEqual([]);
}

describe('accepted', () => {
  test.each<[string, string, Partial<Signing>]>([
    ['signature before the token, no Timestamp', '', {}],
    ['token before the signature', '', { tokenFirst: true }],
    ['with a Timestamp', stamp, { targets: [bodyPath, stampPath] }],
    ['with a list of prefixes', stamp, { targets: [bodyPath, stampPath], prefixes: 'e u #default' }],
    ['an elliptic curve, P-256', '', { by: curved }],
    ['an elliptic curve, P-384', '', { by: wide }],
    ['a pinned certificate nobody issued', '', { by: loner }],
    ['a UsernameToken beside it, not signed', token, {}],
    ['a UsernameToken beside it, signed', stamp + token, { targets: [bodyPath, tokenPath, stampPath] }],
  ])('%s', async (_, security, options) => {
    expect(await accepted(sign(unsigned(security, body()), { ...by, ...options }))).toBe(`signed ${count}`);
  });

  test('as WSS4J sends it: to be understood, token first, Timestamp of 300 s', async () => {
    const message = sign(unsigned(stamp, body()), {
      ...by,
      targets: [stampPath, bodyPath],
      tokenFirst: true,
      prefixes: 'e',
    });
    await accepted(message.replace('<w:Security>', '<w:Security e:mustUnderstand="1">'));
  });

  test('SOAP 1.2', async () => {
    const envelope = unsigned('', body(), soap12);
    const signed = sign(envelope, { ...by, targets: ['/*/*[2]'] });
    await accepted(signed, served, texts.soap12);
  });

  test.each([
    ['UTF-16', (text: string) => Buffer.from(`\ufeff${text.replace('utf-8', 'utf-16')}`, 'utf16le')],
    ['a byte order mark', (text: string) => Buffer.from(`\ufeff${text}`)],
    [
      'line ends of Windows between the parts',
      (text: string) => text.replaceAll(/<(\/?e:(?:Header|Envelope))>/g, '<$1>\r\n'),
    ],
    [
      'another spelling of the same',
      (text: string) => text.replace('<e:Body u:Id="body">', "<e:Body  u:Id = 'body' >"),
    ],
  ])('%s', async (_, change) => {
    const message = change(sign(unsigned('', body('<!-- note -->').replace('signed', 'größer 😀 \u2028')), by));
    const reply = await served.send(message, { 'content-type': 'text/xml' });
    expect(codeOf(reply)).toBe('200');
    expect(served.calls.at(-1)?.input).toMatchObject({ text: `größer 😀 \u2028 ${count}` });
  });

  test('what the protocol learns', async () => {
    const message = sign(unsigned(stamp + token, body()), { ...by, targets: [bodyPath, stampPath, tokenPath] });
    await accepted(message);
    expect(served.seen.at(-1)).toEqual({
      kind: 'signature',
      certificate: {
        fingerprint256: alice.fingerprint,
        subject: 'CN=alice,O=Partner,C=DE',
        issuer: 'CN=root,O=Hub CA',
        serialNumber: expect.stringMatching(/^[0-9A-F]+$/),
        notBefore: expect.stringMatching(/^20\d\d-.*\.000Z$/),
        notAfter: expect.stringMatching(/^20\d\d-.*\.000Z$/),
      },
      chained: true,
      created: now,
      replayKey: expect.stringMatching(/^[0-9a-f]{64}$/),
      replayableUntil: shift(now, 6 * 60_000),
      usernameToken: { kind: 'passwordText', username: 'mkp', password: 'secret', nonce: null, created: null },
      usernameTokenSigned: true,
      username: 'mkp',
    });
    await accepted(sign(unsigned('', body()), { by: loner }));
    const { certificate, ...rest } = served.seen.at(-1)!;
    expect(rest).toMatchObject({ chained: false, created: null, username: null, usernameTokenSigned: false });
    expect(rest.replayableUntil).toBe(shift(certificate.notAfter, 60_000));
  });

  test('a Security header for somebody else may hold anything', async () => {
    const message = sign(unsigned('', body()), by);
    const other = `<w:Security e:actor="urn:other"><d:Signature xmlns:d="${dsUri}"/></w:Security>`;
    await accepted(message.replace('</e:Header>', `${other}</e:Header>`));
  });

  test('rsa-sha1 and SHA-1 digests where they are switched on', async () => {
    await accepted(sign(unsigned('', body()), { ...by, method: rsaSha1, digest: sha1 }), lax);
  });

  test('what a binding in a value means is what was signed', async () => {
    const typed = body(`<x:n xmlns:x="urn:x" xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="p:t"/>`);
    const message = sign(unsigned('', typed), by).replace('<e:Envelope', '<e:Envelope xmlns:p="urn:evil"');
    // the prefix is outside of what exclusive canonicalization covers, so it has no meaning left and the schema says no
    expect(codeOf(await served.send(message))).toBe('soap:Client');
  });
});

describe('switches', () => {
  test.each<[string, Partial<Signing>]>([
    ['rsa-sha1', { method: rsaSha1 }],
    ['SHA-1 digests', { digest: sha1 }],
  ])('%s is refused unless switched on', async (_, options) => {
    await refused(sign(unsigned('', body()), { ...by, ...options }), 'wsse:InvalidSecurity');
  });

  test('Timestamp demanded', async () => {
    await refused(sign(unsigned('', body()), { by: curved }), 'wsse:InvalidSecurity', severe);
    await accepted(sign(unsigned(stamp, body()), { by: curved, targets: [bodyPath, stampPath] }), severe);
  });

  test('a signed token demanded', async () => {
    const envelope = unsigned(stamp + token, body());
    await refused(sign(envelope, { by: curved, targets: [bodyPath, stampPath] }), 'wsse:InvalidSecurity', severe);
    await accepted(sign(envelope, { by: curved, targets: [bodyPath, stampPath, tokenPath] }), severe);
  });

  test('a revoked certificate', async () => {
    const message = sign(unsigned(stamp, body()), { ...by, targets: [bodyPath, stampPath] });
    await refused(message, 'wsse:FailedAuthentication', severe);
  });

  test('without the option a signature is not looked at, and refused where it must be understood', async () => {
    const off = await serveSigned(undefined, [], { now: () => now });
    const message = sign(unsigned(token, body()), by).replace('>signed', '>tampered');
    expect(await accepted(message, off)).toBe(`tampered ${count}`);
    const reply = await off.send(message.replace('<w:Security>', '<w:Security e:mustUnderstand="1">'));
    expect(codeOf(reply)).toBe('soap:MustUnderstand');
  });
});

describe('who', () => {
  test.each<[string, string, () => string]>([
    [
      'a foreign certificate of the same name',
      'FailedAuthentication',
      () => sign(unsigned('', body()), { by: stranger }),
    ],
    [
      'a wrong password beside a good signature',
      'FailedAuthentication',
      () => sign(unsigned(token.replace('secret', 'guess'), body()), by),
    ],
    [
      'a certificate swapped for another',
      'FailedCheck',
      () => sign(unsigned('', body()), by).replace(alice.base64, loner.base64),
    ],
    [
      'a signature of another key',
      'FailedCheck',
      () => sign(unsigned('', body()), { by: { ...alice, key: loner.key } }),
    ],
    [
      'a key of another kind than the method',
      'FailedCheck',
      () => sign(unsigned('', body()), { ...by, method: ecdsaSha256 }),
    ],
    [
      'HMAC with the public key as its secret',
      'InvalidSecurity',
      () =>
        sign(unsigned('', body()), {
          ...by,
          method: 'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256',
          signatureOf: (octets) =>
            createHmac('sha256', createPublicKey(alice.pem).export({ type: 'spki', format: 'pem' }))
              .update(octets)
              .digest(),
        }),
    ],
    ['a certificate in PEM', 'InvalidSecurity', () => withToken(Buffer.from(alice.pem))],
    ['a certificate with something behind it', 'InvalidSecurity', () => withToken(Buffer.concat([der(), der()]))],
    ['no certificate', 'InvalidSecurity', () => withToken(Buffer.from('certificate'))],
    [
      'a token alone',
      'InvalidSecurity',
      () => sign(unsigned('', body()), by).replace(/<d:Signature .*<\/d:Signature>/, ''),
    ],
    [
      'a signature alone',
      'InvalidSecurity',
      () => sign(unsigned('', body()), by).replace(/<w:Binary.*SecurityToken>/, ''),
    ],
  ])('%s: %s', async (_, code, message) => {
    await refused(message(), `wsse:${code}`);
  });

  const der = (): Buffer => Buffer.from(alice.base64, 'base64');
  const withToken = (bytes: Buffer): string =>
    sign(unsigned('', body()), { by: { ...alice, base64: bytes.toString('base64') } });

  test('a message sent twice', async () => {
    const message = sign(unsigned(stamp, body()), { ...by, targets: [bodyPath, stampPath] });
    await accepted(message);
    served.calls.splice(0);
    await refused(message, 'wsse:FailedAuthentication');
  });

  test('a second signature computed from an ECDSA one is the same message', async () => {
    const message = sign(unsigned('', body()), { by: curved });
    await accepted(message);
    served.calls.splice(0);
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
    const twin = message.replace(/(<d:SignatureValue>)([^<]*)/, (_, start: string, value: string) => {
      const bytes = Buffer.from(value, 'base64');
      const s = order - BigInt(`0x${bytes.subarray(32).toString('hex')}`);
      return (
        start +
        Buffer.concat([bytes.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')]).toString('base64')
      );
    });
    expect(twin).not.toBe(message);
    await refused(twin, 'wsse:FailedAuthentication');
  });

  test('the answer has the code, one text for it and the detail; in SOAP 1.2 the code is a subcode', async () => {
    const one = await served.send(sign(unsigned('', body()), { by: stranger }));
    const other = await served.send(sign(unsigned(token.replace('mkp', 'nobody'), body()), by));
    expect(other.text).toBe(one.text);
    expect(one.text).toContain(
      `<faultcode xmlns:wsse="${wsseUri}">wsse:FailedAuthentication</faultcode><faultstring>The security token could not be ` +
        'authenticated or authorized</faultstring><detail><ACCESS_DENIED /></detail>',
    );
    const envelope = sign(unsigned('', body(), soap12), { by: stranger, targets: ['/*/*[2]'] });
    const third = await served.send(envelope, { 'content-type': texts.soap12 });
    expect(third.text).toContain(
      `<soap:Code><soap:Value>soap:Sender</soap:Value><soap:Subcode><soap:Value xmlns:wsse="${wsseUri}">wsse:FailedAuthentication`,
    );
  });
});

describe('when', () => {
  const stamped = (from: number, to: number): string =>
    sign(unsigned(timestamp(now, from, to), body()), { ...by, targets: [bodyPath, stampPath] });

  test.each<[string, number, number, string]>([
    ['too old', -301, 600, 'wsse:MessageExpired'],
    ['from the future', 61, 600, 'wsse:MessageExpired'],
    ['over', -200, -61, 'wsse:MessageExpired'],
    ['just over', -200, -60, '200'],
  ])('a Timestamp that is %s', async (_, from, to, code) => {
    expect(codeOf(await served.send(stamped(from, to)))).toBe(code);
  });

  test('Expires bounds how long a message has to be remembered', async () => {
    await accepted(stamped(-10, 20));
    expect(served.seen.at(-1)?.replayableUntil).toBe(shift(now, 140_000));
  });

  test('a certificate before and after its time', async () => {
    let moment = now;
    const moving = await serveSigned({}, [alice], { now: () => moment });
    await accepted(sign(unsigned('', body()), by), moving);
    for (const days of [-10, 500]) {
      moment = shift(now, days * day);
      moving.calls.splice(0);
      await refused(sign(unsigned('', body()), by), 'wsse:FailedAuthentication', moving);
    }
  });
});
