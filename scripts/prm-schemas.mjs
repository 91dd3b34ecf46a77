/** The two inline schemas of a PRM service: its types, spelled as its chapter spells them, and the elements of its messages. */
import { closed, tag } from './prm-markup.mjs';

/** One types namespace for each service: the chapters spell the same bean differently. */
export const namespacesOf = (service) => ({ impl: `urn:prm:4.0:${service}`, tns1: `urn:prm:4.0:${service}:types` });

export function faultsOf({ operations }) {
  return [...new Set(operations.flatMap(({ faults }) => faults))].sort();
}

export function typesSchema(contract, name) {
  const service = contract.services[name];
  const beans = Object.entries(contract.types).filter(([, { services }]) => services.includes(name));
  const fields = beans.flatMap(([, bean]) => bean.fields);
  const named = new Set(
    [...fields, ...service.operations.flatMap(({ inputs, returns }) => [...inputs, returns])].map((of) => of?.type),
  );
  const enums = Object.entries(contract.enums).filter(([type]) => named.has(`tns1:${type}`));
  const { impl, tns1 } = namespacesOf(name);
  return schema(tns1, fields.some(({ array }) => array) ? [impl] : [], [
    ...enums.flatMap(([type, values]) => enumeration(type, values)),
    ...beans.flatMap(([type, bean]) =>
      sequence(
        { name: type },
        bean.fields.map((field) => element(field.wire?.[name] ?? field.name, field)),
      ),
    ),
    ...faultsOf(service).flatMap((fault) => faultType(fault, named.has('tns1:State'))),
  ]);
}

/** The type of a fault has a name of its own: generators of classes stumble over a type called like its message. */
function faultType(fault, withState) {
  const state = fault === 'INVALID_STATE' && withState;
  return [
    closed('xsd:element', { name: fault, type: `tns1:${fault}Type` }),
    ...sequence({ name: `${fault}Type` }, [
      closed('xsd:element', { name: 'message', nillable: 'true', type: 'xsd:string' }),
      ...(state ? [closed('xsd:element', { minOccurs: '0', name: 'currentState', type: 'tns1:State' })] : []),
    ]),
  ];
}

export function messagesSchema(contract, name) {
  const { operations } = contract.services[name];
  const beans = Object.values(contract.types).filter(({ services }) => services.includes(name));
  const arrays = beans.flatMap(({ fields }) => fields.filter(({ array }) => array).map(({ type }) => type));
  const { impl, tns1 } = namespacesOf(name);
  return schema(
    impl,
    [tns1],
    [
      ...[...new Set(arrays)].flatMap((type) =>
        sequence({ name: arrayName(type) }, [
          closed('xsd:element', { minOccurs: '0', maxOccurs: 'unbounded', name: 'item', type }),
        ]),
      ),
      ...operations.flatMap(({ name: operation, inputs, returns }) => [
        ...wrapper(
          operation,
          inputs.map((input) => element(input.name, input)),
        ),
        ...wrapper(`${operation}Response`, returns === null ? [] : [returned(`${operation}Return`, returns)]),
      ]),
    ],
  );
}

const arrayName = (type) => `ArrayOf_${type.replace(':', '_')}`;

/** What may be null may be left out too: both mean the same. */
function element(name, { type, array = false, nillable = false }) {
  return closed('xsd:element', {
    ...(nillable && { minOccurs: '0' }),
    name,
    ...(nillable && { nillable: 'true' }),
    type: array ? `impl:${arrayName(type)}` : type,
  });
}

/** A list is its return element again and again. */
function returned(name, { type, array = false, nillable = false }) {
  const occurrence = array ? { minOccurs: '0', maxOccurs: 'unbounded' } : {};
  return closed('xsd:element', { ...occurrence, name, ...(nillable && { nillable: 'true' }), type });
}

function schema(namespace, imports, content) {
  return tag('xsd:schema', { targetNamespace: namespace, elementFormDefault: 'qualified' }, [
    ...imports.map((imported) => closed('xsd:import', { namespace: imported })),
    ...content,
  ]);
}

function sequence(attributes, elements) {
  return tag('xsd:complexType', attributes, tag('xsd:sequence', {}, elements));
}

function wrapper(name, elements) {
  return tag('xsd:element', { name }, sequence({}, elements));
}

function enumeration(name, values) {
  return tag(
    'xsd:simpleType',
    { name },
    tag(
      'xsd:restriction',
      { base: 'xsd:string' },
      values.map((value) => closed('xsd:enumeration', { value })),
    ),
  );
}
