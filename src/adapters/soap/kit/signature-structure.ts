import { unfitSignature } from './credentials.js';
import { dsUri, exclusiveUri, wsseUri } from './namespaces.js';
import type { XmlElement } from './parse.js';
import { base64Encoding, plain } from './security-header.js';
import type { Algorithms } from './signature-algorithms.js';
import { decodeBase64 } from './values.js';

export interface SignatureParts {
  readonly signedInfo: XmlElement;
  /** InclusiveNamespaces of the canonicalization of SignedInfo. */
  readonly prefixes: readonly string[];
  readonly value: Buffer;
  /** wsu:Id of the token with the certificate. */
  readonly tokenId: string;
  readonly token: XmlElement;
}

export interface SignedReference {
  readonly id: string;
  readonly prefixes: readonly string[];
  readonly hash: 'sha1' | 'sha256';
  readonly digest: Buffer;
}

export interface SignedInfo {
  readonly method: NonNullable<ReturnType<Algorithms['signatures']['get']>>;
  readonly references: readonly SignedReference[];
}

const x509v3 = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3';
const mostReferences = 16;
const mostPrefixes = 32;
/** A name without a colon: no XPointer, no second fragment. */
const sameDocument = /^#([\p{L}_][\p{L}\p{N}\p{M}_.·-]{0,255})$/u;

/** The one Signature and the one BinarySecurityToken of a Security header. @throws AuthenticationFailed */
export function readSignature(security: XmlElement): SignatureParts {
  const signature = one(security, dsUri, 'Signature');
  const token = one(security, wsseUri, 'BinarySecurityToken');
  const [signedInfo, value, keyInfo] = children(signature, 'SignedInfo', 'SignatureValue', 'KeyInfo');
  const reference = soleChild(soleChild(keyInfo!, wsseUri, 'SecurityTokenReference'), wsseUri, 'Reference');
  const type = plain(reference, 'ValueType');
  if (type !== undefined && type !== x509v3) throw unfitSignature('reference to another kind of token');
  const method = signedInfo!.children[0];
  if (method === undefined) throw unfitSignature('SignedInfo is empty');
  return {
    signedInfo: signedInfo!,
    prefixes: readExclusive(method, 'CanonicalizationMethod'),
    value: bytesOf(value!),
    tokenId: idOf(reference),
    token,
  };
}

/** The certificate in a BinarySecurityToken. @throws AuthenticationFailed for another kind or encoding */
export function certificateOctets(token: XmlElement): Buffer {
  const encoding = plain(token, 'EncodingType');
  if (plain(token, 'ValueType') !== x509v3) throw unfitSignature('another kind of token');
  if (encoding !== undefined && encoding !== base64Encoding) throw unfitSignature('another encoding of the token');
  return bytesOf(token);
}

/** What a SignedInfo says; give it one parsed from the octets the signature is made of. @throws AuthenticationFailed */
export function readSignedInfo(info: XmlElement, algorithms: Algorithms): SignedInfo {
  const [canonicalization, signatureMethod, ...references] = info.children;
  if (canonicalization === undefined || signatureMethod === undefined) throw unfitSignature('SignedInfo');
  readExclusive(canonicalization, 'CanonicalizationMethod');
  const method = algorithms.signatures.get(algorithmOf(signatureMethod, 'SignatureMethod'));
  if (method === undefined || signatureMethod.children.length > 0) throw unfitSignature('signature method');
  if (references.length === 0 || references.length > mostReferences) throw unfitSignature('number of references');
  return { method, references: references.map((reference) => readReference(reference, algorithms)) };
}

function readReference(reference: XmlElement, algorithms: Algorithms): SignedReference {
  if (!is(reference, dsUri, 'Reference')) throw unfitSignature('SignedInfo');
  const [transforms, digestMethod, digestValue] = children(reference, 'Transforms', 'DigestMethod', 'DigestValue');
  if (transforms!.children.length !== 1) throw unfitSignature('number of transforms');
  const hash = algorithms.digests.get(algorithmOf(digestMethod!, 'DigestMethod'));
  if (hash === undefined || digestMethod!.children.length > 0) throw unfitSignature('digest method');
  return {
    id: idOf(reference),
    prefixes: readExclusive(transforms!.children[0]!, 'Transform'),
    hash,
    digest: bytesOf(digestValue!),
  };
}

/** Only exclusive canonicalization without comments, with or without a list of prefixes: nothing that selects or rewrites. */
function readExclusive(element: XmlElement, local: string): readonly string[] {
  if (algorithmOf(element, local) !== exclusiveUri) throw unfitSignature('canonicalization or transform');
  if (element.children.length === 0) return [];
  const list = plain(soleChild(element, exclusiveUri, 'InclusiveNamespaces'), 'PrefixList') ?? '';
  const prefixes = list.split(/[ \t\r\n]+/).filter((prefix) => prefix !== '');
  if (prefixes.length > mostPrefixes) throw unfitSignature('number of prefixes');
  return prefixes;
}

function algorithmOf(element: XmlElement, local: string): string {
  if (!is(element, dsUri, local)) throw unfitSignature(`${local} expected`);
  return plain(element, 'Algorithm') ?? '';
}

function idOf(reference: XmlElement): string {
  const id = sameDocument.exec(plain(reference, 'URI') ?? '')?.[1];
  if (id === undefined) throw unfitSignature('reference to something else than an element of the message');
  return id;
}

function bytesOf(element: XmlElement): Buffer {
  const bytes = element.children.length > 0 ? null : decodeBase64(element.text);
  if (bytes === null || bytes.length === 0) throw unfitSignature(`${element.local} is not Base64`);
  return bytes;
}

function is(element: XmlElement, uri: string, local: string): boolean {
  return element.local === local && element.uri === uri;
}

function one(parent: XmlElement, uri: string, local: string): XmlElement {
  const found = parent.children.filter((child) => is(child, uri, local));
  if (found.length !== 1) throw unfitSignature(`exactly one ${local} expected`);
  return found[0]!;
}

function soleChild(parent: XmlElement, uri: string, local: string): XmlElement {
  if (parent.children.length !== 1) throw unfitSignature(`nothing but ${local} expected`);
  return one(parent, uri, local);
}

/** Exactly these children of the signature namespace, in this order: no Object, no second SignedInfo. */
function children(parent: XmlElement, ...locals: string[]): readonly XmlElement[] {
  const { children: found } = parent;
  if (found.length !== locals.length || !found.every((child, index) => is(child, dsUri, locals[index]!))) {
    throw unfitSignature(`${parent.local}: ${locals.join(', ')} expected`);
  }
  return found;
}
