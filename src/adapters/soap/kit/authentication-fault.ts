import { SoapFault } from './faults.js';
import type { AuthenticationFailed } from './security-header.js';

/** HTTP Basic, or nothing shown: 401 with a challenge. UsernameToken: 500. The same text for every reason (nec.md 4.9). */
export function authenticationFault(failure: Pick<AuthenticationFailed, 'kind'>, realm = 'mercator'): SoapFault {
  const detail = { element: 'authenticationFailed' };
  if (failure.kind !== 'basic' && failure.kind !== 'none')
    return new SoapFault('Client', 'Authentication failed', { detail });
  return new SoapFault('Client', 'Authentication failed', {
    detail,
    status: 401,
    headers: { 'WWW-Authenticate': `Basic realm="${realm.replace(/["\\]/g, '')}", charset="UTF-8"` },
  });
}
