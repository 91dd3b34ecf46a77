import type { Passwords } from '../../identity/index.js';
import type { Lookups } from '../../repositories.js';
import type { Actor } from '../../shared/actor.js';
import { DomainError } from '../../shared/errors.js';

/**
 * Does the calling account know its own password? Answers the credential version it was verified at, for `changeOwnPassword`.
 * Errors: forbidden (the caller is no service account), authentication_failed, busy.
 */
export async function verifyOwnPassword(
  ports: { readonly lookups: Pick<Lookups, 'serviceAccounts'>; readonly passwords: Pick<Passwords, 'verify'> },
  actor: Actor,
  password: string,
): Promise<number> {
  if (actor.kind !== 'serviceAccount') throw new DomainError('forbidden', { right: 'change the password' });
  const account = await ports.lookups.serviceAccounts.find(actor.serviceAccountId);
  const right = await ports.passwords.verify(account?.passwordHash ?? null, password);
  if (account === undefined || !right) throw new DomainError('authentication_failed');
  return account.credentialVersion;
}
