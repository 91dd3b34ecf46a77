import type { IncomingMessage } from 'node:http';
import { found, type MaestranoCall, type MaestranoHandler } from '../call.js';
import { consumeUrl, providerUrl } from './addresses.js';
import { authnRequest, encodeRequest, fitsRequest } from './authn-request.js';
import { suspendedPage, unreadyPage } from './page.js';
import { encodeParameters, passedParameters } from './passed-parameters.js';
import { requestIdFor } from './request-id.js';
import { hasKey } from './verify/keys.js';

/**
 * Sends a browser to the identity provider, with a cookie by which it is known again and everything it came with (spec Maestrano
 * 1.4). Writes nothing. 403 while the marketplace is suspended, 503 while it is not known well enough.
 */
export const initHandler: MaestranoHandler = async (call) => {
  const { ports, channel, connection, request, info } = call;
  if (channel.suspendedAt !== null) return suspendedPage(info.requestId);
  if (connection === undefined) return unreadyPage(info.requestId);
  const { x509Certificate: certificate, x509Fingerprint: fingerprint } = connection.sso;
  const address = consumeUrl(connection);
  if (!hasKey({ certificate, fingerprint }) || !fitsRequest(address)) {
    ports.logger.warn({ channel: channel.name, address }, 'a sign-in cannot begin: no key or no usable address');
    return unreadyPage(info.requestId);
  }
  // whoever merely looks ahead must not take the place of a sign-in that is under way
  if (isPrefetch(request)) return { status: 204, headers: { 'cache-control': 'no-store' } };
  const { setCookie, browserHash } = ports.launches.begin();
  const now = ports.clock.now();
  const id = requestIdFor(ports.hmac, channel.id, now, browserHash);
  const xml = authnRequest({ id, issuedAt: now, consumeUrl: address, issuer: connection.api.id });
  const query = encodeParameters([['SAMLRequest', encodeRequest(xml)], ...(await withGroup(call))]);
  return found(`${providerUrl(connection)}?${query}`, [setCookie]);
};

/** What the browser came with; without a group, the one it is signed in to here. */
async function withGroup(call: MaestranoCall): Promise<readonly (readonly [string, string])[]> {
  const { ports, channel, request, query } = call;
  const passed = passedParameters(query);
  if (passed.some(([name, value]) => name === 'group_id' && value !== '')) return passed;
  const session = (await ports.launches.signedIn(request))?.session;
  const group = session?.channelId === channel.id ? session.voucher?.groupUid : undefined;
  const others = passed.filter(([name]) => name !== 'group_id');
  return group === undefined || group === '' ? others : [...others, ['group_id', group]];
}

function isPrefetch({ method, headers }: IncomingMessage): boolean {
  const purposes = [headers['sec-purpose'], headers.purpose, headers['x-moz'], headers['x-purpose']];
  return method === 'HEAD' || purposes.some((value) => /prefetch|prerender|preview/i.test(String(value ?? '')));
}
