import { createHash, createPrivateKey, generateKeyPair, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { day, type Instant, shift } from '../../../../../core/shared/clock.js';

/** What an identity provider signs with, and what others recognize it by. */
export interface SigningIdentity {
  /** PKCS #8, PEM. */
  readonly privateKey: string;
  /** PEM with line breaks. */
  readonly certificate: string;
  /** SHA-1 of the certificate, as pairs of hexadecimal digits with colons between them. */
  readonly fingerprint: string;
}

const generate = promisify(generateKeyPair);
const life = 365 * day;

/** A new RSA key with a certificate it signed itself (RFC 5280, version 1: it makes no claims beyond the key). */
export async function createSigningIdentity(name: string, now: Instant): Promise<SigningIdentity> {
  const { privateKey, publicKey } = await generate('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'der' },
  });
  const algorithm = sequence(sha256WithRsa, element(0x05, Buffer.alloc(0)));
  const holder = sequence(element(0x31, sequence(commonName, element(0x0c, Buffer.from(name, 'utf8')))));
  const contents = sequence(
    integer(Buffer.from(now.replaceAll(/\D/g, ''), 'hex')),
    algorithm,
    holder,
    sequence(time(shift(now, -day)), time(shift(now, life))),
    holder,
    publicKey,
  );
  const signature = sign('sha256', contents, createPrivateKey(privateKey));
  const der = sequence(contents, algorithm, element(0x03, Buffer.concat([Buffer.of(0), signature])));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  const digest = createHash('sha1').update(der).digest('hex').toUpperCase();
  return {
    privateKey,
    certificate: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    fingerprint: digest.match(/../g)!.join(':'),
  };
}

const sha256WithRsa = Buffer.from('06092a864886f70d01010b', 'hex');
const commonName = Buffer.from('0603550403', 'hex');

/** Tag, length, content: everything in DER is that. */
function element(tag: number, content: Buffer): Buffer {
  const size = content.length.toString(16);
  const bytes = Buffer.from(size.padStart(size.length + (size.length % 2), '0'), 'hex');
  const length = content.length < 0x80 ? bytes : Buffer.concat([Buffer.of(0x80 | bytes.length), bytes]);
  return Buffer.concat([Buffer.of(tag), length, content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => element(0x30, Buffer.concat(parts));

/** A positive number: one whose first bit is set needs a zero before it, and no other zeros may stand there. */
function integer(value: Buffer): Buffer {
  let start = 0;
  while (start < value.length - 1 && value[start] === 0) start += 1;
  const digits = value.subarray(start);
  return element(0x02, digits[0]! >= 0x80 ? Buffer.concat([Buffer.of(0), digits]) : digits);
}

/** UTCTime: two digits of the year, as RFC 5280 wants it until 2049. */
function time(instant: Instant): Buffer {
  return element(0x17, Buffer.from(`${instant.replaceAll(/\D/g, '').slice(2, 14)}Z`, 'latin1'));
}
