import { inflateRawSync } from 'node:zlib';

export interface SamlRequest {
  readonly id: string;
  readonly acsUrl: string;
  readonly issuer: string;
}

const mostBytes = 64 * 1_024;

/**
 * Reads an authentication request as the public identity provider does: with regular expressions, so that attributes in another
 * order, other prefixes or line breaks are noticed here as they would be there (spec Maestrano 1.4). Undefined = unreadable.
 */
export function readSamlRequest(encoded: string): SamlRequest | undefined {
  const xml = inflate(encoded);
  const id = /ID=['"](.+?)['"]/.exec(xml)?.[1];
  const acsUrl = /AssertionConsumerServiceURL=['"](.+?)['"]/.exec(xml)?.[1];
  const issuer = /<saml:Issuer[^>]*>(.+?)<\/saml:Issuer>/.exec(xml)?.[1];
  return id === undefined || acsUrl === undefined || issuer === undefined ? undefined : { id, acsUrl, issuer };
}

function inflate(encoded: string): string {
  try {
    return inflateRawSync(Buffer.from(encoded, 'base64'), { maxOutputLength: mostBytes }).toString('utf8');
  } catch {
    return '';
  }
}
