import type { OperationContract } from '../contract/index.js';
import { element, type Markup, printMarkup, xmlDeclaration } from './markup.js';
import { schemaOf } from './wsdl-schema.js';

export const serviceName = 'ProvisionV3';

export interface WsdlOptions {
  readonly operations: readonly OperationContract[];
  readonly namespace: string;
  /** Where the service is. */
  readonly address: string;
  /** Whether the HTTP GET binding is on: it is not described otherwise. */
  readonly getBinding: boolean;
}

/** The description of the service as ASP.NET writes it (spec Kakapo 2.6). */
export function writeWsdl(options: WsdlOptions): string {
  const { operations, namespace, getBinding } = options;
  const forms = getBinding ? [get, post] : [post];
  const root = element('wsdl:definitions', { ...prefixes(namespace), targetNamespace: namespace }, [
    element('wsdl:types', {}, [schemaOf(operations, namespace)]),
    ...operations.flatMap(soapMessages),
    ...forms.flatMap((form) => operations.flatMap((operation) => formMessages(operation, form))),
    portType('Soap', operations),
    ...forms.map((form) => portType(form.suffix, operations)),
    soapBinding('soap', 'Soap', options),
    soapBinding('soap12', 'Soap12', options),
    ...forms.map((form) => formBinding(form, operations)),
    element('wsdl:service', { name: serviceName }, [
      port('soap', 'Soap', options),
      port('soap12', 'Soap12', options),
      ...forms.map((form) => port('http', form.suffix, options)),
    ]),
  ]);
  return `${xmlDeclaration}\n${printMarkup(root, '\n')}\n`;
}

function prefixes(namespace: string): Readonly<Record<string, string>> {
  return {
    'xmlns:s': 'http://www.w3.org/2001/XMLSchema',
    'xmlns:soap12': 'http://schemas.xmlsoap.org/wsdl/soap12/',
    'xmlns:http': 'http://schemas.xmlsoap.org/wsdl/http/',
    'xmlns:mime': 'http://schemas.xmlsoap.org/wsdl/mime/',
    'xmlns:tns': namespace,
    'xmlns:soap': 'http://schemas.xmlsoap.org/wsdl/soap/',
    'xmlns:tm': 'http://microsoft.com/wsdl/mime/textMatching/',
    'xmlns:soapenc': 'http://schemas.xmlsoap.org/soap/encoding/',
    'xmlns:wsdl': 'http://schemas.xmlsoap.org/wsdl/',
  };
}

interface FormBinding {
  readonly suffix: string;
  readonly verb: string;
  readonly input: Markup;
}

const get: FormBinding = { suffix: 'HttpGet', verb: 'GET', input: element('http:urlEncoded') };
const post: FormBinding = {
  suffix: 'HttpPost',
  verb: 'POST',
  input: element('mime:content', { type: 'application/x-www-form-urlencoded' }),
};

function soapMessages({ name }: OperationContract): readonly Markup[] {
  const message = (direction: string, wrapper: string): Markup =>
    element('wsdl:message', { name: `${name}Soap${direction}` }, [
      element('wsdl:part', { name: 'parameters', element: `tns:${wrapper}` }),
    ]);
  return [message('In', name), message('Out', `${name}Response`)];
}

function formMessages({ name, parameters, answer }: OperationContract, { suffix }: FormBinding): readonly Markup[] {
  const parts = parameters.map((parameter) => element('wsdl:part', { name: parameter.name, type: 's:string' }));
  return [
    element('wsdl:message', { name: `${name}${suffix}In` }, parts),
    element('wsdl:message', { name: `${name}${suffix}Out` }, [
      element('wsdl:part', { name: 'Body', element: `tns:${answer.type}` }),
    ]),
  ];
}

function portType(suffix: string, operations: readonly OperationContract[]): Markup {
  return element(
    'wsdl:portType',
    { name: `${serviceName}${suffix}` },
    operations.map(({ name, description }) =>
      element('wsdl:operation', { name }, [
        element('wsdl:documentation', {}, description),
        element('wsdl:input', { message: `tns:${name}${suffix}In` }),
        element('wsdl:output', { message: `tns:${name}${suffix}Out` }),
      ]),
    ),
  );
}

function soapBinding(prefix: string, suffix: string, { operations, namespace }: WsdlOptions): Markup {
  const body = [element(`${prefix}:body`, { use: 'literal' })];
  const base = namespace.endsWith('/') ? namespace : `${namespace}/`;
  return element('wsdl:binding', { name: `${serviceName}${suffix}`, type: `tns:${serviceName}Soap` }, [
    element(`${prefix}:binding`, { transport: 'http://schemas.xmlsoap.org/soap/http' }),
    ...operations.map(({ name }) =>
      element('wsdl:operation', { name }, [
        element(`${prefix}:operation`, { soapAction: base + name, style: 'document' }),
        element('wsdl:input', {}, body),
        element('wsdl:output', {}, body),
      ]),
    ),
  ]);
}

function formBinding({ suffix, verb, input }: FormBinding, operations: readonly OperationContract[]): Markup {
  return element('wsdl:binding', { name: `${serviceName}${suffix}`, type: `tns:${serviceName}${suffix}` }, [
    element('http:binding', { verb }),
    ...operations.map(({ name }) =>
      element('wsdl:operation', { name }, [
        element('http:operation', { location: `/${name}` }),
        element('wsdl:input', {}, [input]),
        element('wsdl:output', {}, [element('mime:mimeXml', { part: 'Body' })]),
      ]),
    ),
  ]);
}

function port(prefix: string, suffix: string, { address }: WsdlOptions): Markup {
  return element('wsdl:port', { name: `${serviceName}${suffix}`, binding: `tns:${serviceName}${suffix}` }, [
    element(`${prefix}:address`, { location: address }),
  ]);
}
