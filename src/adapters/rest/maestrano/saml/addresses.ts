import type { Connection } from '../connection.js';

/** Where the identity provider posts its response. */
export function consumeUrl({ sso }: Connection): string {
  return `${sso.idm}${sso.consumePath}`;
}

/** Where a browser goes to be vouched for. */
export function providerUrl({ api, sso }: Connection): string {
  return `${sso.idp}${api.base}auth/saml`;
}

/** Where somebody goes who is not let in, whatever the reason (spec Maestrano 1.4). */
export function unauthorizedUrl({ api }: Connection): string {
  return `${api.host}/app_access_unauthorized?err=internal`;
}
