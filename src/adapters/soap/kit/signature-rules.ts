import { isChained, isStrongKey, isValidAt, readPem, type ShownCertificate } from './certificates.js';
import { AuthenticationFailed } from './credentials.js';
import { type Algorithms, algorithmsFor } from './signature-algorithms.js';

/** Whose signatures a service or channel takes, and of what form. */
export interface SignatureOptions {
  /** PEM texts, each with one certificate or more: CAs that issue certificates of callers directly, or such certificates themselves. */
  readonly trustAnchors?: readonly string[] | undefined;
  /** Fingerprints (SHA-256 of the DER, hex) that are refused whoever issued them. */
  readonly revoked?: readonly string[] | undefined;
  /** Take rsa-sha1 and SHA-1 digests too. Default false. */
  readonly allowRsaSha1?: boolean | undefined;
  /** Refuse a signed message without a Timestamp, which can be replayed as long as its certificate lives. Default false: zeep sends none. */
  readonly requireTimestamp?: boolean | undefined;
  /**
   * Refuse a UsernameToken beside the signature that the signature does not cover. Default false, as zeep cannot sign its token; an
   * uncovered one has to prove itself by its password.
   */
  readonly requireSignedToken?: boolean | undefined;
}

/** The options ready for use; private to the kit. */
export interface SignatureRules {
  readonly algorithms: Algorithms;
  readonly requireTimestamp: boolean;
  readonly requireSignedToken: boolean;
  /** @throws AuthenticationFailed for a key too weak to be worth a check */
  checkKey(certificate: ShownCertificate): void;
  /** Whether the certificate is chained. @throws AuthenticationFailed when it may not be used (now) */
  checkCertificate(certificate: ShownCertificate, now: string): boolean;
}

/** @throws Error at start for trust anchors that cannot be read */
export function compileSignatureRules(name: string, options: SignatureOptions): SignatureRules {
  let anchors: readonly ShownCertificate[];
  try {
    anchors = (options.trustAnchors ?? []).flatMap(readPem);
  } catch (error) {
    throw new Error(`${name}: trustAnchors: ${(error as Error).message}`);
  }
  const revoked = new Set((options.revoked ?? []).map((text) => text.replaceAll(':', '').toLowerCase()));
  return {
    algorithms: algorithmsFor(options.allowRsaSha1 === true),
    requireTimestamp: options.requireTimestamp === true,
    requireSignedToken: options.requireSignedToken === true,
    checkKey(certificate) {
      if (!isStrongKey(certificate.key)) throw foreign('weak or unsupported key');
    },
    checkCertificate(certificate, now) {
      if (!isValidAt(certificate, now)) throw foreign('certificate expired or not yet valid');
      if (!certificate.mayVerify) throw foreign('certificate is not for signatures');
      if (revoked.has(certificate.fingerprint256)) throw foreign('certificate is revoked');
      return isChained(certificate, anchors, now);
    },
  };
}

/** An expired certificate and a foreign one are answered alike. */
function foreign(reason: string): AuthenticationFailed {
  return new AuthenticationFailed('signature', reason);
}
