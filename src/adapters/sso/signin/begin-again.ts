import { unvouched } from '../../../core/provisioning/index.js';
import { hashToken } from '../../../platform/secrets.js';
import type { SignInContext } from './context.js';
import { webAddress } from './destination.js';
import type { PageRequest } from './exchange.js';

/**
 * Where a browser begins again whose session ended because the marketplace stopped vouching for it: at the marketplace, to the same
 * group (spec Maestrano 1.4); '' for every other browser. The caller forgets the cookie, so that nobody is led in a circle.
 */
export async function beginAgain({ ports, names }: SignInContext, { cookies }: PageRequest): Promise<string> {
  const cookie = cookies.get(names.session) ?? '';
  if (cookie === '' || cookie.length > 200 || !ports.vouchers) return '';
  const [ended] = await ports.lookups.sessions.findMany({ cookieHash: hashToken(cookie), state: 'ENDED' }, 1);
  if (ended?.endReason !== unvouched) return '';
  try {
    return webAddress(await ports.vouchers.beginUrl(ended));
  } catch (err) {
    ports.logger.warn({ err, sessionId: ended.id }, 'a sign-in cannot be begun again at its marketplace');
    return '';
  }
}
