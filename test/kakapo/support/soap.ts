import { defaultLimits, parseXml, type XmlElement } from '../../../src/adapters/soap/kit/index.js';

export const namespace = 'http://kakaposystems.com';
export const envelopes = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
} as const;

export interface Login {
  readonly loginUserName: string;
  readonly loginPassword: string;
}

/** Parameters of an operation; null and undefined are left out. */
export type Parameters = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface SoapOptions {
  /** null: no login in the message. */
  readonly login?: Login | null;
  readonly version?: keyof typeof envelopes;
  /** Where the request says it comes from. */
  readonly address?: string;
  readonly url?: string;
}

export interface Outcome {
  readonly status: number;
  readonly text: string;
  /** undefined: no answer of an operation (a fault, a page). */
  readonly success: boolean | undefined;
  readonly errorMessage: string | undefined;
  /** The text of the fault; '' when there is none. */
  readonly fault: string;
  /** Of the answer's list, each with its fields as texts. */
  readonly items: readonly Readonly<Record<string, string>>[];
}

export type SoapCall = (operation: string, parameters?: Parameters) => Promise<Outcome>;

/** A provisioning system that writes its messages by hand. */
export function createSoapCaller(base: string, options: SoapOptions = {}): SoapCall {
  const { login = null, version = '1.1', address, url = base } = options;
  return async (operation, parameters = {}) => {
    const action = `${namespace}/${operation}`;
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        ...(version === '1.1'
          ? { 'content-type': 'text/xml; charset=utf-8', soapaction: `"${action}"` }
          : { 'content-type': `application/soap+xml; charset=utf-8; action="${action}"` }),
        ...(address !== undefined && { 'x-test-address': address }),
      },
      body: soapMessage(operation, { ...login, ...parameters }, version),
    });
    return readOutcome(response.status, await response.text());
  };
}

export function soapMessage(
  operation: string,
  parameters: Parameters,
  version: keyof typeof envelopes = '1.1',
  uri = namespace,
): string {
  const fields = Object.entries(parameters).map(([name, value]) =>
    value === null || value === undefined ? '' : `<${name}>${escapeXml(String(value))}</${name}>`,
  );
  return (
    `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="${envelopes[version]}"><soap:Body>` +
    `<${operation} xmlns="${uri}">${fields.join('')}</${operation}></soap:Body></soap:Envelope>`
  );
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** What an answer says, of SOAP or of a form. */
export function readOutcome(status: number, text: string): Outcome {
  const nothing = { status, text, success: undefined, errorMessage: undefined, fault: '', items: [] };
  if (!text.startsWith('<?xml')) return nothing;
  const root = parseXml(text, defaultLimits);
  const fault = find(root, 'faultstring') ?? find(root, 'Text');
  if (fault !== undefined) return { ...nothing, fault: fault.text };
  const success = find(root, 'success');
  if (success === undefined) return nothing;
  const siblings = success.parent!.children;
  const list = siblings.find(({ local }) => local !== 'success' && local !== 'errorMessage');
  return {
    ...nothing,
    success: success.text === 'true',
    errorMessage: siblings.find(({ local }) => local === 'errorMessage')?.text,
    items: (list?.children ?? []).map((item) => Object.fromEntries(item.children.map((c) => [c.local, c.text]))),
  };
}

function find(element: XmlElement, local: string): XmlElement | undefined {
  if (element.local === local) return element;
  for (const child of element.children) {
    const found = find(child, local);
    if (found !== undefined) return found;
  }
  return undefined;
}
