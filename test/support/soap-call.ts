import { createHash, randomBytes } from 'node:crypto';
import { type Caller, createCaller } from '../nec/support/caller.js';
import { credentials } from './hub-seed.js';

export const necNamespace = 'urn:hub:ncbs:isv:v1';
export const soapNamespaces = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
} as const;
export type SoapVersion = keyof typeof soapNamespaces;

const wsse = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
const wsu = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';
const digestType = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest';

export const necUrl = (base: string, channel: 'carrier' | 'carrier-old' = 'carrier'): string =>
  `${base}/ncbs/${channel}/NcbsIsvService`;

/** The marketplace of one channel, calling one process. */
export function marketplace(base: string, channel: 'carrier' | 'carrier-old' = 'carrier'): Caller {
  return createCaller(necUrl(base, channel), credentials[channel]);
}

export interface SoapReply {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
  /** The text of the first element of that local name. */
  field(name: string): string | undefined;
}

export function soapEnvelope(body: string, { version = '1.1' as SoapVersion, header = '' } = {}): string {
  return (
    `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="${soapNamespaces[version]}">` +
    `${header && `<s:Header>${header}</s:Header>`}<s:Body>${body}</s:Body></s:Envelope>`
  );
}

export function basic({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** A UsernameToken with a digest of its own nonce and time. */
export function digestHeader(
  { username, soapSecret }: { username: string; soapSecret: string } = credentials.digest,
  created = new Date().toISOString(),
): string {
  const nonce = randomBytes(16);
  const digest = createHash('sha1').update(nonce).update(created).update(soapSecret).digest('base64');
  return (
    `<w:Security xmlns:w="${wsse}" xmlns:u="${wsu}"><w:UsernameToken><w:Username>${username}</w:Username>` +
    `<w:Password Type="${digestType}">${digest}</w:Password><w:Nonce>${nonce.toString('base64')}</w:Nonce>` +
    `<u:Created>${created}</u:Created></w:UsernameToken></w:Security>`
  );
}

/** Sends bytes as they are with the carrier's account (or other headers). */
export async function soapSend(
  url: string,
  body: string | Buffer,
  { version = '1.1' as SoapVersion, headers = {} as Record<string, string>, authorize = true } = {},
): Promise<SoapReply> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': version === '1.1' ? 'text/xml; charset=utf-8' : 'application/soap+xml; charset=utf-8',
      ...(authorize && { authorization: basic(credentials.carrier) }),
      ...headers,
    },
    body,
    signal: AbortSignal.timeout(60_000),
  });
  const text = await response.text();
  return {
    status: response.status,
    contentType: response.headers.get('content-type') ?? '',
    text,
    field: (name) => new RegExp(`<(?:\\w+:)?${name}(?:\\s[^>]*)?>([^<]*)<`).exec(text)?.[1],
  };
}
