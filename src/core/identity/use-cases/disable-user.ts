import type { Unit } from '../../repositories.js';
import { requireEverywhere } from '../../shared/actor.js';
import { checkNotTerminated, checkVersion, found } from '../../shared/checks.js';
import { holdsAfterDisable, holdsAfterEnable } from '../../shared/holding.js';
import type { Tx } from '../../shared/unit-of-work.js';
import type { User } from '../model.js';
import { endSessions } from './end-sessions.js';
import { requireOtherAdministrator, requireRankOver } from './guard-operators.js';

interface Target {
  readonly id: string;
  readonly expectedVersion?: number | null;
}

/**
 * Takes a person out of everything, hub-wide; only operators do that. Idempotent.
 * Errors: not_found, forbidden, terminated, version_conflict, in_use (the last ADMINISTRATOR).
 */
export async function disableUser(tx: Unit, input: Target): Promise<User> {
  const before = await lockUser(tx, input);
  await requireOtherAdministrator(tx, before.id);
  const after = await tx.users.save(before, { holds: holdsAfterDisable(tx, before.holds) });
  await endSessions(tx, { userId: after.id, reason: 'user disabled' });
  if (after.version !== before.version) emitUser(tx, 'user.disabled', after);
  return after;
}

export async function enableUser(tx: Unit, input: Target): Promise<User> {
  const before = await lockUser(tx, input);
  const after = await tx.users.save(before, { holds: holdsAfterEnable(tx, 'user', before.holds) });
  if (after.version !== before.version && after.holds.length === 0) emitUser(tx, 'user.enabled', after);
  return after;
}

async function lockUser(tx: Unit, input: Target): Promise<User> {
  requireEverywhere(tx.actor, 'write');
  const user = found('user', await tx.users.lock(input.id));
  requireRankOver(tx, user);
  checkNotTerminated('user', user);
  checkVersion('user', user, input.expectedVersion);
  return user;
}

function emitUser(tx: Tx, type: string, user: User): void {
  tx.emit({
    type,
    aggregate: { kind: 'user', id: user.id, version: user.version },
    tenantId: '',
    payload: { displayName: user.displayName },
  });
}
