/** The WSDLs of the PRM services, from wsdl/prm/contract.json, in the manner of Axis: wrapped document/literal, inline schemas. */
import { readFile } from 'node:fs/promises';
import { closed, tag, text } from './prm-markup.mjs';
import { faultsOf, messagesSchema, namespacesOf, typesSchema } from './prm-schemas.mjs';

const contractFile = new URL('../wsdl/prm/contract.json', import.meta.url);

export async function readContract() {
  return JSON.parse(await readFile(contractFile, 'utf8'));
}

/** The texts of all services by file name. */
export function generate(contract) {
  return Object.fromEntries(Object.keys(contract.services).map((name) => [`${name}.wsdl`, wsdlOf(contract, name)]));
}

/** SOAP 1.1 comes first: it is what a client takes that does not choose. */
const versions = [
  { soap: 'soap', suffix: '' },
  { soap: 'soap12', suffix: '12' },
];

function wsdlOf(contract, name) {
  const service = contract.services[name];
  const { impl, tns1 } = namespacesOf(name);
  const attributes = {
    'xmlns:wsdl': 'http://schemas.xmlsoap.org/wsdl/',
    'xmlns:soap': 'http://schemas.xmlsoap.org/wsdl/soap/',
    'xmlns:soap12': 'http://schemas.xmlsoap.org/wsdl/soap12/',
    'xmlns:xsd': 'http://www.w3.org/2001/XMLSchema',
    'xmlns:impl': impl,
    'xmlns:tns1': tns1,
    targetNamespace: impl,
  };
  const lines = tag('wsdl:definitions', attributes, [
    ...tag('wsdl:types', {}, [...typesSchema(contract, name), ...messagesSchema(contract, name)]),
    ...messages(service),
    ...portType(name, service),
    ...versions.flatMap((version) => binding(name, service, version)),
    ...tag('wsdl:service', { name: `${name}Service` }, [
      text('wsdl:documentation', service.summary),
      ...versions.flatMap((version) => port(name, service, version)),
    ]),
  ]);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${lines.join('\n')}\n`;
}

function messages(service) {
  const message = (name, element, part) =>
    tag('wsdl:message', { name }, [closed('wsdl:part', { element, name: part })]);
  return [
    ...service.operations.flatMap(({ name }) => [
      ...message(`${name}Request`, `impl:${name}`, 'parameters'),
      ...message(`${name}Response`, `impl:${name}Response`, 'parameters'),
    ]),
    ...faultsOf(service).flatMap((fault) => message(fault, `tns1:${fault}`, 'fault')),
  ];
}

function portType(name, { operations }) {
  return tag(
    'wsdl:portType',
    { name },
    operations.flatMap((operation) => {
      const [request, response] = [`${operation.name}Request`, `${operation.name}Response`];
      return tag('wsdl:operation', { name: operation.name }, [
        text('wsdl:documentation', operation.effect),
        closed('wsdl:input', { message: `impl:${request}`, name: request }),
        closed('wsdl:output', { message: `impl:${response}`, name: response }),
        ...operation.faults.map((fault) => closed('wsdl:fault', { message: `impl:${fault}`, name: fault })),
      ]);
    }),
  );
}

function binding(name, { operations }, { soap, suffix }) {
  const body = [closed(`${soap}:body`, { use: 'literal' })];
  return tag('wsdl:binding', { name: `${name}Soap${suffix}Binding`, type: `impl:${name}` }, [
    closed(`${soap}:binding`, { style: 'document', transport: 'http://schemas.xmlsoap.org/soap/http' }),
    ...operations.flatMap((operation) =>
      tag('wsdl:operation', { name: operation.name }, [
        closed(`${soap}:operation`, { soapAction: '', style: 'document' }),
        ...tag('wsdl:input', { name: `${operation.name}Request` }, body),
        ...tag('wsdl:output', { name: `${operation.name}Response` }, body),
        ...operation.faults.flatMap((fault) =>
          tag('wsdl:fault', { name: fault }, [closed(`${soap}:fault`, { name: fault, use: 'literal' })]),
        ),
      ]),
    ),
  ]);
}

function port(name, { path }, { soap, suffix }) {
  const attributes = {
    binding: `impl:${name}Soap${suffix}Binding`,
    name: suffix === '' ? name : `${name}Soap${suffix}`,
  };
  return tag('wsdl:port', attributes, [closed(`${soap}:address`, { location: `http://localhost${path}` })]);
}
