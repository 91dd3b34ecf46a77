import { compileLookup, type ElementAliases } from './aliases.js';
import type { ComplexType, Field, SchemaType } from './description.js';
import { xsiUri } from './namespaces.js';
import { attribute, type XmlElement } from './parse.js';
import { BadValue, textDecoder } from './values.js';

/** A value of the message that cannot be converted, and where it ends in the document. */
export class UnreadableValue extends Error {
  constructor(
    readonly reason: string,
    readonly offset: number,
  ) {
    super(reason);
    this.name = 'UnreadableValue';
  }
}

export type DecodeElement = (element: XmlElement) => unknown;

interface Slot {
  readonly field: Field;
  /** Called for every occurrence; answers the new value of the property. */
  readonly take: (element: XmlElement, before: unknown) => unknown;
}

/**
 * Compiles the decoder of a type. Lenient (kakapo.md 2.3): order does not matter, unknown elements and elements of another
 * namespace are ignored, of a repeated single element the first counts, missing and nil alike are undefined.
 * The keys of the objects it makes come from the WSDL only. @throws UnreadableValue (from the returned function)
 */
export function compileDecoder(type: SchemaType, aliases: ElementAliases): DecodeElement {
  const compiled = new Map<ComplexType, DecodeElement>();

  function decoderOf(of: SchemaType): DecodeElement {
    if (of.kind === 'simple') return simpleDecoder(textDecoder(of));
    const known = compiled.get(of);
    if (known !== undefined) return known;
    let built: DecodeElement | null = null;
    // a type may contain itself, so its decoder is built at first use
    const lazy: DecodeElement = (element) => {
      built ??= complexDecoder(of, slotOf, aliases);
      return built(element);
    };
    compiled.set(of, lazy);
    return lazy;
  }

  function slotOf(field: Field): Slot {
    const { type: fieldType } = field;
    if (fieldType.kind === 'complex' && fieldType.item !== null) {
      return { field, take: arrayTaker(fieldType.item, decoderOf(fieldType.item.type), aliases) };
    }
    const decode = decoderOf(fieldType);
    if (field.many) {
      return {
        field,
        take: (element, before) => (Array.isArray(before) ? [...before, decode(element)] : [decode(element)]),
      };
    }
    return { field, take: (element, before) => (before === undefined ? decode(element) : before) };
  }

  return decoderOf(type);
}

function isNil(element: XmlElement): boolean {
  if (element.attributes.length === 0) return false;
  const nil = attribute(element, xsiUri, 'nil');
  return nil === 'true' || nil === '1';
}

function simpleDecoder(decodeText: (text: string) => unknown): DecodeElement {
  return (element) => {
    if (isNil(element)) return undefined;
    try {
      return decodeText(element.text);
    } catch (error) {
      if (error instanceof BadValue) throw new UnreadableValue(error.reason, element.end);
      throw error;
    }
  };
}

function complexDecoder(type: ComplexType, slotOf: (field: Field) => Slot, aliases: ElementAliases): DecodeElement {
  const lookup = compileLookup(type.fields.map(slotOf), aliases);
  const template: Record<string, unknown> = {};
  for (const field of type.fields) template[field.name] = undefined;
  return (element) => {
    if (isNil(element)) return undefined;
    const value = { ...template };
    for (const child of element.children) {
      const slot = lookup(child);
      if (slot === undefined) continue;
      const name = slot.field.name;
      value[name] = slot.take(child, value[name]);
    }
    return value;
  };
}

/**
 * An array is written as a list element with items in it; toolkits that flatten repeat the list element instead,
 * each holding one item. Both are read.
 */
function arrayTaker(item: Field, decode: DecodeElement, aliases: ElementAliases): Slot['take'] {
  const isItem = compileLookup([{ field: item }], aliases);
  const isField =
    item.type.kind === 'complex'
      ? compileLookup(
          item.type.fields.map((field) => ({ field })),
          aliases,
        )
      : null;
  const isFlat = (element: XmlElement): boolean =>
    isField === null
      ? element.children.length === 0 && element.text.trim() !== ''
      : element.children.some((child) => isField(child) !== undefined);
  return (element, before) => {
    if (isNil(element)) return before;
    const list: unknown[] = Array.isArray(before) ? before : [];
    let wrapped = false;
    for (const child of element.children) {
      if (isItem(child) === undefined) continue;
      // a flat item may have a child of the item's own name (a user with a `User`): items are recognized first
      wrapped = true;
      const value = decode(child);
      if (value !== undefined) list.push(value);
    }
    if (!wrapped && isFlat(element)) list.push(decode(element));
    return list;
  };
}
