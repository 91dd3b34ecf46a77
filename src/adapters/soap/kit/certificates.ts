import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import { type Instant, toInstant } from '../../../core/shared/clock.js';
import { type CertificateExtras, readExtras } from './certificate-extensions.js';
import type { CallerCertificate } from './credentials.js';

/** A certificate that came with a message: readable, nothing more is said of it. */
export interface ShownCertificate extends CallerCertificate, CertificateExtras {
  readonly x509: X509Certificate;
  readonly key: KeyObject;
}

const longest = 16_384;

/** Null for bytes that are not exactly one certificate in DER. */
export function readCertificate(der: Buffer): ShownCertificate | null {
  if (der.length > longest) return null;
  try {
    const x509 = new X509Certificate(der);
    // OpenSSL also takes PEM, and DER with something behind it: then the fingerprint would not be that of the bytes shown
    if (!x509.raw.equals(der)) return null;
    return {
      x509,
      key: x509.publicKey,
      fingerprint256: createHash('sha256').update(der).digest('hex'),
      subject: rfc2253(x509.subject),
      issuer: rfc2253(x509.issuer),
      serialNumber: x509.serialNumber,
      notBefore: instantOf(x509.validFrom),
      notAfter: instantOf(x509.validTo),
      ...readExtras(der),
    };
  } catch {
    return null;
  }
}

/** Node writes an attribute a line, parts of one set apart by ` + ` (a plus in a value is escaped), first to last; RFC 2253 goes backwards. */
function rfc2253(name: string | undefined): string {
  const sets = (name ?? '').split('\n').reverse();
  return sets.map((set) => set.split(' + ').reverse().join('+')).join(',');
}

/** From `Nov 21 08:00:00 2026 GMT`. */
function instantOf(text: string): Instant {
  return toInstant(Date.parse(text));
}

export function isValidAt(certificate: CallerCertificate, now: Instant): boolean {
  return certificate.notBefore <= now && now <= certificate.notAfter;
}

const curves = new Set(['prime256v1', 'secp384r1']);

/** RSA from 2048 bits and the curves P-256 and P-384. The upper bound is what a stranger may make us compute. */
export function isStrongKey(key: KeyObject): boolean {
  const { modulusLength = 0, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa') return modulusLength >= 2048 && modulusLength <= 8192;
  return key.asymmetricKeyType === 'ec' && curves.has(namedCurve);
}

/** The whole certificates in a PEM text. @throws Error when there is none, or one that cannot be read */
export function readPem(text: string): ShownCertificate[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw new Error('no certificate in PEM form');
  return blocks.map((block) => {
    const certificate = readCertificate(new X509Certificate(block).raw);
    if (certificate === null) throw new Error('a certificate that cannot be read');
    return certificate;
  });
}

/** Hashes nobody can collide: SHA-256, 384, 512 with RSA or ECDSA, and Ed25519. With MD5 or SHA-1 a CA vouches for two certificates. */
const soundIssuerAlgorithms = new Set([
  '2a864886f70d01010b',
  '2a864886f70d01010c',
  '2a864886f70d01010d',
  '2a8648ce3d040302',
  '2a8648ce3d040303',
  '2a8648ce3d040304',
  '2b6570',
]);

/** Whether an anchor is this certificate, or a CA, valid now, that issued it directly: intermediates are anchors of their own. */
export function isChained(leaf: ShownCertificate, anchors: readonly ShownCertificate[], now: Instant): boolean {
  return anchors.some(
    (anchor) =>
      anchor.fingerprint256 === leaf.fingerprint256 ||
      (anchor.x509.ca &&
        isValidAt(anchor, now) &&
        soundIssuerAlgorithms.has(leaf.signedWith) &&
        leaf.x509.checkIssued(anchor.x509) &&
        leaf.x509.verify(anchor.key)),
  );
}
