import { ds, enveloped, exclusive, inclusive } from './names.js';
import { refuse } from './refused.js';
import { attributeOf, type XmlNode } from './xml-tree.js';

/** What a signature says of itself. Not to be believed before it is verified. */
export interface SignatureForm {
  /** The element it stands in, and the only one it signs. */
  readonly target: XmlNode;
  readonly id: string;
  readonly method: string;
  readonly digest: string;
  readonly canonicalization: string;
  readonly transforms: readonly string[];
}

/**
 * One form of signature is read: enveloped in the Response or in the Assertion, with one reference, to that very element by its
 * id (spec Maestrano 1.4, validation 3).
 * @throws Refused
 */
export function readForm(signature: XmlNode, mayStandIn: readonly XmlNode[]): SignatureForm {
  const target = mayStandIn.find((node) => node === signature.parent);
  if (target === undefined) return refuse('signature_place');
  if (target.children.some((other) => other !== signature && other.uri === ds && other.local === 'Signature')) {
    refuse('signature_place', 'two in one element');
  }
  const names = signature.children.map(({ uri, local }) => (uri === ds ? local : '?')).join(' ');
  if (!/^SignedInfo SignatureValue(?: KeyInfo)?$/.test(names)) refuse('signature_form', names);
  const [method, canonicalization, references] = readSignedInfo(signature.children[0]!);
  if (references.length !== 1) refuse('references', `${references.length}`);
  const reference = references[0]!;
  const id = attributeOf(target, 'ID') ?? '';
  // in its characters too: an id is an NCName, and anything else would end up in a path expression
  if (!/^[\p{L}_][\p{L}\p{N}._-]*$/u.test(id)) refuse('reference_target', 'no id');
  if (attributeOf(reference, 'URI') !== `#${id}`) refuse('reference_target');
  return { target, id, method, canonicalization, ...readReference(reference) };
}

function readSignedInfo(info: XmlNode): [method: string, canonicalization: string, references: readonly XmlNode[]] {
  const [canonicalization, method, ...references] = info.children;
  const inOrder =
    isNamed(canonicalization, 'CanonicalizationMethod') &&
    isNamed(method, 'SignatureMethod') &&
    references.every((node) => isNamed(node, 'Reference'));
  // a length for HMAC is the one thing that could stand in a SignatureMethod
  if (!inOrder || method.children.length > 0) return refuse('signature_form', 'SignedInfo');
  const name = algorithmOf(canonicalization);
  if (name !== exclusive && name !== inclusive) refuse('transforms', name);
  if (!canonicalization.children.every(isPrefixList)) refuse('transforms', name);
  return [algorithmOf(method), name, references];
}

function readReference(reference: XmlNode): { readonly digest: string; readonly transforms: readonly string[] } {
  const [list, digest, value, ...rest] = reference.children;
  const inOrder = isNamed(list, 'Transforms') && isNamed(digest, 'DigestMethod') && isNamed(value, 'DigestValue');
  if (!inOrder || rest.length > 0 || digest.children.length > 0) return refuse('signature_form', 'Reference');
  const transforms = list.children.map(algorithmOf);
  const [first, second, ...more] = transforms;
  const allowed = first === enveloped && (second === undefined || second === exclusive || second === inclusive);
  if (!allowed || more.length > 0 || !list.children.every(isPlainTransform)) refuse('transforms', transforms.join(' '));
  return { digest: algorithmOf(digest), transforms };
}

/** With nothing in it but the prefixes exclusive canonicalization may be given. */
function isPlainTransform(transform: XmlNode): boolean {
  return isNamed(transform, 'Transform') && transform.children.every(isPrefixList);
}

/** A few names: the library looks through all of them at every element, and stumbles over an empty one. */
const prefixes = /^[\w.#-]+(?: [\w.#-]+){0,19}$/;

function isPrefixList(node: XmlNode): boolean {
  const { uri, local, children } = node;
  const plain = uri === exclusive && local === 'InclusiveNamespaces' && children.length === 0;
  return plain && prefixes.test(attributeOf(node, 'PrefixList') ?? '');
}

function isNamed(node: XmlNode | undefined, local: string): node is XmlNode {
  return node?.uri === ds && node.local === local;
}

function algorithmOf(node: XmlNode): string {
  return attributeOf(node, 'Algorithm') ?? '';
}
