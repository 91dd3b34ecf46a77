import type { ServiceCredential } from '../../../core/marketplace/index.js';
import { DomainError, isDomainError } from '../../../core/shared/errors.js';
import {
  AuthenticationFailed,
  type Credentials,
  SoapFault,
  type SoapRequest,
  type UsernameToken,
} from '../kit/index.js';
import type { PrmActor, PrmContext } from './context.js';
import { faultFor } from './faults.js';
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
      if (credentials.kind === 'signature' && credentials.usernameToken !== null) {
        const named = await ports.authenticate(channel.id, ofToken(credentials.usernameToken), request.address);
        if (named.serviceAccountId !== actor.serviceAccountId) throw foreign(credentials);
      }
      const provider = actor.tenantId !== null;
      if (provider !== (side === 'sp')) throw foreign(credentials);
      // An account of the operator without a level has none, however much its channel manages.
      return provider ? { ...actor, tenantId: actor.tenantId } : { ...actor, tenantId: null, level: actor.level ?? 0 };
    } catch (error) {
      if (isDomainError(error, 'busy'))
        throw new SoapFault('Server', 'The service is busy, retry later', { status: 503 });
      if (isDomainError(error, 'session_ended')) throw faultFor(error, ['CommonException']);
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
    case 'signature': {
      const { certificate, chained, replayKey, replayableUntil } = credentials;
      const { fingerprint256, subject } = certificate;
      return {
        kind: 'certificate',
        fingerprint: fingerprint256,
        subject,
        chained,
        replayKey,
        replayUntil: replayableUntil,
      };
    }
    case 'basic': {
      const { username, password } = credentials;
      return { kind: 'text', username, password };
    }
    default:
      return ofToken(credentials);
  }
}

/** A ticket may stand in the place of the password of its account (docs/protocols/prm.md). */
function ofToken(token: UsernameToken): ServiceCredential {
  const { username } = token;
  if (token.kind === 'passwordText') {
    const { password } = token;
    return looksLikeTicket(password)
      ? { kind: 'ticket', ticket: password, username }
      : { kind: 'text', username, password };
  }
  const { digest, nonce, created } = token;
  return { kind: 'digest', username, digest: digest.toString('base64'), nonce: nonce.toString('base64'), created };
}

function foreign(credentials: Credentials): AuthenticationFailed {
  return new AuthenticationFailed(credentials.kind, 'not the account it must be');
}
