import { createHash, randomBytes } from 'node:crypto';
import { defaultLimits, parseXml, type XmlElement } from '../../../src/adapters/soap/kit/index.js';

const soap11 = 'http://schemas.xmlsoap.org/soap/envelope/';
const wsse = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
const wsu = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';
const profile = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0';

/** A field of a message: text, a bean, several of either, or null for xsi:nil; undefined leaves it out. */
export type Field = string | number | bigint | null | undefined | Bean | readonly (string | Bean)[];
export interface Bean {
  readonly [name: string]: Field;
}

export interface Reply {
  readonly status: number;
  readonly text: string;
  /** Local name of the detail's element: ACCESS_DENIED, CommonException, INVALID_STATE; undefined when it is no fault. */
  readonly fault: string | undefined;
  /** As written: `soap:Client`, `wsse:FailedAuthentication`. */
  readonly faultCode: string | undefined;
  readonly faultText: string | undefined;
  /** The return elements. */
  readonly returns: readonly XmlElement[];
  /** Text of the one return element; undefined when nil or void. */
  readonly value: string | undefined;
  /** Texts of all return elements. */
  readonly values: readonly string[];
}

export interface Credential {
  readonly username: string;
  readonly password: string;
}

export type Call = (service: string, operation: string, input?: Bean) => Promise<Reply>;

/** A CRM/PRM application: it writes its messages by hand, wrapped document/literal, and a UsernameToken when it has one. */
export function createCaller(base: string, header: string | (() => string) = ''): Call {
  return (service, operation, input = {}) =>
    post(
      `${base}${pathOf(service)}`,
      message(service, operation, input, typeof header === 'string' ? header : header()),
    );
}

export function pathOf(service: string): string {
  return `/prm_${service.startsWith('Sp') ? 'sp' : 'op'}/services/${service}`;
}

export function message(service: string, operation: string, input: Bean, header = ''): string {
  const fields = Object.entries(input).map(([name, value]) => field('m', name, value));
  return (
    `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="${soap11}">${header && `<s:Header>${header}</s:Header>`}<s:Body>` +
    `<m:${operation} xmlns:m="urn:prm:4.0:${service}" xmlns:t="urn:prm:4.0:${service}:types" ` +
    `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">${fields.join('')}</m:${operation}></s:Body></s:Envelope>`
  );
}

function field(prefix: string, name: string, value: Field): string {
  if (value === undefined) return '';
  if (value === null) return `<${prefix}:${name} xsi:nil="true"/>`;
  if (Array.isArray(value)) {
    return `<${prefix}:${name}>${value.map((item: string | Bean) => field('t', 'item', item)).join('')}</${prefix}:${name}>`;
  }
  if (typeof value === 'object') {
    const parts = Object.entries(value as Bean).map(([inner, content]) => field('t', inner, content));
    return `<${prefix}:${name}>${parts.join('')}</${prefix}:${name}>`;
  }
  return `<${prefix}:${name}>${escapeXml(String(value))}</${prefix}:${name}>`;
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

export function passwordText({ username, password }: Credential): string {
  return (
    `<w:Security xmlns:w="${wsse}"><w:UsernameToken><w:Username>${escapeXml(username)}</w:Username>` +
    `<w:Password Type="${profile}#PasswordText">${escapeXml(password)}</w:Password></w:UsernameToken></w:Security>`
  );
}

/** With a nonce and time of its own unless given. */
export function passwordDigest(
  { username, password }: Credential,
  created = new Date().toISOString(),
  nonce = randomBytes(16),
): string {
  const digest = createHash('sha1').update(nonce).update(created).update(password).digest('base64');
  return (
    `<w:Security xmlns:w="${wsse}" xmlns:u="${wsu}"><w:UsernameToken><w:Username>${escapeXml(username)}</w:Username>` +
    `<w:Password Type="${profile}#PasswordDigest">${digest}</w:Password><w:Nonce>${nonce.toString('base64')}</w:Nonce>` +
    `<u:Created>${created}</u:Created></w:UsernameToken></w:Security>`
  );
}

export async function post(url: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: '""', ...headers },
    body,
  });
  return readReply(response.status, await response.text());
}

export function readReply(status: number, text: string): Reply {
  const nothing = {
    fault: undefined,
    faultCode: undefined,
    faultText: undefined,
    returns: [],
    value: undefined,
    values: [],
  };
  if (text === '') return { status, text, ...nothing };
  const body = parseXml(text, defaultLimits).children.find(({ local }) => local === 'Body')!;
  const content = body.children[0]!;
  if (content.local === 'Fault') {
    const part = (local: string): XmlElement | undefined => content.children.find((child) => child.local === local);
    return {
      ...nothing,
      status,
      text,
      fault: part('detail')?.children[0]?.local ?? '(none)',
      faultCode: part('faultcode')?.text,
      faultText: part('faultstring')?.text,
    };
  }
  const returns = content.children;
  const isNil = (element: XmlElement): boolean =>
    element.attributes.some(({ local, value }) => local === 'nil' && value === 'true');
  const [only] = returns;
  return {
    ...nothing,
    status,
    text,
    returns,
    value: only === undefined || isNil(only) ? undefined : only.text,
    values: returns.map((element) => element.text),
  };
}
