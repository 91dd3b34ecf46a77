import { type Instant, minute } from '../../../core/shared/clock.js';

interface PasswordText {
  readonly kind: 'passwordText';
  readonly username: string;
  readonly password: string;
  readonly nonce: Buffer | null;
  readonly created: string | null;
}

interface PasswordDigest {
  readonly kind: 'passwordDigest';
  readonly username: string;
  readonly digest: Buffer;
  readonly nonce: Buffer;
  /** As sent: it is part of the digest. */
  readonly created: string;
}

/** A WS-Security UsernameToken. */
export type UsernameToken = PasswordText | PasswordDigest;

/** The certificate of a caller who proved to hold its key. */
export interface CallerCertificate {
  /** SHA-256 of the DER, 64 lower-case hex digits. */
  readonly fingerprint256: string;
  /** RFC 2253 with UTF-8 left as it is: what `openssl x509 -subject -nameopt RFC2253,-esc_msb` prints. */
  readonly subject: string;
  /** Written like the subject. */
  readonly issuer: string;
  /** Upper-case hex, as OpenSSL prints it. */
  readonly serialNumber: string;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
}

/**
 * A signature over the Body (and the Timestamp, if there is one) that holds. Whose the certificate is, and whether an unchained one
 * is pinned to anybody, is the protocol's to say.
 */
export interface SignatureCredentials {
  readonly kind: 'signature';
  readonly certificate: CallerCertificate;
  /** Issued by, or equal to, one of `trustAnchors`. */
  readonly chained: boolean;
  /** Created of the signed Timestamp; null when the message has none and so never grows old. */
  readonly created: Instant | null;
  /** The same for every message with this signature: remember it until `replayableUntil` and refuse it the second time. */
  readonly replayKey: string;
  /** When the kit itself begins to refuse the message: its Timestamp is too old then, or its certificate has expired. */
  readonly replayableUntil: Instant;
  /** A token beside the signature: check it as if it stood alone, and that it names the account of the certificate. */
  readonly usernameToken: UsernameToken | null;
  /** Whether the signature covers the token. */
  readonly usernameTokenSigned: boolean;
  /** The name in the token; null without one. */
  readonly username: string | null;
}

/** What a caller showed. The kit reads it and checks its times and signature; whose it is, is the protocol's `authenticate`. */
export type Credentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | UsernameToken
  | SignatureCredentials;

export type CredentialsKind = Credentials['kind'];

/**
 * The fault codes of WS-Security in use here. FailedAuthentication: unknown, wrong, expired or unfit credentials. InvalidSecurity:
 * a Security header that is malformed, doubled, unsupported, or signs something else than what would be acted on. FailedCheck: a
 * signature or digest that is wrong. MessageExpired: a time outside the window.
 */
export type SecurityFaultCode = 'FailedAuthentication' | 'InvalidSecurity' | 'FailedCheck' | 'MessageExpired';

/** Who calls is not established. The answer is the protocol's, and the same for every reason of a code. */
export class AuthenticationFailed extends Error {
  constructor(
    readonly kind: CredentialsKind,
    readonly reason: string,
    readonly code: SecurityFaultCode = 'FailedAuthentication',
  ) {
    super(reason);
    this.name = 'AuthenticationFailed';
  }
}

/** A Security header whose signature is not of the one form taken here. */
export function unfitSignature(reason: string): AuthenticationFailed {
  return new AuthenticationFailed('signature', reason, 'InvalidSecurity');
}

export interface SecurityWindow {
  /** How old Created may be, in milliseconds. A nonce must be remembered this long plus `ahead`. */
  readonly back: number;
  /** How far Created may lie in the future. */
  readonly ahead: number;
}

export const defaultSecurityWindow: SecurityWindow = { back: 5 * minute, ahead: minute };
