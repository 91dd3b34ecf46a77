import { unfitSignature } from './credentials.js';
import { wsuUri, xmlnsUri, xmlUri } from './namespaces.js';
import type { XmlElement } from './parse.js';

/** What canonicalization may cost: it writes a declaration again wherever a prefix comes into use. */
const longestNamespace = 512;
const declarationsInForce = 128;

/** Elements of a message by wsu:Id. Ids that other software would look at as well are only watched for a second meaning. */
export interface Ids {
  /** The one element with this wsu:Id, or null. @throws AuthenticationFailed when anything else goes by the same id */
  resolve(id: string): XmlElement | null;
}

/**
 * Walks a whole message once. Refused: a value that occurs twice among wsu:Id, Id, ID and xml:id, wherever and of whatever element.
 * @throws AuthenticationFailed
 */
export function indexIds(root: XmlElement): Ids {
  const taken = new Set<string>();
  const elements = new Map<string, XmlElement>();
  /** Values of attributes called id of any other namespace or case. */
  const alike = new Set<string>();

  const visit = (element: XmlElement, inForce: number): void => {
    let declared = inForce;
    for (const { uri, local, value } of element.attributes) {
      if (uri === xmlnsUri) {
        declared += 1;
        if (value.length > longestNamespace) throw unfitSignature('namespace too long');
      } else if (isId(uri, local)) {
        if (taken.has(value)) throw unfitSignature('an id occurs twice');
        taken.add(value);
        if (uri === wsuUri) elements.set(value, element);
      } else if (local.length === 2 && local.toLowerCase() === 'id') {
        alike.add(value);
      }
    }
    if (declared > declarationsInForce) throw unfitSignature('too many namespaces');
    for (const child of element.children) visit(child, declared);
  };
  visit(root, 0);

  return {
    resolve(id) {
      if (alike.has(id)) throw unfitSignature('an id has two meanings');
      return elements.get(id) ?? null;
    },
  };
}

function isId(uri: string, local: string): boolean {
  switch (local) {
    case 'Id':
      return uri === wsuUri || uri === '';
    case 'ID':
      return uri === '';
    case 'id':
      return uri === xmlUri;
    default:
      return false;
  }
}
