import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Field, OperationDescription, ServiceDescription } from './description.js';
import { escapeAttribute } from './escape.js';
import { wsdlSoap11Uri, wsdlSoap12Uri, wsdlUri, xsdUri } from './namespaces.js';
import { attribute, childrenNamed, parseXml, type XmlElement } from './parse.js';
import { readSchemas, resolveName } from './schema-reader.js';

const fileLimits = {
  depth: 64,
  elements: 200_000,
  attributesPerElement: 64,
  attributes: 500_000,
  textLength: 1_000_000,
};

/** Reads `wsdl/<path>` of the project, wherever the running code lies below its root. */
export function loadWsdl(path: string): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const candidate = join(folder, 'wsdl', path);
    if (existsSync(candidate)) return readFileSync(candidate, 'utf8').replace(/^\ufeff/, '');
    if (folder === dirname(folder)) throw new Error(`wsdl/${path} is missing`);
  }
}

/** SOAPAction of an operation (kakapo.md 2.2). */
export function actionOf(namespace: string, operation: string): string {
  return `${namespace}${namespace.endsWith('/') ? '' : '/'}${operation}`;
}

/** A WSDL with some of its namespaces replaced: declarations, targets, references and the actions under them. */
export function replaceNamespaces(text: string, replacements: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(replacements).filter(([from, to]) => from !== to);
  if (pairs.length === 0) return text;
  return text.replace(
    /\b(targetNamespace|xmlns(?::[\w.-]+)?|namespace|soapAction)="([^"]*)"/g,
    (whole, name: string, value: string) => {
      for (const [from, to] of pairs) {
        if (value === from) return `${name}="${escapeAttribute(to)}"`;
        const base = actionOf(from, '');
        if (name === 'soapAction' && value.startsWith(base)) {
          return `${name}="${escapeAttribute(actionOf(to, value.slice(base.length)))}"`;
        }
      }
      return whole;
    },
  );
}

/**
 * Compiles the text of one of our WSDLs: one service, document/literal wrapped, schemas inline.
 * @throws Error at start when the file is not of that shape
 */
export function readWsdl(text: string): ServiceDescription {
  const root = parseXml(text, fileLimits);
  if (root.uri !== wsdlUri || root.local !== 'definitions') throw new Error('WSDL: the root is not wsdl:definitions');
  const schemaNodes = childrenNamed(root, wsdlUri, 'types').flatMap((types) => childrenNamed(types, xsdUri, 'schema'));
  const schemas = readSchemas(schemaNodes);
  const service = childrenNamed(root, wsdlUri, 'service')[0];
  if (service === undefined) throw new Error('WSDL: no service');
  const elements = new Map<string, Field>();
  for (const element of schemas.globalElements()) elements.set(element.name, element);
  const messages = byName(childrenNamed(root, wsdlUri, 'message'));

  const elementOf = (operation: XmlElement, direction: string): Field => {
    const end = childrenNamed(operation, wsdlUri, direction)[0];
    const message = end && messages.get(resolveName(end, attribute(end, '', 'message') ?? '').local);
    const part = message && childrenNamed(message, wsdlUri, 'part')[0];
    if (part === undefined) throw new Error(`WSDL: ${attribute(operation, '', 'name')} has no ${direction} part`);
    const { uri, local } = resolveName(part, attribute(part, '', 'element') ?? '');
    return schemas.element(uri, local);
  };

  const binding = childrenNamed(root, wsdlUri, 'binding').find((candidate) =>
    candidate.children.some(
      (child) => child.local === 'binding' && (child.uri === wsdlSoap11Uri || child.uri === wsdlSoap12Uri),
    ),
  );
  if (binding === undefined) throw new Error('WSDL: no SOAP binding');
  const actions = new Map<string, string>();
  for (const operation of childrenNamed(binding, wsdlUri, 'operation')) {
    const soap = operation.children.find((child) => child.local === 'operation' && child.uri !== wsdlUri);
    actions.set(attribute(operation, '', 'name') ?? '', (soap && attribute(soap, '', 'soapAction')) ?? '');
  }
  const portTypeName = resolveName(binding, attribute(binding, '', 'type') ?? '').local;
  const portType = childrenNamed(root, wsdlUri, 'portType').find((p) => attribute(p, '', 'name') === portTypeName);
  const operations: OperationDescription[] = [];
  for (const operation of portType === undefined ? [] : childrenNamed(portType, wsdlUri, 'operation')) {
    const name = attribute(operation, '', 'name') ?? '';
    operations.push({
      name,
      documentation: documentationOf(operation),
      action: actions.get(name) ?? '',
      input: elementOf(operation, 'input'),
      output: elementOf(operation, 'output'),
    });
  }
  if (operations.length === 0) throw new Error('WSDL: no operations');
  return {
    name: attribute(service, '', 'name') ?? '',
    documentation: documentationOf(service),
    namespace: attribute(root, '', 'targetNamespace') ?? '',
    operations,
    elements,
    schemas: schemaNodes.map((node) => ({
      namespace: attribute(node, '', 'targetNamespace') ?? '',
      text: standalone(text, node),
    })),
    text,
  };
}

function byName(nodes: readonly XmlElement[]): Map<string, XmlElement> {
  return new Map(nodes.map((node) => [attribute(node, '', 'name') ?? '', node]));
}

function documentationOf(node: XmlElement): string {
  return childrenNamed(node, wsdlUri, 'documentation')[0]?.text.trim() ?? '';
}

/** An inline schema leans on prefixes declared further out; alone it must declare them itself. */
function standalone(text: string, node: XmlElement): string {
  const seen = new Set<string>();
  let declarations = '';
  for (let at: XmlElement | null = node; at !== null; at = at.parent) {
    for (const { prefix, local, value } of at.attributes) {
      if (prefix !== 'xmlns' && !(prefix === '' && local === 'xmlns')) continue;
      const name = prefix === '' ? 'xmlns' : `xmlns:${local}`;
      if (!seen.has(name) && at !== node) declarations += ` ${name}="${escapeAttribute(value)}"`;
      seen.add(name);
    }
  }
  const source = text.slice(node.start, node.end);
  const tagName = /^<[^\s/>]+/.exec(source)?.[0] ?? '';
  return tagName + declarations + source.slice(tagName.length);
}
