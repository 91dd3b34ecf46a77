import type { IncomingMessage } from 'node:http';

/**
 * Whether a page of somebody else made a browser send this. Such a page needs no right password: a wrong one, from a browser at a
 * listed address, would lock the account it names. Programs say nothing of the kind.
 */
export function isFromOtherSite({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  const site = headers['sec-fetch-site'];
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}
