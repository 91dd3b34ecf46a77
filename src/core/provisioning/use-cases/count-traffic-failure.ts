import { alarmTrafficLocked } from '../../alarms/index.js';
import type { Unit } from '../../repositories.js';
import { requireEverywhere } from '../../shared/actor.js';
import { stateOf } from '../../shared/lifecycle.js';
import { transitions } from '../../shared/transitions.js';
import { lockOutInstance } from './lock-out-instance.js';

/** Wrong passwords in a row, through gateways, that lock an instance (docs/design.md 10.10). */
export const trafficFailureLimit = 5;

/**
 * A gateway heard a wrong password for an instance: the fifth in a row locks it, with an alarm. In states that carry no traffic
 * nothing is counted. Counting and locking are one unit, so of failures at the same time exactly one locks. Errors: forbidden.
 */
export async function countTrafficFailure(tx: Unit, { instanceId }: { readonly instanceId: string }): Promise<void> {
  requireEverywhere(tx.actor, 'admin');
  const instance = await tx.instances.lock(instanceId);
  if (instance === undefined || transitions.lock[stateOf(instance)] === undefined) return;
  const failures = await tx.trafficFailures.add(instance.id);
  if (failures < trafficFailureLimit) return;
  const locked = await lockOutInstance(tx, { id: instance.id });
  await alarmTrafficLocked(tx, locked, { failures, address: tx.command.address ?? '' });
}
