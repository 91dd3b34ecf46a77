import { hashToken, randomToken } from '../../platform/secrets.js';
import type { Launches } from '../marketplace.js';
import { type CookieNames, parseCookies, setCookie } from './cookies.js';
import { findSignedIn } from './hub-session.js';
import { lifetimesOf, type SsoPorts } from './ports.js';
import type { Vouching } from './recheck.js';

/** Long enough for a sign-in at the marketplace on the way, in seconds. */
const launchSeconds = 15 * 60;

/** What marketplaces need of the sign-in pages to bring a person in. */
export function createLaunches(ports: SsoPorts, names: CookieNames, vouching: Vouching): Launches {
  return {
    begin() {
      const cookie = randomToken();
      return { setCookie: setCookie(names, names.launch, cookie, launchSeconds), browserHash: hashToken(cookie) };
    },
    enterUrl: (secret) => `${ports.publicUrl}/sso/launch/enter?${new URLSearchParams({ t: secret })}`,
    linkUrl: (secret) => `${ports.publicUrl}/sso/launch/link?${new URLSearchParams({ t: secret })}`,
    async signedIn(request) {
      const signedIn = await findSignedIn(
        ports.lookups,
        vouching,
        parseCookies(request.headers.cookie).get(names.session),
      );
      return signedIn && { userId: signedIn.user.id, session: signedIn.session };
    },
    sessionMs: lifetimesOf(ports).session * 1_000,
  };
}
