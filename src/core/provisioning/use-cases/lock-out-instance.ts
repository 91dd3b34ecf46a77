import { clearTrafficLocked } from '../../alarms/index.js';
import type { Unit } from '../../repositories.js';
import { requireEverywhere } from '../../shared/actor.js';
import { checkNotTerminated, checkVersion, found } from '../../shared/checks.js';
import { stateOf } from '../../shared/lifecycle.js';
import { checkMove, transitions } from '../../shared/transitions.js';
import { requireOperator } from '../../tenancy/index.js';
import type { Instance } from '../model.js';
import { endAccess } from './end-access.js';
import { emitObject } from './lock-object.js';
import { writeTrafficPassword } from './traffic-credential.js';

/**
 * Too many failed traffic logins (the gateway check decides when): LOCKED, with an update that waits kept. In states that carry no
 * traffic nothing changes. Whoever uses it loses access too. Only the hub itself does this. Errors: forbidden, not_found.
 */
export async function lockOutInstance(tx: Unit, input: { readonly id: string }): Promise<Instance> {
  requireEverywhere(tx.actor, 'admin');
  const before = found('instance', await tx.instances.lock(input.id));
  if (transitions.lock[stateOf(before)] === undefined) return before;
  const after = await tx.instances.save(before, { locked: true });
  await endAccess(tx, { kind: 'instance', row: after }, 'instance locked');
  emitObject(tx, 'locked', { kind: 'instance', row: after });
  return after;
}

export interface UnlockInstanceInput {
  readonly id: string;
  readonly expectedVersion?: number | null;
  /** argon2id of a new traffic password; absent = the old one stays. */
  readonly passwordHash?: string;
}

/**
 * The operator lets a locked instance go on, as what it was before: ACTIVE, or UPDATE_PENDING with its data. Failed logins are
 * counted anew.
 * Errors: not_found, forbidden, terminated, version_conflict, wrong_state (not locked).
 */
export async function unlockInstance(tx: Unit, input: UnlockInstanceInput): Promise<Instance> {
  const before = found('instance', await tx.instances.lock(input.id));
  await requireOperator(tx, 'write', 'instance', before);
  checkNotTerminated('instance', before);
  checkVersion('instance', before, input.expectedVersion);
  checkMove('instance', before, 'unlock');
  const after = await tx.instances.save(before, { locked: false });
  await tx.trafficFailures.clear(after.id);
  await clearTrafficLocked(tx, after);
  if (input.passwordHash !== undefined) await writeTrafficPassword(tx, after, input.passwordHash);
  emitObject(tx, 'unlocked', { kind: 'instance', row: after });
  return after;
}
