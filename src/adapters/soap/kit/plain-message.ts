import type { ComplexType, Field, SimpleType } from './description.js';
import type { XmlElement } from './parse.js';

/**
 * Whether an element is valid at first sight: the children of its type in their order, no attributes but namespaces, values in
 * their everyday form. True is a proof; false means nothing and the schema decides. Most messages are of this kind, and need
 * not be parsed a second time for the validator. One thing more is let through: blanks
 * in an element whose type is empty, which the schema forbids and indenting programs write.
 */
export type IsPlain = (element: XmlElement) => boolean;

export function compilePlain(field: Field): IsPlain {
  const known = new Map<ComplexType, IsPlain>();
  const compile = ({ type }: Field): IsPlain => {
    if (type.kind === 'simple') return simple(type);
    const present = known.get(type);
    if (present !== undefined) return present;
    let made: IsPlain | undefined;
    // a type may contain itself, so it is compiled when first asked
    const lazy: IsPlain = (element) => {
      made ??= sequence(type, type.fields.map(compile));
      return made(element);
    };
    known.set(type, lazy);
    return lazy;
  };
  const check = compile(field);
  return (element) => isNamed(element, field) && check(element);
}

const never: IsPlain = () => false;

function sequence({ fields, plainSequence }: ComplexType, checks: readonly IsPlain[]): IsPlain {
  if (!plainSequence) return never;
  return (element) => {
    if (!isBare(element) || !isBlank(element.text)) return false;
    let at = 0;
    let taken = false;
    for (const child of element.children) {
      while (at < fields.length && !isNamed(child, fields[at]!)) {
        if (fields[at]!.required && !taken) return false;
        at += 1;
        taken = false;
      }
      const field = fields[at];
      if (field === undefined || (taken && !field.many) || !checks[at]!(child)) return false;
      taken = true;
    }
    return fields.every((field, index) => index < at || (index === at && taken) || !field.required);
  };
}

function simple({ builtin, values }: SimpleType): IsPlain {
  const form = forms[builtin];
  if (form === undefined) return never;
  return (element) =>
    isBare(element) &&
    element.children.length === 0 &&
    (values === null ? form.test(element.text) : values.includes(element.text));
}

/** Narrower than the types: what is left out is for the schema to judge. */
const forms: Partial<Record<SimpleType['builtin'], RegExp>> = {
  string: /^/,
  boolean: /^(?:true|false)$/,
  int: /^-?\d{1,9}$/,
  long: /^-?\d{1,18}$/,
  dateTime:
    /^(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d)?$/,
};

function isNamed(element: XmlElement, { name, uri }: Field): boolean {
  return element.local === name && element.uri === uri;
}

/** No attributes but declarations of namespaces. */
function isBare({ attributes }: XmlElement): boolean {
  return attributes.every(({ prefix, local }) => prefix === 'xmlns' || (prefix === '' && local === 'xmlns'));
}

function isBlank(text: string): boolean {
  return text === '' || /^[ \t\r\n]*$/.test(text);
}
