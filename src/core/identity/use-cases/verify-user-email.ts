import { requireEverywhere } from '../../shared/actor.js';
import { checkNotTerminated, checkVersion, found } from '../../shared/checks.js';
import type { Tx } from '../../shared/unit-of-work.js';
import type { UserEmail } from '../model.js';
import type { IdentityRepositories } from '../ports.js';
import { emitEmailsChanged } from './add-user-email.js';
import { requireRankOver } from './guard-operators.js';

/**
 * An operator vouches that an address is the person's own. Idempotent.
 * Errors: forbidden, not_found, terminated, version_conflict, already_exists (verified by another).
 */
export async function verifyUserEmail(
  tx: Tx & IdentityRepositories,
  input: { readonly id: string; readonly expectedVersion?: number | null },
): Promise<UserEmail> {
  requireEverywhere(tx.actor, 'write');
  const seen = found('userEmail', await tx.userEmails.find(input.id));
  const user = found('user', await tx.users.rely(seen.userId));
  requireRankOver(tx, user);
  checkNotTerminated('user', user);
  const before = found('userEmail', await tx.userEmails.lock(input.id));
  checkVersion('userEmail', before, input.expectedVersion);
  const after = await tx.userEmails.save(before, { verifiedKey: before.emailKey });
  if (after.version !== before.version) emitEmailsChanged(tx, user);
  return after;
}
