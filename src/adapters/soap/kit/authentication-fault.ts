import type { AuthenticationFailed, SecurityFaultCode } from './credentials.js';
import { type FaultOptions, SoapFault } from './faults.js';
import { wsseUri } from './namespaces.js';

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

/** The texts of WS-Security 1.1 section 12: one for a code, whatever the reason. */
const texts: Readonly<Record<SecurityFaultCode, string>> = {
  FailedAuthentication: 'The security token could not be authenticated or authorized',
  InvalidSecurity: 'An error was discovered processing the <wsse:Security> header',
  FailedCheck: 'The signature or decryption was invalid',
  MessageExpired: 'The message has expired',
};

/**
 * A refusal with the code of WS-Security: the faultcode in SOAP 1.1 (wsse:FailedCheck), a subcode of Sender in 1.2. The text is
 * that of the code unless the protocol has its own; the detail (an element of the WSDL with its value) is the protocol's.
 */
export function securityFault(
  failure: Pick<AuthenticationFailed, 'code'>,
  { text = texts[failure.code], ...options }: Omit<FaultOptions, 'subcode'> & { readonly text?: string } = {},
): SoapFault {
  const subcode = { prefix: 'wsse', uri: wsseUri, local: failure.code };
  return new SoapFault('Client', text, { ...options, subcode });
}
