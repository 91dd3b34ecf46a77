import { escapeAttribute, escapeText } from './escape.js';
import { contentTypes, envelopeUri, type SoapVersion, soap11Uri, soap12Uri, xsdUri, xsiUri } from './namespaces.js';

/** What goes back over HTTP. */
export interface SoapAnswer {
  readonly status: number;
  readonly contentType: string | null;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** In SOAP 1.2 Client is written Sender and Server is written Receiver. */
export type FaultCode = 'Client' | 'Server' | 'VersionMismatch' | 'MustUnderstand';

export interface FaultOptions {
  /** The one element in the detail: a global element of the WSDL with its value, or any name for an empty, unqualified one. */
  readonly detail?: { readonly element: string; readonly value?: unknown };
  /** HTTP status; 500 unless given. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A code of another namespace (wsse:FailedAuthentication): the code of a SOAP 1.1 fault, the subcode of a 1.2 one. */
  readonly subcode?: { readonly prefix: string; readonly uri: string; readonly local: string };
}

/** A refusal that reaches the caller as a SOAP fault, text included. Anything else thrown is internal. */
export class SoapFault extends Error {
  constructor(
    readonly code: FaultCode,
    readonly text: string,
    readonly options: FaultOptions = {},
  ) {
    super(text);
    this.name = 'SoapFault';
  }
}

function opening(version: SoapVersion): string {
  const xsi = `xmlns:xsi="${xsiUri}" xmlns:xsd="${xsdUri}"`;
  return `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="${envelopeUri[version]}" ${xsi}>`;
}

const openings: Readonly<Record<SoapVersion, string>> = { '1.1': opening('1.1'), '1.2': opening('1.2') };

/** The envelope exactly as kakapo.md 2.3 has it: one line, prefix soap, declarations soap, xsi, xsd. */
export function envelope(version: SoapVersion, body: string, header = ''): string {
  return `${openings[version]}${header}<soap:Body>${body}</soap:Body></soap:Envelope>`;
}

export function bodyAnswer(version: SoapVersion, body: string): SoapAnswer {
  return { status: 200, contentType: contentTypes[version], body: envelope(version, body) };
}

export function emptyAnswer(status: number, contentType: string | null = null): SoapAnswer {
  return { status, contentType, body: '' };
}

const upgradeHeader =
  `<soap:Header><soap12:Upgrade xmlns:soap12="${soap12Uri}"><soap12:SupportedEnvelope qname="soap:Envelope" />` +
  `<soap12:SupportedEnvelope qname="soap12:Envelope" /></soap12:Upgrade></soap:Header>`;

const codes12: Readonly<Record<FaultCode, string>> = {
  Client: 'soap:Sender',
  Server: 'soap:Receiver',
  VersionMismatch: 'soap:VersionMismatch',
  MustUnderstand: 'soap:MustUnderstand',
};

/** `detail` is ready XML ('' for none). */
export function faultAnswer(version: SoapVersion, fault: SoapFault, detail: string): SoapAnswer {
  const { status = 500, headers, subcode } = fault.options;
  const text = escapeText(fault.text);
  const name = subcode && `${subcode.prefix}:${subcode.local}`;
  const declared = subcode ? ` xmlns:${subcode.prefix}="${escapeAttribute(subcode.uri)}"` : '';
  const body =
    version === '1.1'
      ? `<soap:Fault><faultcode${declared}>${name ?? `soap:${fault.code}`}</faultcode><faultstring>${text}</faultstring>` +
        `${wrap('detail', detail)}</soap:Fault>`
      : `<soap:Fault><soap:Code><soap:Value>${codes12[fault.code]}</soap:Value>${
          name === undefined ? '' : `<soap:Subcode><soap:Value${declared}>${name}</soap:Value></soap:Subcode>`
        }</soap:Code><soap:Reason><soap:Text xml:lang="en">${text}</soap:Text></soap:Reason>${wrap('soap:Detail', detail)}</soap:Fault>`;
  return {
    status,
    contentType: contentTypes[version],
    body: envelope(version, body, fault.code === 'VersionMismatch' ? upgradeHeader : ''),
    ...(headers === undefined ? {} : { headers }),
  };
}

function wrap(name: string, content: string): string {
  return content === '' ? `<${name} />` : `<${name}>${content}</${name}>`;
}

/** The fixed texts of kakapo.md 2.4. What the caller sent is echoed shortened. */
export const faultTexts = {
  unknownAction: (value: string) => `Server did not recognize the value of HTTP Header SOAPAction: ${shorten(value)}.`,
  noAction: 'Unable to handle request without a valid action parameter. Please supply a valid soap action.',
  unknownAction12: (value: string) => `Unable to handle request. The action '${shorten(value)}' was not recognized.`,
  unknownOperation: (sent: string, known: string | undefined) =>
    `The operation is not known to this service${sent === '' ? '' : `: ${shorten(sent)}`}.${known === undefined ? '' : ` It has ${known}.`}`,
  unprocessed: (message: string) => `Server was unable to process request. ---> ${message}`,
  unreadable: (line: number, column: number, reason: string) =>
    `Server was unable to read request. ---> There is an error in XML document (${line}, ${column}). ---> ${reason}`,
  invalidFormat: (reason: string) => `Server was unable to read request. ---> Request format is invalid: ${reason}`,
  missing: (name: 'Envelope' | 'Body') => `Missing required soap:${name} element.`,
  versionMismatch: (uri: string) =>
    `Possible SOAP version mismatch: Envelope namespace ${shorten(uri)} was unexpected. Expecting ${soap11Uri}.`,
  notUnderstood: (name: string) => `SOAP header ${shorten(name)} was not understood.`,
} as const;

function shorten(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}
