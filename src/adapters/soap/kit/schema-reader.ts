import {
  type Builtin,
  builtins,
  type ComplexType,
  type Field,
  type SchemaType,
  type SimpleType,
} from './description.js';
import { xsdUri } from './namespaces.js';
import { attribute, childrenNamed, type XmlElement } from './parse.js';

interface Schema {
  readonly root: XmlElement;
  readonly namespace: string;
  readonly qualified: boolean;
}

interface Named {
  readonly node: XmlElement;
  readonly schema: Schema;
}

export interface SchemaSet {
  /** A global element by namespace and local name. */
  element(uri: string, local: string): Field;
  globalElements(): Iterable<Field>;
}

const builtinNames: ReadonlySet<string> = new Set(builtins);
/** Lexically narrower kinds of text that need no conversion of their own. */
const textKinds = new Set([
  'normalizedString',
  'token',
  'language',
  'Name',
  'NCName',
  'ID',
  'NMTOKEN',
  'duration',
  'QName',
]);

/**
 * Reads the schemas of our own WSDLs: sequences, all, choice, extension, enumerations, arrays, nillable.
 * @throws Error naming what it cannot read, at start, so that nothing is silently ignored
 */
export function readSchemas(roots: readonly XmlElement[]): SchemaSet {
  const elements = new Map<string, Named>();
  const types = new Map<string, Named>();
  for (const root of roots) {
    const namespace = attribute(root, '', 'targetNamespace') ?? '';
    const schema = { root, namespace, qualified: attribute(root, '', 'elementFormDefault') === 'qualified' };
    for (const node of root.children) {
      if (node.uri !== xsdUri) continue;
      const key = `{${namespace}}${attribute(node, '', 'name')}`;
      if (node.local === 'element') elements.set(key, { node, schema });
      else if (node.local === 'complexType' || node.local === 'simpleType') types.set(key, { node, schema });
      else if (node.local !== 'import' && node.local !== 'annotation') unreadable(node);
    }
  }

  const resolved = new Map<XmlElement, SchemaType>();
  const fieldsOf = new Map<ComplexType, Field[]>();

  function typeByName(scope: XmlElement, name: string): SchemaType {
    const { uri, local } = resolveName(scope, name);
    if (uri === xsdUri) return builtinType(local);
    const found = types.get(`{${uri}}${local}`);
    if (found === undefined) throw new Error(`WSDL: type "${name}" is not defined`);
    return typeOf(found.node, found.schema);
  }

  function typeOf(node: XmlElement, schema: Schema): SchemaType {
    const known = resolved.get(node);
    if (known !== undefined) return known;
    if (node.local === 'simpleType') {
      const simple = readSimple(node);
      resolved.set(node, simple);
      return simple;
    }
    const fields: Field[] = [];
    const type: { -readonly [K in keyof ComplexType]: ComplexType[K] } = {
      kind: 'complex',
      name: attribute(node, '', 'name') ?? '',
      uri: schema.namespace,
      fields,
      item: null,
      plainSequence: isPlainSequence(node),
    };
    resolved.set(node, type);
    fieldsOf.set(type, fields);
    readContent(node, schema, fields, false);
    if (type.name.startsWith('ArrayOf') && fields.length === 1 && fields[0]!.many) type.item = fields[0]!;
    return type;
  }

  function readSimple(node: XmlElement): SimpleType {
    const restriction = node.children.find((child) => child.uri === xsdUri && child.local === 'restriction');
    if (restriction === undefined) return unreadable(node);
    const base = typeByName(restriction, attribute(restriction, '', 'base') ?? '');
    if (base.kind !== 'simple') return unreadable(restriction);
    const values = childrenNamed(restriction, xsdUri, 'enumeration').map((e) => attribute(e, '', 'value') ?? '');
    return {
      kind: 'simple',
      name: attribute(node, '', 'name') ?? base.name,
      builtin: base.builtin,
      values: values.length === 0 ? base.values : values,
    };
  }

  function readContent(node: XmlElement, schema: Schema, into: Field[], optional: boolean): void {
    for (const child of node.children) {
      if (child.uri !== xsdUri) continue;
      const loose = optional || attribute(child, '', 'minOccurs') === '0';
      switch (child.local) {
        case 'sequence':
        case 'all':
          readContent(child, schema, into, loose);
          break;
        case 'choice':
          readContent(child, schema, into, true);
          break;
        case 'complexContent':
          readContent(child, schema, into, optional);
          break;
        case 'extension': {
          const base = typeByName(child, attribute(child, '', 'base') ?? '');
          if (base.kind !== 'complex') unreadable(child);
          else into.push(...base.fields);
          readContent(child, schema, into, optional);
          break;
        }
        case 'element':
          into.push(fieldOf(child, schema, optional));
          break;
        case 'annotation':
          break;
        default:
          unreadable(child);
      }
    }
  }

  function fieldOf(node: XmlElement, schema: Schema, optional: boolean): Field {
    const maximum = attribute(node, '', 'maxOccurs') ?? '1';
    const occurrence = {
      required: !optional && attribute(node, '', 'minOccurs') !== '0',
      many: maximum !== '1' && maximum !== '0',
    };
    const reference = attribute(node, '', 'ref');
    if (reference !== undefined) {
      const { uri, local } = resolveName(node, reference);
      return { ...globalElement(uri, local), ...occurrence };
    }
    const form = attribute(node, '', 'form');
    const qualified = form === undefined ? schema.qualified : form === 'qualified';
    return declared(node, schema, qualified ? schema.namespace : '', occurrence);
  }

  function declared(
    node: XmlElement,
    schema: Schema,
    uri: string,
    occurrence: { required: boolean; many: boolean },
  ): Field {
    const named = attribute(node, '', 'type');
    const inline = node.children.find((child) => child.local === 'complexType' || child.local === 'simpleType');
    const type =
      named !== undefined ? typeByName(node, named) : inline !== undefined ? typeOf(inline, schema) : unreadable(node);
    const nillable = attribute(node, '', 'nillable') === 'true';
    return { name: attribute(node, '', 'name') ?? '', uri, type, ...occurrence, nillable };
  }

  function globalElement(uri: string, local: string): Field {
    const found = elements.get(`{${uri}}${local}`);
    if (found === undefined) throw new Error(`WSDL: element {${uri}}${local} is not defined`);
    return declared(found.node, found.schema, found.schema.namespace, { required: true, many: false });
  }

  return {
    element: globalElement,
    *globalElements() {
      for (const { node, schema } of elements.values()) {
        yield globalElement(schema.namespace, attribute(node, '', 'name') ?? '');
      }
    },
  };
}

/** Nothing but a sequence of elements, none of them with a limit of its own but one. */
function isPlainSequence(type: XmlElement): boolean {
  const content = type.children.filter(({ uri, local }) => uri === xsdUri && local !== 'annotation');
  const [sequence] = content;
  if (content.length !== 1 || sequence!.local !== 'sequence' || sequence!.attributes.length > 0) return false;
  return sequence!.children.every((child) => {
    if (child.uri === xsdUri && child.local === 'annotation') return true;
    const [least, most] = [attribute(child, '', 'minOccurs') ?? '1', attribute(child, '', 'maxOccurs') ?? '1'];
    const isElement = child.uri === xsdUri && child.local === 'element' && attribute(child, '', 'ref') === undefined;
    return isElement && ['0', '1'].includes(least) && ['1', 'unbounded'].includes(most);
  });
}

function builtinType(local: string): SimpleType {
  const builtin = builtinNames.has(local) ? (local as Builtin) : textKinds.has(local) ? 'string' : null;
  if (builtin === null) throw new Error(`WSDL: xsd:${local} is not supported`);
  return { kind: 'simple', name: local, builtin, values: null };
}

function unreadable(node: XmlElement): never {
  throw new Error(`WSDL: <${node.local}> at offset ${node.start} is not supported in this place`);
}

/** The namespace and local part of a name in an attribute value, as declared around that element. */
export function resolveName(scope: XmlElement, name: string): { uri: string; local: string } {
  const colon = name.indexOf(':');
  const prefix = colon === -1 ? '' : name.slice(0, colon);
  for (let at: XmlElement | null = scope; at !== null; at = at.parent) {
    for (const candidate of at.attributes) {
      const declares =
        prefix === ''
          ? candidate.prefix === '' && candidate.local === 'xmlns'
          : candidate.prefix === 'xmlns' && candidate.local === prefix;
      if (declares) return { uri: candidate.value, local: name.slice(colon + 1) };
    }
  }
  return { uri: '', local: name.slice(colon + 1) };
}
