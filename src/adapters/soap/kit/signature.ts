import { createHash } from 'node:crypto';
import { type Clock, type Instant, shift } from '../../../core/shared/clock.js';
import { readCertificate, type ShownCertificate } from './certificates.js';
import {
  AuthenticationFailed,
  type CallerCertificate,
  type SecurityWindow,
  type SignatureCredentials,
  unfitSignature,
} from './credentials.js';
import type { SoapMessage } from './envelope.js';
import type { SoapLimits } from './limits.js';
import { parseXml, type XmlElement } from './parse.js';
import { readTimestamp, readUsernameToken, skew, tokenAndStamp } from './security-header.js';
import { digestOf, holds } from './signature-algorithms.js';
import { canonicalizer } from './signature-canonical.js';
import { indexIds } from './signature-ids.js';
import { type SignedPart, verifiedMessage } from './signature-message.js';
import type { SignatureRules } from './signature-rules.js';
import { certificateOctets, readSignature, readSignedInfo } from './signature-structure.js';
import { checkCoverage, resolveTargets } from './signature-targets.js';

/** What a signature is checked against besides the message. */
export interface SignatureSetting {
  readonly rules: SignatureRules;
  readonly clock: Clock;
  readonly window: SecurityWindow;
  readonly limits: SoapLimits;
}

/** Who signed a message, and the message made of the octets that were verified and of nothing else. */
export interface SignedMessage {
  readonly credentials: SignatureCredentials;
  readonly message: SoapMessage;
}

/**
 * Verifies the signature in a Security block. What is trusted is read from octets whose digest was right: SignedInfo is parsed
 * again from the form that was signed, and so are Body, Timestamp, token and header blocks; their originals are forgotten. Moving,
 * hiding or doubling an element can make a message be refused, but never be read otherwise than it was signed.
 * @throws AuthenticationFailed with the code that fits
 */
export async function readSignedMessage(
  message: SoapMessage,
  security: XmlElement,
  { rules, clock, window, limits }: SignatureSetting,
): Promise<SignedMessage> {
  const canonicalize = await canonicalizer();
  const octetsOf = (element: XmlElement, prefixes: readonly string[]): Buffer => {
    const octets = canonicalize(message.text, element, prefixes, limits.inflatedBytes);
    if (octets === null) throw unfitSignature('no canonical form');
    return octets;
  };

  const parts = readSignature(security);
  const { token, stamp } = tokenAndStamp(security);
  const ids = indexIds(message.envelope);
  if (ids.resolve(parts.tokenId) !== parts.token) throw unfitSignature('reference to another token');
  const certificate = readCertificate(certificateOctets(parts.token));
  if (certificate === null) throw unfitSignature('certificate cannot be read');
  rules.checkKey(certificate);

  const signedOctets = octetsOf(parts.signedInfo, parts.prefixes);
  const info = readSignedInfo(parseXml(signedOctets.toString(), limits), rules.algorithms);
  const targets = resolveTargets(info, ids, message, security);
  checkCoverage(targets, { body: message.body, stamp, token }, rules);
  if (!holds(info.method, certificate.key, signedOctets, parts.value)) throw failedCheck('signature');
  const verified = info.references.map((reference, index): SignedPart => {
    const element = targets[index]!;
    const octets = octetsOf(element, reference.prefixes);
    if (!digestOf(reference.hash, octets).equals(reference.digest)) throw failedCheck('digest');
    return { element, text: octets.toString() };
  });
  const partOf = (element: XmlElement | null): XmlElement | null => {
    const part = verified.find((candidate) => candidate.element === element);
    return part === undefined ? null : parseXml(part.text, limits);
  };

  const signedStamp = partOf(stamp);
  const time = signedStamp === null ? null : readTimestamp(signedStamp, 'signature', clock, window);
  const chained = rules.checkCertificate(certificate, clock.now());
  const signedToken = partOf(token);
  const usernameToken = token === null ? null : readUsernameToken(signedToken ?? token, clock, window);
  return {
    message: verifiedMessage(message, verified, limits),
    credentials: {
      kind: 'signature',
      certificate: described(certificate),
      chained,
      created: time?.created ?? null,
      replayKey: replayKeyOf(certificate, signedOctets),
      replayableUntil: replayableUntil(certificate, time?.usableUntil ?? null),
      usernameToken,
      usernameTokenSigned: signedToken !== null,
      username: usernameToken?.username ?? null,
    },
  };
}

function failedCheck(what: string): AuthenticationFailed {
  return new AuthenticationFailed('signature', `${what} is wrong`, 'FailedCheck');
}

function described(certificate: ShownCertificate): CallerCertificate {
  const { fingerprint256, subject, issuer, serialNumber, notBefore, notAfter } = certificate;
  return { fingerprint256, subject, issuer, serialNumber, notBefore, notAfter };
}

/**
 * Made of the key and of what it signed, not of the signature: from an ECDSA signature anybody can compute a second one that holds.
 * Nor of the certificate: there may be two for one key.
 */
function replayKeyOf(certificate: ShownCertificate, signedOctets: Buffer): string {
  // as a JWK, because in DER one key can be written in several ways
  const key = JSON.stringify(certificate.key.export({ format: 'jwk' }));
  return createHash('sha256').update(key).update(signedOctets).digest('hex');
}

/** With a margin, because the next one to see the message may be a process whose clock is behind. */
function replayableUntil({ notAfter }: CallerCertificate, usableUntil: Instant | null): Instant {
  const end = usableUntil === null || notAfter < usableUntil ? notAfter : usableUntil;
  const late = shift(end, skew);
  // a certificate "without an end" ends with the year 9999, and instants do too
  return late.length === end.length ? late : end;
}
