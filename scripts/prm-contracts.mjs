// Writes wsdl/prm/<Service>.wsdl from wsdl/prm/contract.json, or with --check says which of them differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const folder = new URL('../wsdl/prm/', import.meta.url);

const escapeXml = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const indent = (lines, by) => lines.map((line) => `${' '.repeat(by)}${line}`);

/** The texts of all services by file name. */
export function generate() {
  const contract = JSON.parse(readFileSync(new URL('contract.json', folder), 'utf8'));
  return Object.fromEntries(
    Object.entries(contract.services).map(([name, service]) => [`${name}.wsdl`, wsdlOf(contract, name, service)]),
  );
}

function wsdlOf(contract, name, service) {
  const namespace = `urn:prm:4.0:${name}`;
  const faults = [...new Set(service.operations.flatMap((operation) => operation.faults))].sort();
  const declarations = [
    'xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"',
    'xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"',
    'xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/"',
    'xmlns:xsd="http://www.w3.org/2001/XMLSchema"',
    `xmlns:impl="${namespace}"`,
    `xmlns:tns1="${namespace}:types"`,
    `targetNamespace="${namespace}"`,
  ];
  return `${[
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<wsdl:definitions ${declarations.join(' ')}>`,
    '  <wsdl:types>',
    ...indent(typesSchema(contract, name, service, faults, namespace), 4),
    ...indent(wrapperSchema(service, namespace), 4),
    '  </wsdl:types>',
    ...indent(service.operations.flatMap(messagesOf), 2),
    ...indent(faults.flatMap(faultMessage), 2),
    ...indent(portType(name, service), 2),
    ...indent(binding(`${name}SoapBinding`, 'soap', name, service), 2),
    ...indent(binding(`${name}Soap12Binding`, 'soap12', name, service), 2),
    `  <wsdl:service name="${name}Service">`,
    ...port(name, `${name}SoapBinding`, 'soap', service.path),
    ...port(`${name}Soap12`, `${name}Soap12Binding`, 'soap12', service.path),
    '  </wsdl:service>',
    '</wsdl:definitions>',
  ].join('\n')}\n`;
}

/** The types a service uses, with its own spelling of their fields. */
function typesSchema(contract, name, service, faults, namespace) {
  const used = Object.entries(contract.types).filter(([, type]) => type.services.includes(name));
  const fields = used.flatMap(([, type]) => type.fields);
  const named = [
    ...fields,
    ...service.operations.flatMap(({ inputs, returns }) => [...inputs, ...(returns ? [returns] : [])]),
  ];
  const enums = Object.entries(contract.enums).filter(([type]) => named.some((field) => field.type === `tns1:${type}`));
  const arrays = [...new Set(fields.filter(({ array }) => array).map(({ type }) => type))];
  const states = enums.some(([type]) => type === 'State');
  return [
    `<xsd:schema targetNamespace="${namespace}:types" elementFormDefault="qualified">`,
    ...indent(
      [
        ...enums.flatMap(([type, values]) => enumeration(type, values)),
        ...used.flatMap(([type, { fields: own }]) =>
          sequence(
            type,
            own.map((field) => element(field.wire?.[name] ?? field.name, field)),
          ),
        ),
        ...arrays.flatMap((type) =>
          sequence(`ArrayOf_${type.replace(':', '_')}`, [
            `<xsd:element minOccurs="0" maxOccurs="unbounded" name="item" type="${type}"/>`,
          ]),
        ),
        ...faults.flatMap((fault) => [
          `<xsd:element name="${fault}" type="tns1:${fault}Type"/>`,
          ...sequence(`${fault}Type`, [
            '<xsd:element name="message" nillable="true" type="xsd:string"/>',
            ...(fault === 'INVALID_STATE' && states
              ? ['<xsd:element minOccurs="0" name="currentState" type="tns1:State"/>']
              : []),
          ]),
        ]),
      ],
      2,
    ),
    '</xsd:schema>',
  ];
}

function enumeration(type, values) {
  return [
    `<xsd:simpleType name="${type}">`,
    '  <xsd:restriction base="xsd:string">',
    ...values.map((value) => `    <xsd:enumeration value="${value}"/>`),
    '  </xsd:restriction>',
    '</xsd:simpleType>',
  ];
}

function sequence(type, elements) {
  return [
    `<xsd:complexType name="${type}">`,
    '  <xsd:sequence>',
    ...indent(elements, 4),
    '  </xsd:sequence>',
    '</xsd:complexType>',
  ];
}

/** What may be null may also be left out: both mean the same. */
function element(name, { type, array = false, nillable = false }) {
  const of = array ? `tns1:ArrayOf_${type.replace(':', '_')}` : type;
  return `<xsd:element ${nillable ? 'minOccurs="0" ' : ''}name="${name}"${nillable ? ' nillable="true"' : ''} type="${of}"/>`;
}

function wrapperSchema(service, namespace) {
  return [
    `<xsd:schema targetNamespace="${namespace}" elementFormDefault="qualified">`,
    `  <xsd:import namespace="${namespace}:types"/>`,
    ...indent(
      service.operations.flatMap(({ name, inputs, returns }) => [
        ...wrapper(
          name,
          inputs.map((input) => element(input.name, input)),
        ),
        ...wrapper(`${name}Response`, returns === null ? [] : [returnElement(name, returns)]),
      ]),
      2,
    ),
    '</xsd:schema>',
  ];
}

function wrapper(name, elements) {
  const content =
    elements.length === 0
      ? ['    <xsd:sequence/>']
      : ['    <xsd:sequence>', ...indent(elements, 6), '    </xsd:sequence>'];
  return [`<xsd:element name="${name}">`, '  <xsd:complexType>', ...content, '  </xsd:complexType>', '</xsd:element>'];
}

/** A list is the return element again and again. Texts and beans may be null; numbers and enumerations never are. */
function returnElement(operation, { type, array }) {
  const name = `${operation}Return`;
  if (array) return `<xsd:element minOccurs="0" maxOccurs="unbounded" name="${name}" type="${type}"/>`;
  return `<xsd:element name="${name}"${type === 'xsd:string' ? ' nillable="true"' : ''} type="${type}"/>`;
}

function messagesOf({ name }) {
  return [`${name}Request`, `${name}Response`].flatMap((message, at) => [
    `<wsdl:message name="${message}">`,
    `  <wsdl:part element="impl:${name}${at === 0 ? '' : 'Response'}" name="parameters"/>`,
    '</wsdl:message>',
  ]);
}

function faultMessage(fault) {
  return [`<wsdl:message name="${fault}">`, `  <wsdl:part element="tns1:${fault}" name="fault"/>`, '</wsdl:message>'];
}

function portType(name, { operations }) {
  return [
    `<wsdl:portType name="${name}">`,
    ...operations.flatMap((operation) => [
      `  <wsdl:operation name="${operation.name}">`,
      `    <wsdl:documentation>${escapeXml(operation.effect)}</wsdl:documentation>`,
      `    <wsdl:input message="impl:${operation.name}Request" name="${operation.name}Request"/>`,
      `    <wsdl:output message="impl:${operation.name}Response" name="${operation.name}Response"/>`,
      ...operation.faults.map((fault) => `    <wsdl:fault message="impl:${fault}" name="${fault}"/>`),
      '  </wsdl:operation>',
    ]),
    '</wsdl:portType>',
  ];
}

function binding(bindingName, soap, name, { operations }) {
  return [
    `<wsdl:binding name="${bindingName}" type="impl:${name}">`,
    `  <${soap}:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>`,
    ...operations.flatMap((operation) => [
      `  <wsdl:operation name="${operation.name}">`,
      `    <${soap}:operation soapAction="" style="document"/>`,
      `    <wsdl:input name="${operation.name}Request">`,
      `      <${soap}:body use="literal"/>`,
      '    </wsdl:input>',
      `    <wsdl:output name="${operation.name}Response">`,
      `      <${soap}:body use="literal"/>`,
      '    </wsdl:output>',
      ...operation.faults.flatMap((fault) => [
        `    <wsdl:fault name="${fault}">`,
        `      <${soap}:fault name="${fault}" use="literal"/>`,
        '    </wsdl:fault>',
      ]),
      '  </wsdl:operation>',
    ]),
    '</wsdl:binding>',
  ];
}

function port(name, bindingName, soap, path) {
  return [
    `    <wsdl:port binding="impl:${bindingName}" name="${name}">`,
    `      <${soap}:address location="http://localhost${path}"/>`,
    '    </wsdl:port>',
  ];
}

function present(file) {
  try {
    return readFileSync(new URL(file, folder), 'utf8');
  } catch {
    return undefined;
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const different = Object.entries(generate()).filter(([file, text]) => present(file) !== text);
  if (process.argv.includes('--check')) {
    for (const [file] of different) console.error(`wsdl/prm/${file} differs from its contract: npm run contracts`);
    process.exitCode = different.length === 0 ? 0 : 1;
  } else {
    for (const [file, text] of different) writeFileSync(new URL(file, folder), text);
    console.log(`${different.length} of ${Object.keys(generate()).length} WSDLs written to wsdl/prm`);
  }
}
