import { SaxesParser } from 'saxes';

/** Where a text stops being XML, and why; line and column from 1. */
export interface XmlFault {
  readonly line: number;
  readonly column: number;
  readonly problem: string;
}

/** Names in scope are looked up element by element to the root: what a document costs grows with its depth. */
const maxDepth = 100;
const maxProblemLength = 200;

class Found extends Error {}

/**
 * The first reason why a text is not one well-formed XML 1.0 document with bound namespaces, or null. A DOCTYPE is a fault, so no
 * entity is ever declared or loaded; so are more than 100 levels of elements.
 */
export function findXmlFault(text: string): XmlFault | null {
  const parser = new SaxesParser({ xmlns: true, position: true, defaultXMLVersion: '1.0', forceXMLVersion: true });
  let fault: XmlFault | null = null;
  let depth = 0;
  const refuse = (problem: string): never => {
    fault = { line: parser.line, column: parser.column + 1, problem: problem.slice(0, maxProblemLength) };
    throw new Found();
  };
  parser.on('error', (error) => refuse(error.message.replace(/^\d+:\d+: /, '')));
  parser.on('doctype', () => refuse('a DOCTYPE is not allowed'));
  parser.on('opentag', () => {
    depth += 1;
    if (depth > maxDepth) refuse(`elements are nested more than ${maxDepth} deep`);
  });
  parser.on('closetag', () => {
    depth -= 1;
  });
  try {
    parser.write(text).close();
  } catch (error) {
    if (!(error instanceof Found)) throw error;
  }
  return fault;
}
