import { bearer, saml, samlp } from './names.js';
import { refuse } from './refused.js';
import { attributeOf, childrenOf, type XmlNode } from './xml-tree.js';

/** What an assertion says, read from the octets that were signed. */
export interface SignedAssertion {
  readonly id: string;
  readonly issuer: string;
  readonly nameId: string;
  readonly confirmations: readonly Confirmation[];
  readonly periods: readonly Period[];
  /** Of each restriction its audiences: one of each must be us. */
  readonly audiences: readonly (readonly string[])[];
  /** Values that are text; '' when an attribute has none. */
  readonly attributes: ReadonlyMap<string, string>;
}

export interface Period {
  readonly notBefore: string | undefined;
  readonly notOnOrAfter: string | undefined;
}

export interface Confirmation extends Period {
  readonly inResponseTo: string | undefined;
  readonly recipient: string | undefined;
}

/**
 * @throws Refused version, confirmation or attribute_twice
 */
export function readAssertion(assertion: XmlNode): SignedAssertion {
  if (attributeOf(assertion, 'Version') !== '2.0') refuse('version');
  const subject = only(assertion, 'Subject');
  const conditions = only(assertion, 'Conditions');
  return {
    id: attributeOf(assertion, 'ID') ?? '',
    issuer: textOf(only(assertion, 'Issuer')),
    nameId: textOf(subject && only(subject, 'NameID')),
    confirmations: subject === undefined ? [] : readConfirmations(subject),
    periods: conditions === undefined ? [] : [periodOf(conditions)],
    audiences: (conditions === undefined ? [] : childrenOf(conditions, saml, 'AudienceRestriction')).map(
      (restriction) => childrenOf(restriction, saml, 'Audience').map(textOf),
    ),
    attributes: readAttributes(assertion),
  };
}

function only(node: XmlNode, local: string): XmlNode | undefined {
  const [found, second] = childrenOf(node, saml, local);
  if (second !== undefined) refuse('signed_element', `two ${local}`);
  return found;
}

/** Whole, also around comments; an element in it is no text. */
function textOf(node: XmlNode | undefined): string {
  return node === undefined || node.children.length > 0 ? '' : node.text.trim();
}

function periodOf(node: XmlNode): Period {
  return { notBefore: attributeOf(node, 'NotBefore'), notOnOrAfter: attributeOf(node, 'NotOnOrAfter') };
}

function readConfirmations(subject: XmlNode): readonly Confirmation[] {
  return childrenOf(subject, saml, 'SubjectConfirmation')
    .filter((node) => attributeOf(node, 'Method') === bearer)
    .flatMap((node) => childrenOf(node, saml, 'SubjectConfirmationData'))
    .map((data) => ({
      ...periodOf(data),
      inResponseTo: attributeOf(data, 'InResponseTo'),
      recipient: attributeOf(data, 'Recipient'),
    }));
}

function readAttributes(assertion: XmlNode): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const statement of childrenOf(assertion, saml, 'AttributeStatement')) {
    for (const attribute of childrenOf(statement, saml, 'Attribute')) {
      const name = attributeOf(attribute, 'Name') ?? '';
      const values = childrenOf(attribute, saml, 'AttributeValue');
      if (attributes.has(name) || values.length > 1) refuse('attribute_twice', name);
      attributes.set(name, textOf(values[0]));
    }
  }
  return attributes;
}

/** The one assertion in what was signed. @throws Refused signed_element */
export function signedAssertion(root: XmlNode, local: string, id: string): XmlNode {
  const expected = local === 'Response' ? samlp : saml;
  if (root.uri !== expected || root.local !== local || attributeOf(root, 'ID') !== id) refuse('signed_element');
  if (local === 'Assertion') return root;
  const [assertion, second] = childrenOf(root, saml, 'Assertion');
  if (assertion === undefined || second !== undefined) return refuse('signed_element');
  return assertion;
}
