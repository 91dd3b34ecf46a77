import { defaultLimits, parseXml, type XmlElement } from '../../../src/adapters/soap/kit/index.js';

/** Names with their namespaces, attributes sorted, text; prefixes and blanks between elements do not count. */
export interface CanonicalElement {
  readonly name: string;
  readonly attributes: readonly string[];
  readonly text: string;
  readonly children: readonly CanonicalElement[];
}

/** What stands for any text in an expected message. */
const anything = '***';

/** The document without what does not matter. With a pattern, texts that may be anything there are made the same here. */
export function canonical(text: string, pattern?: string): CanonicalElement {
  return reduce(parseXml(text, defaultLimits), pattern === undefined ? undefined : parseXml(pattern, defaultLimits));
}

function reduce(element: XmlElement, pattern: XmlElement | undefined): CanonicalElement {
  const { uri, local, children } = element;
  const text = children.length > 0 ? element.text.trim() : element.text;
  return {
    name: `{${uri}}${local}`,
    attributes: element.attributes
      .filter((attribute) => attribute.prefix !== 'xmlns' && attribute.local !== 'xmlns')
      .map((attribute) => `{${attribute.uri}}${attribute.local}=${attribute.value}`)
      .sort(),
    text: pattern?.text.trim() === anything && text !== '' ? anything : text,
    children: children.map((child, index) => reduce(child, pattern?.children[index])),
  };
}
