import type { AnswerContract, OperationContract } from '../../contract/index.js';
import { element, type Markup, printMarkup, xmlDeclaration } from '../markup.js';
import { escapeHtml } from './html.js';
import type { Place } from './layout.js';

/** A binding with a request and an answer, as HTML. */
export interface Sample {
  readonly binding: string;
  readonly request: string;
  readonly response: string;
}

/** Around what is to be replaced in a sample and around names of parameters; characters that no contract has. */
const [value, key, end] = ['\ue000', '\ue001', '\ue002'] as const;
const placeholder = (text: string): string => `${value}${text}${end}`;

/** One message of each binding that is on, with placeholders for the values. */
export function samplesOf(place: Place, operation: OperationContract): readonly Sample[] {
  const url = new URL(place.address);
  const path = url.pathname;
  const host = `Host: ${url.host}`;
  const length = `Content-Length: ${placeholder('length')}`;
  const form = operation.parameters.map(({ name }) => `${key}${name}${end}=${placeholder('string')}`).join('&');
  const answer = [
    'HTTP/1.1 200 OK',
    'Content-Type: text/xml; charset=utf-8',
    length,
    '',
    document(element(operation.answer.type, { xmlns: place.namespace }, answerOf(operation.answer))),
  ];
  return [
    soapSample(place, operation, '1.1', [`POST ${path} HTTP/1.1`, host], length),
    soapSample(place, operation, '1.2', [`POST ${path} HTTP/1.1`, host], length),
    ...(place.getBinding ? [sample('HTTP GET', [`GET ${path}/${operation.name}?${form} HTTP/1.1`, host], answer)] : []),
    sample(
      'HTTP POST',
      [
        `POST ${path}/${operation.name} HTTP/1.1`,
        host,
        'Content-Type: application/x-www-form-urlencoded',
        length,
        '',
        form,
      ],
      answer,
    ),
  ];
}

function sample(binding: string, request: readonly string[], response: readonly string[]): Sample {
  return { binding, request: highlighted(request), response: highlighted(response) };
}

function highlighted(lines: readonly string[]): string {
  return escapeHtml(lines.join('\n'))
    .replaceAll(value, '<font class="value">')
    .replaceAll(key, '<font class="key">')
    .replaceAll(end, '</font>');
}

const versions = {
  '1.1': { prefix: 'soap', uri: 'http://schemas.xmlsoap.org/soap/envelope/', type: 'text/xml' },
  '1.2': { prefix: 'soap12', uri: 'http://www.w3.org/2003/05/soap-envelope', type: 'application/soap+xml' },
} as const;

function soapSample(
  { namespace }: Place,
  operation: OperationContract,
  version: keyof typeof versions,
  head: readonly string[],
  length: string,
): Sample {
  const { type } = versions[version];
  const { name, parameters, answer } = operation;
  const headers = [`Content-Type: ${type}; charset=utf-8`, length];
  const action = `SOAPAction: "${namespace}${namespace.endsWith('/') ? '' : '/'}${name}"`;
  const request = element(
    name,
    { xmlns: namespace },
    parameters.map((parameter) => element(parameter.name, {}, placeholder(parameter.type))),
  );
  const response = element(`${name}Response`, { xmlns: namespace }, [element(`${name}Result`, {}, answerOf(answer))]);
  return sample(
    `SOAP ${version}`,
    [...head, ...headers, ...(version === '1.1' ? [action] : []), '', enveloped(version, request)],
    ['HTTP/1.1 200 OK', ...headers, '', enveloped(version, response)],
  );
}

function enveloped(version: keyof typeof versions, content: Markup): string {
  const { prefix, uri } = versions[version];
  const namespaces = {
    'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
    'xmlns:xsd': 'http://www.w3.org/2001/XMLSchema',
    [`xmlns:${prefix}`]: uri,
  };
  return document(element(`${prefix}:Envelope`, namespaces, [element(`${prefix}:Body`, {}, [content])]));
}

function document(root: Markup): string {
  return `${xmlDeclaration}\n${printMarkup(root, '\n')}`;
}

/** A list is shown with two items. */
function answerOf({ list }: AnswerContract): readonly Markup[] {
  const common = [element('success', {}, placeholder('boolean')), element('errorMessage', {}, placeholder('string'))];
  if (list === undefined) return common;
  const item = element(
    list.item,
    {},
    list.fields.map(({ name, type }) => element(name, {}, placeholder(type))),
  );
  return [...common, element(list.name, {}, [item, item])];
}
