import type { ComplexType, Field, SchemaType, SimpleType } from './description.js';
import { escapeAttribute, escapeText } from './escape.js';

/** An answer does not fit its own schema: a mistake of ours, never of the caller. */
export class UnwritableValue extends Error {
  constructor(path: string, problem: string) {
    super(`cannot write ${path}: ${problem}`);
    this.name = 'UnwritableValue';
  }
}

export type WriteElement = (value: unknown) => string;

const utcText = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;
const decimalText = /^-?\d+(?:\.\d+)?$/;

/**
 * Compiles the writer of one element, namespaces declared as the default one where they change.
 * Null and undefined are left out, or written as nil where the schema has no other way.
 * @throws UnwritableValue (from the returned function)
 */
export function compileElementWriter(element: Field, rename?: Readonly<Record<string, string>>): WriteElement {
  const compiled = new Map<ComplexType, Map<string, WriteElement>>();

  /** The content of an element in whose inside `around` is the default namespace. */
  function contentWriter(type: SchemaType, around: string, path: string): WriteElement {
    if (type.kind === 'simple') return textWriter(type, path);
    if (type.item !== null) return arrayWriter(type.item, around, path);
    const known = compiled.get(type)?.get(around);
    if (known !== undefined) return known;
    let writers: WriteElement[] | null = null;
    const write: WriteElement = (value) => {
      // a type may contain itself, so its fields are compiled at first use
      writers ??= type.fields.map((field) => fieldWriter(field, around, path));
      if (typeof value !== 'object' || value === null) throw new UnwritableValue(path, 'not an object');
      let text = '';
      for (const writer of writers) text += writer(value);
      return text;
    };
    compiled.set(type, (compiled.get(type) ?? new Map()).set(around, write));
    return write;
  }

  /** Writes the property of an object; `around` is the default namespace in force there. */
  function fieldWriter(field: Field, around: string, path: string): (owner: unknown) => string {
    const name = field.name;
    const one = elementWriter(field, around, `${path}.${name}`);
    if (!field.many) return (owner) => one((owner as Record<string, unknown>)[name]);
    return (owner) => {
      const list = (owner as Record<string, unknown>)[name];
      if (list === undefined || list === null) return '';
      return writeAll(list, one, `${path}.${name}`);
    };
  }

  function elementWriter(field: Field, around: string, path: string): WriteElement {
    const name = rename?.[field.name] ?? field.name;
    const open = field.uri === around ? `<${name}` : `<${name} xmlns="${escapeAttribute(field.uri)}"`;
    const start = `${open}>`;
    const end = `</${name}>`;
    const empty = `${open} />`;
    const nil = `${open} xsi:nil="true" />`;
    const { nillable, required } = field;
    const content = contentWriter(field.type, field.uri, path);
    return (value) => {
      if (value === undefined || value === null) return nillable && (required || value === null) ? nil : '';
      const text = content(value);
      return text === '' ? empty : start + text + end;
    };
  }

  function arrayWriter(item: Field, around: string, path: string): (value: unknown) => string {
    const one = elementWriter({ ...item, required: true }, around, `${path}[]`);
    return (value) => writeAll(value, one, path);
  }

  return elementWriter(element, '', element.name);
}

function writeAll(list: unknown, one: WriteElement, path: string): string {
  if (!Array.isArray(list)) throw new UnwritableValue(path, 'not an array');
  let text = '';
  for (const value of list) text += one(value);
  return text;
}

function textWriter(type: SimpleType, path: string): (value: unknown) => string {
  const bad = (): never => {
    throw new UnwritableValue(path, `not a value of ${type.name}`);
  };
  if (type.values !== null) {
    const allowed = new Set(type.values);
    return (value) => (typeof value === 'string' && allowed.has(value) ? escapeText(value) : bad());
  }
  switch (type.builtin) {
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? String(value) : bad());
    case 'int':
      return (value) => (((value as number) | 0) === value ? `${value}` : bad());
    case 'short':
    case 'byte':
    case 'unsignedInt':
    case 'long':
    case 'integer':
    case 'nonNegativeInteger':
    case 'positiveInteger':
      return (value) => (typeof value === 'bigint' || Number.isSafeInteger(value) ? String(value) : bad());
    case 'decimal':
      return (value) => {
        const text =
          typeof value === 'string' || typeof value === 'bigint' || typeof value === 'number' ? `${value}` : '';
        return decimalText.test(text) ? text : bad();
      };
    case 'double':
    case 'float':
      return (value) => (typeof value === 'number' ? String(value).replace('Infinity', 'INF') : bad());
    case 'dateTime':
      return (value) => writeDateTime(value) ?? bad();
    case 'base64Binary':
      return (value) => (value instanceof Uint8Array ? Buffer.from(value).toString('base64') : bad());
    default:
      return (value) => {
        if (typeof value === 'string') return escapeText(value);
        return typeof value === 'number' || typeof value === 'bigint' ? String(value) : bad();
      };
  }
}

/** An Instant or a Date as UTC ending in Z; null when it is neither. */
function writeDateTime(value: unknown): string | null {
  if (typeof value === 'string') return utcText.test(value) ? value : null;
  return value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : null;
}
