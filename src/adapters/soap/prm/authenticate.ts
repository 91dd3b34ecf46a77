import type { ProvenAccount, ServiceCredential } from '../../../core/marketplace/index.js';
import { DomainError, isDomainError } from '../../../core/shared/errors.js';
import type { MarketplacePorts } from '../../marketplace.js';
import {
  AuthenticationFailed,
  type Credentials,
  SoapFault,
  type SoapRequest,
  type UsernameToken,
} from '../kit/index.js';
import type { PrmActor, PrmContext } from './context.js';
import type { OperationContract } from './contract.js';
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
  operationOf: (name: string) => OperationContract,
) {
  return async (credentials: Credentials, request: SoapRequest<unknown>): Promise<PrmActor> => {
    const operation = operationOf(request.operation);
    const credential = credentialOf(credentials, request);
    const inClear = operation.takesSecrets || showsSecret(credentials, credential);
    if (inClear && !request.secure && request.publicUrl.startsWith('https:')) {
      throw new AuthenticationFailed(credentials.kind, 'a secret in clear over an open line');
    }
    if (operation.anonymous) return { kind: 'anonymous' };
    const prove = (shown: ServiceCredential | undefined) =>
      proveAccount(ports, side, channel.id, shown, request.address);
    try {
      const actor = await prove(credential);
      if (credentials.kind === 'signature' && credentials.usernameToken !== null) {
        const named = await prove(ofToken(credentials.usernameToken));
        if (named.serviceAccountId !== actor.serviceAccountId) {
          throw new AuthenticationFailed(credentials.kind, 'certificate and token are of two accounts');
        }
      }
      return actorFor(actor);
    } catch (error) {
      if (isDomainError(error, 'busy'))
        throw new SoapFault('Server', 'The service is busy, retry later', { status: 503 });
      if (isDomainError(error, 'session_ended')) throw faultFor(error, ['CommonException']);
      if (isDomainError(error, 'throttled')) throw new DomainError('authentication_failed', {}, { cause: error });
      throw error;
    }
  };
}

/** The account behind a credential, if it is one of this side. Errors: as of `authenticate`. */
export async function proveAccount(
  ports: Pick<MarketplacePorts, 'authenticate'>,
  side: Side,
  channelId: string,
  credential: ServiceCredential | undefined,
  address: string,
): Promise<ProvenAccount> {
  const account = await ports.authenticate(channelId, credential, address);
  if ((account.tenantId !== null) !== (side === 'sp')) throw new DomainError('authentication_failed');
  return account;
}

/** An account of the operator without a level has none, however much its channel manages. */
export function actorFor(account: ProvenAccount): Exclude<PrmActor, { kind: 'anonymous' }> {
  const { tenantId } = account;
  return tenantId === null ? { ...account, tenantId, level: account.level ?? 0 } : { ...account, tenantId };
}

/** Whether whoever reads the message can use what it shows as its own. */
function showsSecret(credentials: Credentials, credential: ServiceCredential | undefined): boolean {
  const token = credentials.kind === 'signature' ? credentials.usernameToken : credentials;
  return token?.kind === 'passwordText' || token?.kind === 'basic' || credential?.kind === 'ticket';
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
