import type { Unit } from '../../repositories.js';
import { checkNotTerminated, found } from '../../shared/checks.js';
import { DomainError } from '../../shared/errors.js';
import type { User } from '../model.js';
import { isSelf, requireOwnWrite } from './guard-operators.js';
import { requestPasswordLink } from './request-password-link.js';
import { passwordAuthority } from './set-password-of.js';

/**
 * Has a set-your-password message sent: to oneself, or to a person over whose password the actor decides. A message on behalf of
 * a tenant may go to the address the tenant knows; an operator's account only ever to a verified one.
 * Errors: not_found, forbidden, terminated, password_not_yours.
 */
export async function sendPasswordLink(
  tx: Unit,
  input: { readonly userId: string; readonly locale?: string },
): Promise<User> {
  const user = found('user', await tx.users.find(input.userId));
  const self = isSelf(tx.actor, user.id);
  if (!self) await checkAuthority(tx, user);
  else requireOwnWrite(tx.actor);
  checkNotTerminated('user', user);
  const [place] =
    self || user.operatorLevel !== null ? [] : await tx.memberships.findMany({ userId: user.id, liveKey: '0' });
  await requestPasswordLink(tx, {
    userId: user.id,
    tenantId: place?.tenantId ?? '',
    instanceId: place?.instanceId ?? '',
    channelId: '',
    locale: input.locale ?? '',
    deliverTo: '',
  });
  tx.note({ objectKind: 'user', objectId: user.id, tenantId: place?.tenantId ?? '' });
  return user;
}

/** As for setting the password itself: whoever gets the message can. */
async function checkAuthority(tx: Unit, user: User): Promise<void> {
  const authority = await passwordAuthority(tx, user);
  if (authority.kind === 'tenants' && user.operatorLevel !== null) throw new DomainError('password_not_yours');
}
