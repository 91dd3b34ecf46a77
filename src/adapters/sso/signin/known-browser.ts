import { constantTimeEqual, randomToken } from '../../../platform/secrets.js';
import { type CookieNames, setCookie } from '../cookies.js';
import type { SsoPorts } from '../ports.js';
import type { PageRequest } from './exchange.js';

/**
 * A browser in which somebody once signed in with this name. Its failures count for itself alone, so whoever fills the counters
 * of a name from elsewhere does not keep its owner out; the cookie signs nobody in.
 */
export interface KnownBrowsers {
  /** The browser's own id when it is known for the name; ''. */
  find(request: PageRequest, accountKey: string): string;
  remember(request: PageRequest, accountKey: string): string;
}

const life = 180 * 24 * 3_600;
const shape = /^([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{43})$/;

export function createKnownBrowsers({ keyring }: Pick<SsoPorts, 'keyring'>, names: CookieNames): KnownBrowsers {
  const seal = (id: string, accountKey: string): string =>
    keyring.hmac('sso-known-browser', `${id}\n${accountKey}`).toString('base64url');

  function find({ cookies }: PageRequest, accountKey: string): string {
    const [, id, mac] = shape.exec(cookies.get(names.known) ?? '') ?? [];
    return id !== undefined && mac !== undefined && constantTimeEqual(mac, seal(id, accountKey)) ? id : '';
  }

  return {
    find,
    remember(request, accountKey) {
      const id = find(request, accountKey) || randomToken();
      return setCookie(names, names.known, `${id}.${seal(id, accountKey)}`, life);
    },
  };
}
