import { createHash, timingSafeEqual } from 'node:crypto';
import { type Clock, minute, second, toMilliseconds } from '../../../core/shared/clock.js';
import { isForUs, type SoapMessage } from './envelope.js';
import { wsseUri, wsuUri } from './namespaces.js';
import { childrenNamed, type XmlElement } from './parse.js';
import { decodeBase64, decodeDateTime } from './values.js';

/** What a caller showed. The kit only reads it and checks its times; whether it is right is the protocol's `authenticate`. */
export type Credentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | {
      readonly kind: 'passwordText';
      readonly username: string;
      readonly password: string;
      readonly nonce: Buffer | null;
      readonly created: string | null;
    }
  | {
      readonly kind: 'passwordDigest';
      readonly username: string;
      readonly digest: Buffer;
      readonly nonce: Buffer;
      /** As sent: it is part of the digest. */
      readonly created: string;
    };

export type CredentialsKind = Credentials['kind'];

/** Who calls is not established. The answer is the protocol's, and the same for every reason. */
export class AuthenticationFailed extends Error {
  constructor(
    readonly kind: CredentialsKind,
    readonly reason: string,
  ) {
    super(reason);
    this.name = 'AuthenticationFailed';
  }
}

export interface SecurityWindow {
  /** How old Created may be, in milliseconds. A nonce must be remembered this long plus `ahead`. */
  readonly back: number;
  /** How far Created may lie in the future. */
  readonly ahead: number;
}

export const defaultSecurityWindow: SecurityWindow = { back: 5 * minute, ahead: minute };

const passwordTypes = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#';
const base64Encoding = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary';
/** Clocks of partners differ by up to this much (security.md 41). */
const skew = 60 * second;

/** The wsse:Security block meant for us. @throws AuthenticationFailed when there is more than one */
export function securityBlock(message: SoapMessage): XmlElement | null {
  let found: XmlElement | null = null;
  for (const block of message.headers) {
    if (block.local !== 'Security' || block.uri !== wsseUri || !isForUs(block)) continue;
    if (found !== null) throw new AuthenticationFailed('passwordText', 'more than one Security header');
    found = block;
  }
  return found;
}

/** Whether everything in a Security block is something this kit acts on. */
export function isUnderstoodSecurity(block: XmlElement): boolean {
  return block.children.every(
    (child) =>
      (child.uri === wsseUri && child.local === 'UsernameToken') ||
      (child.uri === wsuUri && child.local === 'Timestamp'),
  );
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
    const tokens = childrenNamed(security, wsseUri, 'UsernameToken');
    const stamps = childrenNamed(security, wsuUri, 'Timestamp');
    const kind = tokens.length > 0 ? 'passwordText' : 'none';
    if (tokens.length > 1 || stamps.length > 1) throw new AuthenticationFailed(kind, 'doubled token or timestamp');
    if (stamps[0] !== undefined) checkTimestamp(stamps[0], kind, clock, window);
    if (tokens[0] !== undefined) return readUsernameToken(tokens[0], clock, window);
  }
  return authorization === undefined ? { kind: 'none' } : readBasic(authorization);
}

function single(parent: XmlElement, uri: string, local: string): XmlElement | null {
  const found = childrenNamed(parent, uri, local);
  if (found.length > 1) throw new AuthenticationFailed('passwordText', `doubled ${local}`);
  return found[0] ?? null;
}

function readUsernameToken(token: XmlElement, clock: Clock, window: SecurityWindow): Credentials {
  const refuse = (reason: string): never => {
    throw new AuthenticationFailed('passwordText', reason);
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

function plain(element: XmlElement, name: string): string | undefined {
  return element.attributes.find((candidate) => candidate.uri === '' && candidate.local === name)?.value;
}

function timeOf(text: string, kind: CredentialsKind): number {
  try {
    return toMilliseconds(decodeDateTime(text));
  } catch {
    throw new AuthenticationFailed(kind, 'unreadable time');
  }
}

function checkCreated(created: string, kind: CredentialsKind, clock: Clock, window: SecurityWindow): void {
  const age = toMilliseconds(clock.now()) - timeOf(created, kind);
  if (age > window.back || age < -window.ahead) throw new AuthenticationFailed(kind, 'Created is outside the window');
}

function checkTimestamp(stamp: XmlElement, kind: CredentialsKind, clock: Clock, window: SecurityWindow): void {
  const created = single(stamp, wsuUri, 'Created');
  const expires = single(stamp, wsuUri, 'Expires');
  if (created === null) throw new AuthenticationFailed(kind, 'Timestamp without Created');
  checkCreated(created.text, kind, clock, window);
  if (expires !== null && timeOf(expires.text, kind) + skew < toMilliseconds(clock.now())) {
    throw new AuthenticationFailed(kind, 'Timestamp has expired');
  }
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
