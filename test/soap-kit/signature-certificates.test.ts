import { execFileSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { readExtras } from '../../src/adapters/soap/kit/certificate-extensions.js';
import { day, shift } from '../../src/core/shared/clock.js';
import {
  authority,
  caExtensions,
  codeOf,
  type Identity,
  rsaSha256,
  type SignedService,
  serveSigned,
  sign,
  signing,
  someDay,
  timestamp,
  unsigned,
} from './signature-support.js';
import { ping } from './support.js';

const make = authority();
const ec = ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
const root = make({ subject: '/CN=root', extensions: caExtensions, key: ec });
const middle = make({ subject: '/CN=middle', issuer: root, extensions: caExtensions, key: ec });
const leaf = make({ subject: '/CN=leaf', issuer: middle, extensions: signing, key: ec });
const direct = make({ subject: '/CN=direct', issuer: root, extensions: signing, key: ec });
const now = someDay;

let count = 0;
const message = (by: Identity): string => {
  count += 1;
  return sign(unsigned('', ping(`${count}`)), { by });
};
const serving = (anchors: readonly Identity[], pinned: readonly Identity[] = [], at = now): Promise<SignedService> =>
  serveSigned({ trustAnchors: anchors.map((anchor) => anchor.pem) }, pinned, { now: () => at });

/** Whether a message of this identity is taken, or the code of the refusal. */
const judged = async (
  by: Identity,
  anchors: readonly Identity[],
  pinned: readonly Identity[] = [],
  at = now,
): Promise<string> => codeOf(await (await serving(anchors, pinned, at)).send(message(by)));

describe('chained', () => {
  test('to who issued it directly, to itself, to an intermediate that is an anchor', async () => {
    expect(await judged(direct, [root])).toBe('200');
    expect(await judged(leaf, [middle])).toBe('200');
    expect(await judged(leaf, [root, middle])).toBe('200');
    expect(await judged(leaf, [leaf])).toBe('200');
  });

  test('several certificates in one text', async () => {
    const service = await serveSigned({ trustAnchors: [`partner CA\n${direct.pem}\n${middle.pem}`] }, [], {
      now: () => now,
    });
    expect(codeOf(await service.send(message(leaf)))).toBe('200');
  });

  test.each<[string, Identity, () => readonly Identity[]]>([
    ['nothing', direct, () => []],
    ['another one', direct, () => [middle]],
    ['the issuer of its issuer alone', leaf, () => [root]],
    [
      'a CA of another name with the same key',
      direct,
      () => [make({ subject: '/CN=other', extensions: caExtensions, keyOf: root })],
    ],
    [
      'a CA of the same name with another key',
      direct,
      () => [make({ subject: '/CN=root', extensions: caExtensions, key: ec })],
    ],
  ])('not to %s', async (_, by, anchors) => {
    expect(await judged(by, anchors())).toBe('wsse:FailedAuthentication');
  });

  test('not to a CA whose name alone another one took for its certificates', async () => {
    const impostor = make({ subject: '/CN=root', extensions: caExtensions, key: ec });
    const forged = ['authorityKeyIdentifier=none', ...signing];
    const child = make({ subject: '/CN=direct', issuer: impostor, extensions: forged, key: ec });
    expect(await judged(child, [root])).toBe('wsse:FailedAuthentication');
    expect(await judged(child, [impostor])).toBe('200');
  });

  test('not to a certificate that is no CA, or a CA that may not sign certificates', async () => {
    const child = make({ subject: '/CN=child', issuer: direct, extensions: signing, key: ec });
    expect(await judged(child, [direct])).toBe('wsse:FailedAuthentication');
    const bare = make({ subject: '/CN=bare', key: ec });
    expect(await judged(make({ subject: '/CN=y', issuer: bare, key: ec }), [bare])).toBe('wsse:FailedAuthentication');
    const mute = make({ subject: '/CN=mute', extensions: ['basicConstraints=CA:TRUE', 'keyUsage=cRLSign'], key: ec });
    expect(await judged(make({ subject: '/CN=x', issuer: mute, key: ec }), [mute])).toBe('wsse:FailedAuthentication');
  });

  test('not to an anchor whose time is over, though the certificate still lives', async () => {
    const brief = make({ subject: '/CN=brief', extensions: caExtensions, key: ec, days: 5 });
    const long = make({ subject: '/CN=long', issuer: brief, extensions: signing, key: ec });
    expect(await judged(long, [brief])).toBe('200');
    expect(await judged(long, [brief], [], shift(now, 10 * day))).toBe('wsse:FailedAuthentication');
    expect(await judged(long, [brief], [long], shift(now, 10 * day))).toBe('200');
  });

  test('not by a SHA-1 signature of the CA', async () => {
    const weak = make({ subject: '/CN=weak', issuer: root, extensions: signing, key: ec, hash: 'sha1' });
    expect(await judged(weak, [root])).toBe('wsse:FailedAuthentication');
    expect(await judged(weak, [root], [weak])).toBe('200');
  });
});

test('a certificate in another encoding is none: its fingerprint would be another, and not be revoked', async () => {
  const revoked = [direct.fingerprint.toUpperCase().replaceAll(/(..)(?=.)/g, '$1:')];
  const service = await serveSigned({ trustAnchors: [root.pem], revoked }, [], { now: () => now });
  expect(codeOf(await service.send(message(direct)))).toBe('wsse:FailedAuthentication');
  const der = Buffer.from(direct.base64, 'base64');
  // 30 82 LL LL says the same as 30 83 00 LL LL
  expect(der.subarray(0, 2).toString('hex')).toBe('3082');
  const base64 = Buffer.concat([Buffer.from('308300', 'hex'), der.subarray(2)]).toString('base64');
  expect(codeOf(await service.send(message({ ...direct, base64 })))).toBe('wsse:InvalidSecurity');
});

describe('fit for signatures', () => {
  test.each<[string, readonly string[], string]>([
    ['no key usage', [], '200'],
    ['digitalSignature among others', ['keyUsage=keyEncipherment,digitalSignature'], '200'],
    ['keyEncipherment', ['keyUsage=critical,keyEncipherment'], 'wsse:FailedAuthentication'],
    ['nonRepudiation', ['keyUsage=nonRepudiation'], 'wsse:FailedAuthentication'],
    ['decipherOnly, in the second octet', ['keyUsage=keyAgreement,decipherOnly'], 'wsse:FailedAuthentication'],
    ['a CA', caExtensions, 'wsse:FailedAuthentication'],
    [
      'many other extensions',
      [...signing, 'subjectAltName=DNS:a.example', 'extendedKeyUsage=clientAuth', 'nsComment=x'],
      '200',
    ],
  ])('key usage: %s', async (_, extensions, expected) => {
    const by = make({ subject: '/CN=usage', extensions, key: ec });
    expect(await judged(by, [], [by])).toBe(expected);
  });

  test.each<[string, readonly string[]]>([
    ['RSA of 1024 bits', ['rsa:1024']],
    ['the curve of Bitcoin', ['ec', '-pkeyopt', 'ec_paramgen_curve:secp256k1']],
    ['Ed25519', ['ed25519']],
    ['RSA for PSS only', ['rsa-pss', '-pkeyopt', 'rsa_keygen_bits:2048']],
  ])('key: %s is refused, pinned or not', async (_, key) => {
    const by = make({ subject: '/CN=key', key });
    const signed = sign(unsigned('', ping('key')), { by: { ...by, key: direct.key } });
    const service = await serving([], [by]);
    expect(codeOf(await service.send(signed))).toBe('wsse:FailedAuthentication');
  });
});

test('a key that would be costly to use is not used', async () => {
  const n = Buffer.alloc(1025, 0xc5).toString('base64url');
  const publicKey = createPublicKey({ key: { kty: 'RSA', n, e: 'AQAB' }, format: 'jwk' }).export({
    type: 'spki',
    format: 'pem',
  });
  const by = make({ subject: '/CN=big', key: ec, publicKey: publicKey.toString() });
  const service = await serving([], [by]);
  const signed = sign(unsigned('', ping('key')), { by, method: rsaSha256, signatureOf: () => Buffer.alloc(1025, 1) });
  expect(codeOf(await service.send(signed))).toBe('wsse:FailedAuthentication');
});

test('a certificate of more than 16 KB is not read', async () => {
  const by = make({ subject: '/CN=long', key: ec, extensions: [`nsComment=${'x'.repeat(20_000)}`] });
  expect(await judged(by, [], [by])).toBe('wsse:InvalidSecurity');
});

test('how long a message has to be remembered ends with its certificate', async () => {
  const brief = make({ subject: '/CN=brief', key: ec, days: 3 });
  let moment = now;
  const service = await serveSigned({}, [brief], { now: () => moment });
  await service.send(message(brief));
  const { notAfter } = service.seen[0]!.certificate;
  moment = shift(notAfter, -10_000);
  const stamped = unsigned(timestamp(moment), ping('brief'));
  await service.send(sign(stamped, { by: brief, targets: ['/e:Envelope/e:Body', '//u:Timestamp'] }));
  expect(service.seen.map(({ replayableUntil }) => replayableUntil)).toEqual([
    shift(notAfter, 60_000),
    shift(notAfter, 60_000),
  ]);
});

test('a certificate without an end', async () => {
  const eternal = make({ subject: '/CN=eternal', key: ec, until: '99991231235959Z' });
  const service = await serving([], [eternal]);
  expect(codeOf(await service.send(message(eternal)))).toBe('200');
  expect(service.seen[0]?.replayableUntil).toBe('9999-12-31T23:59:59.000Z');
});

test('one key is one key however a certificate writes it', async () => {
  const written = make({ subject: '/CN=written', key: [...ec, '-pkeyopt', 'ec_param_enc:explicit'] });
  const plain = make({ subject: '/CN=plain', key: ec });
  const renewed = make({ subject: '/CN=plain', keyOf: plain });
  const service = await serving([], [written, plain, renewed]);
  expect(codeOf(await service.send(message(written)))).toBe('200');
  const sent = message(plain);
  expect(codeOf(await service.send(sent))).toBe('200');
  // the certificate is not part of what is signed: with the renewed one in its place it is still the same message
  expect(codeOf(await service.send(sent.replace(plain.base64, renewed.base64)))).toBe('wsse:FailedAuthentication');
  expect(service.seen).toHaveLength(2);
});

test.each([
  '/C=DE/ST=Bayern/O=Größe, "quoted" & Söhne/OU=a\\+b/CN=Ann <ann>',
  '/CN=#x /O= lead and trail /emailAddress=a@b.example',
  '/DC=example/DC=corp/CN=one+OU=two+serialNumber=3/O=x\\\\',
  '/CN=semi;colon=equals/O=東京/1.2.3.4=odd',
])('names are those of openssl: %s', async (subject) => {
  const by = make({ subject, key: ec });
  const service = await serving([], [by]);
  expect(codeOf(await service.send(message(by)))).toBe('200');
  const print = (what: string): string =>
    execFileSync('openssl', ['x509', '-in', by.certFile, '-noout', what, '-nameopt', 'RFC2253,-esc_msb'], {
      encoding: 'utf8',
    });
  const { certificate } = service.seen[0]!;
  expect(`subject=${certificate.subject}\n`).toBe(print('-subject'));
  expect(`issuer=${certificate.issuer}\n`).toBe(print('-issuer'));
  expect(`serial=${certificate.serialNumber}\n`).toBe(print('-serial'));
});

test('trust anchors that cannot be read are told at start', async () => {
  await expect(serveSigned({ trustAnchors: ['none'] }, [], { now: () => now })).rejects.toThrow(
    'sample: trustAnchors: no certificate in PEM form',
  );
  const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';
  await expect(serveSigned({ trustAnchors: [broken] }, [], { now: () => now })).rejects.toThrow('trustAnchors');
});

test('bytes that are no certificate end in an error and never in a loop', () => {
  const der = Buffer.from(direct.base64, 'base64');
  expect(readExtras(der)).toEqual({ mayVerify: true, signedWith: '2a8648ce3d040302' });
  for (let cut = 0; cut < der.length; cut += 1) expect(() => readExtras(der.subarray(0, cut))).toThrow('DER');
  for (let at = 0; at < der.length; at += 1) {
    const changed = Buffer.from(der);
    changed[at] = changed[at]! ^ 0x80;
    try {
      readExtras(changed);
    } catch (error) {
      expect((error as Error).message).toMatch(/^DER: /);
    }
  }
});
