import type { X509Certificate } from 'node:crypto';
import { SignedXml } from 'xml-crypto';
import { digester, digestHash, signatureHash, verifier } from './algorithms.js';
import { enveloped, exclusive, inclusive } from './names.js';
import { refuse } from './refused.js';
import type { SignatureForm } from './signature-form.js';
import { standalone, type XmlNode } from './xml-tree.js';

/** The octets a signature covers, and the certificate it holds with. */
export interface Verified {
  readonly octets: string;
  readonly certificate: X509Certificate;
}

/**
 * Verifies one signature with algorithms the message names and the policy allows, and with no other: nothing else is registered.
 * @throws Refused algorithm, sha1 or signature
 */
export function verifySignature(
  document: string,
  signature: XmlNode,
  form: SignatureForm,
  certificates: readonly X509Certificate[],
): Verified {
  const text = withoutForeignLineEnds(document);
  const own = withoutForeignLineEnds(standalone(document, signature));
  for (const certificate of certificates) {
    const octets = signedBy(certificate, text, own, form);
    if (octets !== undefined) return { octets, certificate };
  }
  return refuse('signature');
}

function signedBy(
  certificate: X509Certificate,
  document: string,
  signature: string,
  form: SignatureForm,
): string | undefined {
  const check = new SignedXml({ publicCert: certificate.publicKey });
  check.CanonicalizationAlgorithms = pick(check.CanonicalizationAlgorithms, [enveloped, exclusive, inclusive]);
  check.HashAlgorithms = { [form.digest]: digester(form.digest, digestHash(form.digest, true)) };
  check.SignatureAlgorithms = { [form.method]: verifier(form.method, signatureHash(form.method, true)) };
  try {
    check.loadSignature(signature);
    if (!check.checkSignature(document)) return undefined;
  } catch {
    // the library throws for a wrong value as well as for what it cannot read
    return undefined;
  }
  return agrees(check, form) ? check.getSignedReferences()[0] : undefined;
}

/** What the library verified must be what was looked at, in its reading of the signed SignedInfo. */
function agrees(check: SignedXml, form: SignatureForm): boolean {
  const references = check.getReferences();
  const [reference] = references;
  // the library adds the canonicalization that is meant when none is named
  const transforms = form.transforms.length === 1 ? [...form.transforms, inclusive] : form.transforms;
  return (
    references.length === 1 &&
    check.getSignedReferences().length === 1 &&
    reference?.uri === `#${form.id}` &&
    reference.digestAlgorithm === form.digest &&
    reference.transforms.join(' ') === transforms.join(' ') &&
    check.signatureAlgorithm === form.method &&
    check.canonicalizationAlgorithm === form.canonicalization
  );
}

/** The library's parser takes U+0085 and U+2028 for line ends, which XML 1.0 does not; as references they stay themselves. */
export function withoutForeignLineEnds(text: string): string {
  return text.replace(/[\u0085\u2028]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function pick<Value>(from: Readonly<Record<string, Value>>, names: readonly string[]): Record<string, Value> {
  return Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])));
}
