import type { ParseOption as Options } from 'libxml2-wasm';
import { escapeAttribute } from './escape.js';
import { xmlnsUri } from './namespaces.js';
import type { XmlElement } from './parse.js';

type Library = typeof import('libxml2-wasm');

/** The exclusive canonical form of an element of `text`, comments left out. Null when it has none, or one longer than `longest`. */
export type Canonicalize = (
  text: string,
  element: XmlElement,
  inclusivePrefixes: readonly string[],
  longest: number,
) => Buffer | null;

let ready: Promise<Canonicalize> | null = null;

/** The library is loaded at the first signed message. */
export function canonicalizer(): Promise<Canonicalize> {
  ready ??= import('libxml2-wasm').then(withLibrary);
  return ready;
}

/**
 * libxml2 gets the characters our own parser found to be the element, put into its namespace context, and nothing else of the
 * document. So the element is chosen by position in one parse alone (no id or path is looked up a second time), a hostile
 * document costs no more than the part that is signed, and exclusive canonicalization needs no more: of what surrounds an
 * element it uses the namespaces only.
 */
function withLibrary(xml: Library): Canonicalize {
  const option = (xml.ParseOption.XML_PARSE_NO_XXE | xml.ParseOption.XML_PARSE_NONET) as Options;
  return (text, element, inclusivePrefixes, longest) => {
    const scope = `<scope${declarationsAround(element)}>${text.slice(element.start, element.end)}</scope>`;
    const output = new Output(longest);
    try {
      const document = xml.XmlDocument.fromString(scope, { option });
      try {
        const node = document.root.firstChild;
        if (!(node instanceof xml.XmlElement) || node.next !== null) return null;
        document.canonicalize(output, {
          mode: xml.XmlC14NMode.XML_C14N_EXCLUSIVE_1_0,
          nodeSet: new Set([node]),
          ...(inclusivePrefixes.length > 0 && { inclusiveNamespacePrefixes: [...inclusivePrefixes] }),
        });
      } finally {
        document.dispose();
      }
    } catch (error) {
      // what the library says about a message, a relative namespace for instance, is a refusal; the rest is ours
      if (error instanceof xml.XmlError) return null;
      throw error;
    }
    return output.octets();
  };
}

/** The namespace declarations in force just outside of an element; the innermost of a prefix counts. */
function declarationsAround(element: XmlElement): string {
  const found = new Map<string, string>();
  for (let around = element.parent; around !== null; around = around.parent) {
    for (const { uri, prefix, local, value } of around.attributes) {
      if (uri !== xmlnsUri) continue;
      const name = prefix === '' ? 'xmlns' : `xmlns:${local}`;
      if (!found.has(name)) found.set(name, value);
    }
  }
  let text = '';
  for (const [name, value] of found) text += ` ${name}="${escapeAttribute(value)}"`;
  return text;
}

class Output {
  private readonly chunks: Buffer[] = [];
  private size = 0;

  constructor(private readonly longest: number) {}

  write(bytes: Uint8Array): number {
    this.size += bytes.byteLength;
    if (this.size > this.longest) return -1;
    // the bytes lie in the library's memory and are overwritten after this call
    this.chunks.push(Buffer.from(bytes));
    return bytes.byteLength;
  }

  close(): boolean {
    return true;
  }

  octets(): Buffer {
    return Buffer.concat(this.chunks, this.size);
  }
}
