import { digestHash, signatureHash } from './algorithms.js';
import { readAssertion, type SignedAssertion, signedAssertion } from './assertion.js';
import { type KeyMaterial, trustedCertificates } from './keys.js';
import { saml } from './names.js';
import { refuse } from './refused.js';
import { agreeOn, isReadable, nodeSaml, type SecondReader } from './second-reading.js';
import { type Verified, verifySignature } from './signature.js';
import { readForm, type SignatureForm } from './signature-form.js';
import { checkStatus, type ResponseParts, readParts } from './structure.js';
import { attributeOf, childrenOf, parseTree } from './xml-tree.js';

/** Whose signature is believed. */
export interface Trust extends KeyMaterial {
  /** Also takes SHA-1 and keys of 1,024 bits. */
  readonly allowSha1: boolean;
}

/** A response whose signature holds. What it was made for is still to be checked. */
export interface BelievedResponse {
  readonly assertion: SignedAssertion;
  /** The request it answers. */
  readonly inResponseTo: string;
  /** Of the Response around the assertion; signed only when that is. */
  readonly outer: { readonly destination: string | undefined; readonly issuer: string | undefined };
}

/**
 * The validations 1 to 4 of spec Maestrano 1.4 on the text of a response, and which request it answers. Everything told about the
 * person is read from the octets that were signed and from nothing else. Knows no clock, no store and no network.
 * @throws Refused with the first reason found
 */
export async function verifyResponse(
  document: string,
  trust: Trust,
  read: SecondReader = nodeSaml,
): Promise<BelievedResponse> {
  const parts = readParts(parseTree(document));
  checkStatus(parts.response);
  const { form, verified } = verifyAll(document, parts, trust);
  const root = parseTree(verified.octets);
  const assertion = readAssertion(signedAssertion(root, form.target.local, form.id));
  const inResponseTo = requestOf(assertion, attributeOf(parts.response, 'InResponseTo'));
  if (isReadable(form)) await agreeOn(assertion, document, verified.certificate.toString(), read);
  return {
    assertion,
    inResponseTo,
    outer: {
      destination: attributeOf(parts.response, 'Destination'),
      issuer: childrenOf(parts.response, saml, 'Issuer')[0]?.text.trim(),
    },
  };
}

interface Signed {
  readonly form: SignatureForm;
  readonly verified: Verified;
}

/** Every signature must hold; of two, the one around everything is read. */
function verifyAll(document: string, { response, assertion, signatures }: ResponseParts, trust: Trust): Signed {
  if (signatures.length === 0) refuse('unsigned');
  const signed = signatures.map((signature): Signed => {
    const form = readForm(signature, [response, assertion]);
    digestHash(form.digest, trust.allowSha1);
    signatureHash(form.method, trust.allowSha1);
    const certificates = trustedCertificates(trust, signature, trust.allowSha1);
    return { form, verified: verifySignature(document, signature, form, certificates) };
  });
  return signed.find(({ form }) => form.target === response) ?? signed[0]!;
}

/** Named by every confirmation alike, and by the Response if it names one. */
function requestOf({ confirmations }: SignedAssertion, outer: string | undefined): string {
  const [first, ...others] = confirmations;
  // without an end it would be a bearer for ever
  if (first === undefined || confirmations.some(({ notOnOrAfter }) => notOnOrAfter === undefined))
    refuse('confirmation');
  const named = first?.inResponseTo;
  const same = others.every(({ inResponseTo }) => inResponseTo === named) && (outer === undefined || outer === named);
  if (named === undefined || !same) return refuse('request_mismatch');
  return named;
}
