import { checkConditions } from '../../../src/adapters/rest/maestrano/saml/verify/conditions.js';
import { type Reason, Refused } from '../../../src/adapters/rest/maestrano/saml/verify/refused.js';
import type { SecondReader } from '../../../src/adapters/rest/maestrano/saml/verify/second-reading.js';
import {
  type BelievedResponse,
  type Trust,
  verifyResponse,
} from '../../../src/adapters/rest/maestrano/saml/verify/verify-response.js';
import { makeIdentity } from './identities.js';
import { consumeUrl, now, provider } from './responses.js';

export const idp = makeIdentity('idp');
export const stranger = makeIdentity('idp');

export const trust: Trust = { certificate: idp.certificate, fingerprint: '', allowSha1: false };

/** The whole judgment but for what is stored: verification, then conditions. */
export async function judge(
  xml: string,
  { read, at = now, ...trusting }: Partial<Trust> & { readonly read?: SecondReader; readonly at?: string } = {},
): Promise<BelievedResponse> {
  const believed = await verifyResponse(xml, { ...trust, ...trusting }, ...(read === undefined ? [] : [read]));
  checkConditions(believed, { consumeUrl, apiId: 'app-1', provider, now: at });
  return believed;
}

export async function reasonFor(xml: string, options: Parameters<typeof judge>[1] = {}): Promise<Reason | 'believed'> {
  try {
    await judge(xml, options);
    return 'believed';
  } catch (error) {
    if (error instanceof Refused) return error.reason;
    throw error;
  }
}
