import { constantTimeEqual, randomToken } from '../../../platform/secrets.js';
import { type CookieNames, setCookie } from '../cookies.js';
import type { SsoPorts } from '../ports.js';
import type { PageRequest } from './exchange.js';

export interface Csrf {
  /** The value for a page's forms, and the cookie that goes with it when the browser has none. */
  issue(request: PageRequest): { csrf: string; cookies: string[] };
  /** Did this form come from a page of ours in this very browser? Also guards against being signed in as somebody else. */
  holds(request: PageRequest): boolean;
}

export function createCsrf(ports: Pick<SsoPorts, 'keyring' | 'publicUrl'>, names: CookieNames): Csrf {
  const tokenOf = (cookie: string): string => ports.keyring.hmac('sso-csrf', cookie).toString('base64url');
  const shape = /^[A-Za-z0-9_-]{43}$/;

  return {
    issue({ cookies }) {
      const known = cookies.get(names.csrf);
      if (known !== undefined && shape.test(known)) return { csrf: tokenOf(known), cookies: [] };
      const fresh = randomToken();
      return { csrf: tokenOf(fresh), cookies: [setCookie(names, names.csrf, fresh)] };
    },
    holds({ cookies, form, raw }) {
      const site = raw.headers['sec-fetch-site'];
      if (site !== undefined && site !== 'same-origin') return false;
      // "null" is what browsers send for our own forms, because the pages say no-referrer
      const { origin } = raw.headers;
      if (origin !== undefined && origin !== 'null' && origin !== ports.publicUrl) return false;
      const cookie = cookies.get(names.csrf);
      return cookie !== undefined && shape.test(cookie) && constantTimeEqual(form.get('csrf') ?? '', tokenOf(cookie));
    },
  };
}
