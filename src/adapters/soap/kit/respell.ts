import { compileLookup, type ElementAliases } from './aliases.js';
import type { ComplexType, Field, SchemaType } from './description.js';
import { escapeAttribute } from './escape.js';
import type { XmlElement } from './parse.js';

/** A document in which the request and what is in it have the names of the WSDL; what is no alias stays as it is. */
export type Respell = (document: string, request: XmlElement) => string;

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** For names in another namespace; no message will have declared it for something else on the same element. */
const prefix = 'soap-kit.respelled';

/**
 * A schema knows the WSDL's names alone, so a message under aliases is validated in a copy with those names.
 * Undefined when there is nothing to respell.
 */
export function compileRespeller(wrapper: Field, spelledName: string, aliases: ElementAliases): Respell | undefined {
  if (spelledName === wrapper.name && Object.keys(aliases).length === 0) return undefined;
  const lookups = new Map<ComplexType, ReturnType<typeof lookupOf>>();
  const lookupOf = (type: ComplexType) =>
    compileLookup(
      type.fields.map((field) => ({ field })),
      aliases,
    );

  function visit(type: SchemaType, element: XmlElement, document: string, edits: Edit[]): void {
    if (type.kind === 'simple') return;
    const lookup = lookups.get(type) ?? lookupOf(type);
    lookups.set(type, lookup);
    for (const child of element.children) {
      const field = lookup(child)?.field;
      if (field === undefined) continue;
      rename(child, field, document, edits);
      visit(field.type, child, document, edits);
    }
  }

  return (document, request) => {
    const edits: Edit[] = [];
    rename(request, wrapper, document, edits);
    visit(wrapper.type, request, document, edits);
    if (edits.length === 0) return document;
    let text = '';
    let at = 0;
    for (const edit of edits.sort((one, other) => one.start - other.start)) {
      text += document.slice(at, edit.start) + edit.text;
      at = edit.end;
    }
    return text + document.slice(at);
  };
}

function rename(element: XmlElement, { name, uri }: Field, document: string, edits: Edit[]): void {
  if (element.local === name && element.uri === uri) return;
  const written = element.prefix === '' ? element.local : `${element.prefix}:${element.local}`;
  const kept = element.prefix === '' ? name : `${element.prefix}:${name}`;
  const respelled = element.uri === uri ? kept : `${prefix}:${name}`;
  const declared = element.uri === uri ? '' : ` xmlns:${prefix}="${escapeAttribute(uri)}"`;
  const put = (start: number, text: string): void => void edits.push({ start, end: start + written.length, text });
  put(element.start + 1, respelled + declared);
  // `<a/>` has no closing tag
  if (document[element.end - 2] !== '/') put(document.lastIndexOf('</', element.end - 1) + 2, respelled);
}
