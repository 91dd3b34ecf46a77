import { createHash, timingSafeEqual } from 'node:crypto';
import { type Clock, type Instant, second, toInstant, toMilliseconds } from '../../../core/shared/clock.js';
import {
  AuthenticationFailed,
  type Credentials,
  type CredentialsKind,
  type SecurityWindow,
  type UsernameToken,
} from './credentials.js';
import { isForUs, type SoapMessage } from './envelope.js';
import { dsUri, wsseUri, wsuUri } from './namespaces.js';
import { childrenNamed, type XmlElement } from './parse.js';
import { decodeBase64, decodeDateTime } from './values.js';

const passwordTypes = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#';
export const base64Encoding =
  'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary';
/** Clocks of partners differ by up to this much (security.md 41). */
export const skew = 60 * second;
const invalid = 'InvalidSecurity';

/** The wsse:Security block meant for us. @throws AuthenticationFailed when there is more than one */
export function securityBlock(message: SoapMessage): XmlElement | null {
  let found: XmlElement | null = null;
  for (const block of message.headers) {
    if (block.local !== 'Security' || block.uri !== wsseUri || !isForUs(block)) continue;
    if (found !== null) throw new AuthenticationFailed('passwordText', 'more than one Security header', invalid);
    found = block;
  }
  return found;
}

/** Whether everything in a Security block is something this kit acts on; signatures only where they are switched on. */
export function isUnderstoodSecurity(block: XmlElement, signatures: boolean): boolean {
  return block.children.every(
    (child) =>
      (child.uri === wsseUri && child.local === 'UsernameToken') ||
      (child.uri === wsuUri && child.local === 'Timestamp') ||
      (signatures && isSignaturePart(child)),
  );
}

/** Whether a Security block has to do with a signature: then nothing in it counts before that has been verified. */
export function isSigned(block: XmlElement): boolean {
  return block.children.some(isSignaturePart);
}

function isSignaturePart(child: XmlElement): boolean {
  return (
    (child.local === 'Signature' && child.uri === dsUri) ||
    (child.local === 'BinarySecurityToken' && child.uri === wsseUri)
  );
}

/** The token and the time stamp of a Security block. @throws AuthenticationFailed when one is doubled */
export function tokenAndStamp(security: XmlElement): { token: XmlElement | null; stamp: XmlElement | null } {
  const tokens = childrenNamed(security, wsseUri, 'UsernameToken');
  const stamps = childrenNamed(security, wsuUri, 'Timestamp');
  const kind = tokens.length > 0 ? 'passwordText' : 'none';
  if (tokens.length > 1 || stamps.length > 1)
    throw new AuthenticationFailed(kind, 'doubled token or timestamp', invalid);
  return { token: tokens[0] ?? null, stamp: stamps[0] ?? null };
}

/**
 * Credentials of a message: a UsernameToken wins over HTTP Basic.
 * @throws AuthenticationFailed for a broken or doubled token, and for one outside its time
 */
export function readCredentials(
  security: XmlElement | null,
  authorization: string | undefined,
  clock: Clock,
  window: SecurityWindow,
): Credentials {
  if (security !== null) {
    const { token, stamp } = tokenAndStamp(security);
    if (stamp !== null) readTimestamp(stamp, token === null ? 'none' : 'passwordText', clock, window);
    if (token !== null) return readUsernameToken(token, clock, window);
  }
  return authorization === undefined ? { kind: 'none' } : readBasic(authorization);
}

function single(parent: XmlElement, uri: string, local: string): XmlElement | null {
  const found = childrenNamed(parent, uri, local);
  if (found.length > 1) throw new AuthenticationFailed('passwordText', `doubled ${local}`, invalid);
  return found[0] ?? null;
}

/** @throws AuthenticationFailed for a broken token, and for one outside its time */
export function readUsernameToken(token: XmlElement, clock: Clock, window: SecurityWindow): UsernameToken {
  const refuse = (reason: string): never => {
    throw new AuthenticationFailed('passwordText', reason, invalid);
  };
  const username = single(token, wsseUri, 'Username')?.text ?? '';
  const password = single(token, wsseUri, 'Password');
  if (username === '' || password === null) return refuse('Username or Password missing');
  const created = single(token, wsuUri, 'Created')?.text ?? null;
  if (created !== null) checkCreated(created, 'passwordText', clock, window);
  const nonceElement = single(token, wsseUri, 'Nonce');
  const encoding = nonceElement && plain(nonceElement, 'EncodingType');
  if (encoding !== null && encoding !== undefined && encoding !== base64Encoding) return refuse('Nonce encoding');
  const nonce = nonceElement === null ? null : decodeBase64(nonceElement.text);
  if (nonceElement !== null && (nonce === null || nonce.length === 0 || nonce.length > 256)) return refuse('Nonce');
  const type = plain(password, 'Type');
  if (type === undefined || type === `${passwordTypes}PasswordText`) {
    return { kind: 'passwordText', username, password: password.text, nonce, created };
  }
  if (type !== `${passwordTypes}PasswordDigest`) return refuse('Password type');
  const digest = decodeBase64(password.text);
  if (digest === null || digest.length !== 20) return refuse('digest');
  if (nonce === null || created === null) return refuse('a digest needs Nonce and Created');
  return { kind: 'passwordDigest', username, digest, nonce, created };
}

/** The value of an attribute without a namespace. */
export function plain(element: XmlElement, name: string): string | undefined {
  return element.attributes.find((candidate) => candidate.uri === '' && candidate.local === name)?.value;
}

function timeOf(text: string, kind: CredentialsKind): number {
  try {
    return toMilliseconds(decodeDateTime(text));
  } catch {
    throw new AuthenticationFailed(kind, 'unreadable time', invalid);
  }
}

/** Answers until when, in milliseconds, the same Created would be taken. */
function checkCreated(created: string, kind: CredentialsKind, clock: Clock, window: SecurityWindow): number {
  const at = timeOf(created, kind);
  const age = toMilliseconds(clock.now()) - at;
  if (age > window.back || age < -window.ahead) {
    throw new AuthenticationFailed(kind, 'Created is outside the window', 'MessageExpired');
  }
  return at + window.back;
}

/** Created of a Timestamp, and how long the same one would be taken. @throws AuthenticationFailed outside of its time */
export function readTimestamp(
  stamp: XmlElement,
  kind: CredentialsKind,
  clock: Clock,
  window: SecurityWindow,
): { readonly created: Instant; readonly usableUntil: Instant } {
  const created = single(stamp, wsuUri, 'Created');
  const expires = single(stamp, wsuUri, 'Expires');
  if (created === null) throw new AuthenticationFailed(kind, 'Timestamp without Created', invalid);
  let until = checkCreated(created.text, kind, clock, window);
  if (expires !== null) {
    const end = timeOf(expires.text, kind) + skew;
    if (end < toMilliseconds(clock.now()))
      throw new AuthenticationFailed(kind, 'Timestamp has expired', 'MessageExpired');
    until = Math.min(until, end);
  }
  return { created: decodeDateTime(created.text), usableUntil: toInstant(until) };
}

function readBasic(authorization: string): Credentials {
  const match = /^basic +([A-Za-z0-9+/=]+) *$/i.exec(authorization);
  // Bearer and the like are no credentials here, and no reason to refuse a service that needs none
  if (match === null) {
    if (/^basic\b/i.test(authorization)) throw new AuthenticationFailed('basic', 'unreadable Basic credentials');
    return { kind: 'none' };
  }
  const bytes = Buffer.from(match[1]!, 'base64');
  const utf8 = bytes.toString('utf8');
  // browsers and PHP send the page's charset: what is not UTF-8 is ISO-8859-1
  const text = utf8.includes('\ufffd') ? bytes.toString('latin1') : utf8;
  const colon = text.indexOf(':');
  if (colon < 1) throw new AuthenticationFailed('basic', 'unreadable Basic credentials');
  return { kind: 'basic', username: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** Base64(SHA-1(nonce + Created as sent + password)), compared in constant time. The nonce's freshness is the caller's to prove. */
export function verifyPasswordDigest(
  credentials: Extract<Credentials, { kind: 'passwordDigest' }>,
  secret: string,
): boolean {
  const expected = createHash('sha1').update(credentials.nonce).update(credentials.created).update(secret).digest();
  return timingSafeEqual(expected, credentials.digest);
}
