import type { ServiceCredential } from '../../../core/marketplace/index.js';
import type { Actor } from '../../../core/shared/actor.js';
import { DomainError, isDomainError } from '../../../core/shared/errors.js';
import type { MarketplacePorts } from '../../marketplace.js';
import { authenticationFault, type Credentials, SoapFault, type SoapRequest } from '../kit/index.js';

export type NecActor = Extract<Actor, { kind: 'serviceAccount' }>;

/**
 * HTTP Basic or WS-Security UsernameToken (text, digest) against the channel's service accounts (spec NEC 4.9). Every refusal
 * looks the same, a blocked address included. An account bound to one tenant is refused: here a connection speaks for itself.
 */
export function createAuthentication(ports: MarketplacePorts, channelId: string) {
  return async (credentials: Credentials, request: SoapRequest<unknown>): Promise<NecActor> => {
    const inClear = credentials.kind === 'basic' || credentials.kind === 'passwordText';
    if (inClear && !request.secure && request.publicUrl.startsWith('https:')) {
      throw new DomainError('authentication_failed');
    }
    try {
      const actor = await ports.authenticate(channelId, credentialOf(credentials), request.address);
      if (actor.tenantId !== null) throw new DomainError('authentication_failed');
      return actor;
    } catch (error) {
      if (isDomainError(error, 'throttled')) throw authenticationFault(credentials);
      if (isDomainError(error, 'busy'))
        throw new SoapFault('Server', 'The service is busy, retry later', { status: 503 });
      throw error;
    }
  };
}

function credentialOf(credentials: Credentials): ServiceCredential | undefined {
  switch (credentials.kind) {
    case 'none':
    case 'signature': // not switched on in this protocol
      return undefined;
    case 'basic':
    case 'passwordText':
      return { kind: 'text', username: credentials.username, password: credentials.password };
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
