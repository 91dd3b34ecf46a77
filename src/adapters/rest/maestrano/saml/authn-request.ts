import { deflateRawSync } from 'node:zlib';
import type { Instant } from '../../../../core/shared/clock.js';
import { persistent, postBinding, saml, samlp } from './verify/names.js';
import { escapeAttribute } from './verify/xml-tree.js';

export interface AuthnRequest {
  readonly id: string;
  readonly issuedAt: Instant;
  readonly consumeUrl: string;
  /** The `api.id`. */
  readonly issuer: string;
}

/**
 * The request for the identity provider, as its code wants it, which reads with regular expressions: one line, nothing that ends in
 * `ID` before the id, the prefix `saml:` and no reference in the address (spec Maestrano 1.4, hard constraint).
 */
export function authnRequest({ id, issuedAt, consumeUrl, issuer }: AuthnRequest): string {
  return (
    `<samlp:AuthnRequest xmlns:samlp="${samlp}" ID="${id}" Version="2.0" ` +
    `IssueInstant="${issuedAt.replace(/\.\d+Z$/, 'Z')}" ProtocolBinding="${postBinding}" ` +
    `AssertionConsumerServiceURL="${consumeUrl}">` +
    `<saml:Issuer xmlns:saml="${saml}">${escapeAttribute(issuer)}</saml:Issuer>` +
    `<samlp:NameIDPolicy AllowCreate="true" Format="${persistent}"/></samlp:AuthnRequest>`
  );
}

/** Whether an address can stand in a request as it is. */
export function fitsRequest(address: string): boolean {
  return URL.canParse(address) && !/[&<>"'\s]/.test(address);
}

/** As the redirect binding wants it: raw DEFLATE, then base64. */
export function encodeRequest(xml: string): string {
  return deflateRawSync(Buffer.from(xml)).toString('base64');
}
