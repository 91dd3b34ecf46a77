import type { Passwords, Throttles } from '../../identity/index.js';
import type { Lookups } from '../../repositories.js';
import type { Actor } from '../../shared/actor.js';
import { DomainError } from '../../shared/errors.js';
import { countAccountFailure } from './account-throttle.js';

export interface VerifyOwnPasswordPorts {
  readonly lookups: Pick<Lookups, 'serviceAccounts'>;
  readonly passwords: Pick<Passwords, 'verify'>;
  readonly throttles: Throttles;
}

/**
 * Does the calling account know its own password? Answers the credential version it was verified at, for `changeOwnPassword`. A
 * wrong one counts like a failed sign-in from that address, so that whoever took over a session cannot guess here.
 * Errors: forbidden (the caller is no service account), authentication_failed, busy.
 */
export async function verifyOwnPassword(
  { lookups, passwords, throttles }: VerifyOwnPasswordPorts,
  actor: Actor,
  password: string,
  address: string,
): Promise<number> {
  if (actor.kind !== 'serviceAccount') throw new DomainError('forbidden', { right: 'change the password' });
  const { channelId, username } = actor;
  const account = await lookups.serviceAccounts.find(actor.serviceAccountId);
  const right = await passwords.verify(account?.passwordHash ?? null, password);
  if (account === undefined || !right) {
    await countAccountFailure(throttles, { channelId, address, username });
    throw new DomainError('authentication_failed');
  }
  return account.credentialVersion;
}
