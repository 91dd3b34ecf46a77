import { SaxesParser, type SaxesTagNS } from 'saxes';
import type { SoapLimits } from './limits.js';

export interface XmlAttribute {
  readonly uri: string;
  readonly local: string;
  readonly prefix: string;
  readonly value: string;
}

const noAttributes: readonly XmlAttribute[] = Object.freeze([]);
const noChildren: XmlElement[] = [];

/**
 * One element of a message. Nothing is keyed by names out of the message, so a name can never reach a prototype.
 * `start` and `end` are offsets into the decoded document (end is exclusive).
 */
export class XmlElement {
  children: readonly XmlElement[] = noChildren;
  /** All character data directly in the element, CDATA included, comments left out. */
  text = '';
  end = 0;

  constructor(
    readonly uri: string,
    readonly local: string,
    readonly prefix: string,
    readonly attributes: readonly XmlAttribute[],
    readonly parent: XmlElement | null,
    readonly start: number,
  ) {}
}

export type XmlProblem = 'syntax' | 'doctype' | 'instruction' | 'limit' | 'charset';

/** The bytes are no XML we accept. `rootUri` is the namespace of the root element when its tag had been read. */
export class MalformedXml extends Error {
  constructor(
    readonly problem: XmlProblem,
    readonly line = 1,
    readonly column = 1,
    readonly rootUri: string | null = null,
  ) {
    super(problem);
    this.name = 'MalformedXml';
  }
}

export type ParseLimits = Pick<SoapLimits, 'depth' | 'elements' | 'attributesPerElement' | 'attributes' | 'textLength'>;

/** A parser with its handlers is costly to make, parsing is synchronous: one is kept and used again until a message breaks it. */
interface Machine {
  parse(text: string, limits: ParseLimits): XmlElement;
}

function createMachine(): Machine {
  const parser = new SaxesParser({ xmlns: true, position: true, defaultXMLVersion: '1.0', forceXMLVersion: true });
  let source = '';
  let limits: ParseLimits;
  let root: XmlElement | null = null;
  let top: XmlElement | null = null;
  let depth = 0;
  let elements = 0;
  let attributes = 0;
  let attributesHere = 0;

  const refuse = (problem: XmlProblem): never => {
    throw new MalformedXml(problem, parser.line, parser.column + 1, root === null ? null : root.uri);
  };

  parser.on('error', () => refuse('syntax'));
  parser.on('doctype', () => refuse('doctype'));
  parser.on('processinginstruction', () => refuse('instruction'));
  parser.on('attribute', () => {
    attributes += 1;
    attributesHere += 1;
    if (attributesHere > limits.attributesPerElement || attributes > limits.attributes) refuse('limit');
  });
  parser.on('opentag', (tag) => {
    elements += 1;
    depth += 1;
    if (depth > limits.depth || elements > limits.elements) refuse('limit');
    // no attribute value can hold a raw '<', so the last one is where this tag begins
    const start = source.lastIndexOf('<', parser.position - 1);
    const own = attributesHere === 0 ? noAttributes : attributesOf(tag);
    attributesHere = 0;
    const element = new XmlElement(tag.uri, tag.local, tag.prefix, own, top, start);
    if (top === null) root = element;
    else if (top.children === noChildren) top.children = [element];
    else (top.children as XmlElement[]).push(element);
    top = element;
  });
  parser.on('closetag', () => {
    depth -= 1;
    if (top === null) return;
    top.end = parser.position;
    top = top.parent;
  });
  const onText = (text: string): void => {
    if (top === null) return;
    top.text = top.text === '' ? text : top.text + text;
    if (top.text.length > limits.textLength) refuse('limit');
  };
  parser.on('text', onText);
  parser.on('cdata', onText);

  return {
    parse(text, given) {
      source = text;
      limits = given;
      depth = elements = attributes = attributesHere = 0;
      root = top = null;
      parser.write(text).close();
      const result = root as XmlElement | null;
      source = '';
      root = top = null;
      return result ?? refuse('syntax');
    },
  };
}

function attributesOf(tag: SaxesTagNS): XmlAttribute[] {
  const list: XmlAttribute[] = [];
  for (const name in tag.attributes) {
    const { uri, local, prefix, value } = tag.attributes[name]!;
    list.push({ uri, local, prefix, value });
  }
  return list;
}

let machine: Machine | null = null;

/**
 * Parses a whole document in one pass, namespaces resolved. A DTD, a processing instruction or anything over the limits is refused.
 * @throws MalformedXml
 */
export function parseXml(text: string, limits: ParseLimits): XmlElement {
  const used = machine ?? createMachine();
  machine = null;
  const root = used.parse(text, limits);
  machine = used;
  return root;
}

/** Line and column, both from 1, of an offset in the document: computed only when a message needs it. */
export function positionOf(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
    line += 1;
    lineStart = at + 1;
  }
  return { line, column: offset - lineStart + 1 };
}

export function attribute(element: XmlElement, uri: string, local: string): string | undefined {
  for (const candidate of element.attributes) {
    if (candidate.local === local && candidate.uri === uri) return candidate.value;
  }
  return undefined;
}

export function childrenNamed(element: XmlElement, uri: string, local: string): readonly XmlElement[] {
  return element.children.filter((child) => child.local === local && child.uri === uri);
}
