import { SaxesParser } from 'saxes';
import { Refused, refuse } from './refused.js';

export interface XmlAttribute {
  readonly uri: string;
  readonly local: string;
  readonly value: string;
}

export interface XmlNode {
  readonly uri: string;
  readonly local: string;
  readonly parent: XmlNode | null;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlNode[];
  /** Its own character data, whole: what comments stand between is joined. */
  readonly text: string;
  /** Namespace declarations of its start tag, by prefix. */
  readonly declared: Readonly<Record<string, string>>;
  /** Where its characters begin and end in the document. */
  readonly start: number;
  readonly end: number;
}

type Growing = { -readonly [Key in keyof XmlNode]: XmlNode[Key] } & { children: XmlNode[]; attributes: XmlAttribute[] };

/** An honest response has about 150 elements. What the library does with them grows faster than their number. */
const limits = { elements: 600, attributes: 1_200, comments: 50, depth: 50 };

/** As all names of SAML are. XML knows more, which the library's parser takes for mistakes and prints. */
const plainName = /^[\w.:-]+$/;

/**
 * The root of a well-formed document with bound namespaces and without DOCTYPE, CDATA, processing instructions and names in other
 * letters.
 * @throws Refused dtd, xml or too_complex
 */
export function parseTree(text: string): XmlNode {
  // before any parser sees it: no entity is ever declared
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) refuse('dtd');
  const parser = new SaxesParser({ xmlns: true, position: true, defaultXMLVersion: '1.0', forceXMLVersion: true });
  let root: Growing | null = null;
  let open: Growing | null = null;
  let start = 0;
  let elements = 0;
  let attributesSoFar = 0;
  let comments = 0;
  let depth = 0;
  parser.on('error', (error) => refuse('xml', error.message));
  parser.on('processinginstruction', () => refuse('xml', 'processing instruction'));
  parser.on('cdata', () => refuse('xml', 'CDATA'));
  parser.on('comment', () => {
    comments += 1;
    if (comments > limits.comments) refuse('too_complex');
  });
  parser.on('opentagstart', () => {
    start = text.lastIndexOf('<', parser.position - 1);
  });
  parser.on('opentag', (tag) => {
    elements += 1;
    depth += 1;
    if (![tag.name, ...Object.keys(tag.attributes)].every((name) => plainName.test(name))) refuse('xml', 'name');
    const attributes = Object.values(tag.attributes).map(({ uri, local, value }) => ({ uri, local, value }));
    attributesSoFar += attributes.length;
    if (elements > limits.elements || depth > limits.depth || attributesSoFar > limits.attributes) {
      refuse('too_complex');
    }
    const { uri, local, ns } = tag;
    const node: Growing = {
      ...{ uri, local, attributes, declared: { ...ns }, parent: open, children: [], text: '', start, end: 0 },
    };
    open?.children.push(node);
    root ??= node;
    open = node;
  });
  parser.on('text', (piece) => {
    if (open !== null) open.text += piece;
  });
  parser.on('closetag', () => {
    depth -= 1;
    if (open === null) return;
    open.end = parser.position;
    open = open.parent as Growing | null;
  });
  try {
    parser.write(text).close();
  } catch (error) {
    if (error instanceof Refused) throw error;
    refuse('xml', String(error));
  }
  return root ?? refuse('xml', 'no element');
}

/** The element and everything below it, in document order. */
export function* walk(node: XmlNode): Generator<XmlNode> {
  yield node;
  for (const child of node.children) yield* walk(child);
}

/** The value of an attribute without a namespace; undefined when there is none. */
export function attributeOf(node: XmlNode, name: string): string | undefined {
  return node.attributes.find(({ uri, local }) => uri === '' && local === name)?.value;
}

export function childrenOf(node: XmlNode, uri: string, local: string): readonly XmlNode[] {
  return node.children.filter((child) => child.uri === uri && child.local === local);
}

/** The characters of an element, with the declarations of its surroundings, so that they stand alone. */
export function standalone(document: string, node: XmlNode): string {
  const scope = new Map<string, string>();
  for (let around = node.parent; around !== null; around = around.parent) {
    for (const [prefix, uri] of Object.entries(around.declared)) if (!scope.has(prefix)) scope.set(prefix, uri);
  }
  for (const prefix of Object.keys(node.declared)) scope.delete(prefix);
  let declarations = '';
  for (const [prefix, uri] of scope) {
    declarations += ` ${prefix === '' ? 'xmlns' : `xmlns:${prefix}`}="${escapeAttribute(uri)}"`;
  }
  const text = document.slice(node.start, node.end);
  const name = /^<[^\s/>]+/.exec(text)?.[0] ?? '';
  return `${name}${declarations}${text.slice(name.length)}`;
}

export function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
