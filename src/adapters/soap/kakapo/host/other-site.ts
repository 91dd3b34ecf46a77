import type { IncomingMessage } from 'node:http';

/**
 * Whether a page of somebody else made a browser send this. Such a page needs no right password: a wrong one, from a browser at a
 * listed address, would lock the account it names. Browsers that do not trust the address say only which page it was; programs say
 * nothing of the kind.
 */
export function isFromOtherSite({ headers }: Pick<IncomingMessage, 'headers'>, publicUrl: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin, host = '' } = headers;
  return origin !== undefined && origin !== new URL(publicUrl).origin && hostOf(origin) !== host.toLowerCase();
}

/**
 * Where a browser that asks for a page reaches this hub: PUBLIC_URL, or the other name of this very machine that it used, because a form
 * sent from there to PUBLIC_URL would come from another site.
 */
export function pageOrigin({ headers }: Pick<IncomingMessage, 'headers'>, publicUrl: string): string {
  const used = `http://${headers.host ?? ''}`;
  const own = URL.canParse(publicUrl) ? new URL(publicUrl) : undefined;
  if (own === undefined || !URL.canParse(used)) return publicUrl;
  const { hostname, port, origin } = new URL(used);
  const sameHub =
    own.protocol === 'http:' && isThisMachine(own.hostname) && isThisMachine(hostname) && port === own.port;
  return sameHub ? origin : publicUrl;
}

function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).host : '';
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname);
}
