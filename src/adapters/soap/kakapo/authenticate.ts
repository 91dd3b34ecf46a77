import type { MarketplacePorts } from '../../marketplace.js';
import type { KakapoActor } from './context.js';

/** What of a request the log-in of its caller depends on. */
export interface LoginRequest {
  /** The caller's, behind trusted proxies, canonical. */
  readonly address: string;
  readonly requestId: string;
}

/**
 * Who calls: the interface user's name and password are the first parameters of every operation (docs/protocols/kakapo.md). Both
 * are there and not blank: a missing one is the operation's own refusal, and locks nobody. Errors: authentication_failed,
 * account_locked { byThisAttempt }, busy.
 */
export function createAuthentication(ports: Pick<MarketplacePorts, 'authenticateInterfaceUser'>, channelId: string) {
  return (loginUserName: string, loginPassword: string, { address, requestId }: LoginRequest): Promise<KakapoActor> =>
    ports.authenticateInterfaceUser({
      channelId,
      username: loginUserName,
      password: loginPassword,
      address,
      command: { name: 'kakapo.login', requestId },
    });
}
