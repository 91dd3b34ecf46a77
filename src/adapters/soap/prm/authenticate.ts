import type { ServiceCredential } from '../../../core/marketplace/index.js';
import { DomainError, isDomainError } from '../../../core/shared/errors.js';
import { AuthenticationFailed, type Credentials, SoapFault, type SoapRequest } from '../kit/index.js';
import type { PrmActor, PrmContext } from './context.js';
import { looksLikeTicket, readLoginTicket } from './login-ticket.js';

export type Side = 'sp' | 'op';

/**
 * Who calls a service of one side: UsernameToken (text or digest), a signature, HTTP Basic, or a login ticket. A provider's account
 * calls the SP services only, the operator's accounts the Op services only. Every refusal looks the same.
 */
export function createAuthentication(
  { ports, channel }: PrmContext,
  side: Side,
  isOpen: (operation: string) => boolean,
) {
  return async (credentials: Credentials, request: SoapRequest<unknown>): Promise<PrmActor> => {
    const open = isOpen(request.operation);
    const credential = credentialOf(credentials, request);
    const inClear = open || credential?.kind === 'text' || credential?.kind === 'ticket';
    if (inClear && !request.secure && request.publicUrl.startsWith('https:')) {
      throw new AuthenticationFailed(credentials.kind, 'a password in clear over an open line');
    }
    if (open) return { kind: 'anonymous' };
    try {
      const actor = await ports.authenticate(channel.id, credential, request.address);
      const provider = actor.tenantId !== null;
      if (provider !== (side === 'sp'))
        throw new AuthenticationFailed(credentials.kind, 'an account of the other side');
      // An account of the operator without a level has none, however much its channel manages.
      return provider ? { ...actor, tenantId: actor.tenantId } : { ...actor, tenantId: null, level: actor.level ?? 0 };
    } catch (error) {
      if (isDomainError(error, 'busy'))
        throw new SoapFault('Server', 'The service is busy, retry later', { status: 503 });
      if (isDomainError(error, 'throttled')) throw new DomainError('authentication_failed', {}, { cause: error });
      throw error;
    }
  };
}

function credentialOf(credentials: Credentials, request: SoapRequest<unknown>): ServiceCredential | undefined {
  switch (credentials.kind) {
    case 'none': {
      const ticket = readLoginTicket(request.message);
      return ticket === undefined ? undefined : { kind: 'ticket', ticket };
    }
    case 'basic':
    case 'passwordText': {
      const { username, password } = credentials;
      if (looksLikeTicket(password)) return { kind: 'ticket', ticket: password, username };
      return { kind: 'text', username, password };
    }
    case 'passwordDigest':
      return {
        kind: 'digest',
        username: credentials.username,
        digest: credentials.digest.toString('base64'),
        nonce: credentials.nonce.toString('base64'),
        created: credentials.created,
      };
  }
}
