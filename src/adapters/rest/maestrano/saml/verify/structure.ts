import { ds, saml, samlp, success } from './names.js';
import { refuse } from './refused.js';
import { attributeOf, childrenOf, walk, type XmlNode } from './xml-tree.js';

export interface ResponseParts {
  readonly response: XmlNode;
  readonly assertion: XmlNode;
  readonly signatures: readonly XmlNode[];
}

/**
 * One Response at the root with one Assertion as its child and neither anywhere else, whatever namespace the other claims: with
 * one of each there is nothing to mistake for another (spec Maestrano 1.4, validation 1).
 * @throws Refused
 */
export function readParts(root: XmlNode): ResponseParts {
  if (root.uri !== samlp || root.local !== 'Response') refuse('root', root.local);
  const all = [...walk(root)];
  const named = (local: string): readonly XmlNode[] => all.filter((node) => node.local === local);
  if (named('Response').length !== 1) refuse('responses');
  if (all.some((node) => node.local.startsWith('Encrypted'))) refuse('encrypted');
  const [assertion, ...others] = named('Assertion');
  if (assertion === undefined || others.length > 0) refuse('assertions', `${others.length + (assertion ? 1 : 0)}`);
  if (assertion.parent !== root || assertion.uri !== saml) refuse('assertions', 'in another place');
  checkIds(all);
  return { response: root, assertion, signatures: named('Signature').filter((node) => node.uri === ds) };
}

/** An id names one element, in whatever attribute a reader may look for it. */
function checkIds(all: readonly XmlNode[]): void {
  const known = new Set<string>();
  for (const node of all) {
    for (const { local, value } of node.attributes) {
      if (local.toLowerCase() !== 'id') continue;
      if (known.has(value)) refuse('duplicate_id');
      known.add(value);
    }
  }
}

/** Outside of a signed assertion the status is nobody's word, so it can only refuse. @throws Refused */
export function checkStatus(response: XmlNode): void {
  const [status, second] = childrenOf(response, samlp, 'Status');
  const codes = status === undefined ? [] : childrenOf(status, samlp, 'StatusCode');
  const value = codes.length === 1 ? attributeOf(codes[0]!, 'Value') : undefined;
  if (second !== undefined || value !== success) refuse('status', value ?? 'none');
}
