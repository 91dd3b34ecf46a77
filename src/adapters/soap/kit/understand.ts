import type { EndpointState } from './contract.js';
import { elementKey } from './dispatch.js';
import { mustUnderstand, type SoapMessage } from './envelope.js';
import { faultTexts, SoapFault } from './faults.js';
import { envelopeUri, wsseUri } from './namespaces.js';
import { isUnderstoodSecurity } from './security-header.js';

/** The fault for the first header block that must be understood and is not. @throws SoapFault at once for a Security block */
export function notUnderstood<Context, Caller>(
  { understood, signatures }: EndpointState<Context, Caller>,
  message: SoapMessage,
): SoapFault | null {
  for (const block of message.headers) {
    if (!mustUnderstand(block, envelopeUri[message.version])) continue;
    const isSecurity = block.uri === wsseUri && block.local === 'Security';
    const fault = new SoapFault('MustUnderstand', faultTexts.notUnderstood(block.local));
    // a signature nobody checks is no reason to act first and complain later
    if (isSecurity && !isUnderstoodSecurity(block, signatures !== null)) throw fault;
    if (!isSecurity && !understood.has(elementKey(block))) return fault;
  }
  return null;
}
