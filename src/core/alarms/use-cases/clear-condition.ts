import { actorId } from '../../shared/actor.js';
import type { Tx } from '../../shared/unit-of-work.js';
import { lockOpenAlarm } from '../condition.js';
import { emitAlarm } from '../events.js';
import type { Alarm, AlarmCondition } from '../model.js';
import type { AlarmRepositories } from '../ports.js';

/** Clears the open alarm of a condition that has ended, in the unit of whatever ended it. Undefined when none is open. */
export async function clearCondition(
  tx: Tx & AlarmRepositories,
  condition: AlarmCondition,
): Promise<Alarm | undefined> {
  const open = await lockOpenAlarm(tx, condition);
  return open === undefined ? undefined : markCleared(tx, open);
}

/** Takes up to `limit` alarms whose condition has ended by itself and clears them; returns how many. */
export async function clearEndedAlarms(tx: Tx & AlarmRepositories, limit: number): Promise<number> {
  const ended = await tx.alarms.claimEnded(tx.now, limit);
  for (const alarm of ended) await markCleared(tx, alarm);
  return ended.length;
}

/** The alarm must be locked and open. */
export async function markCleared(tx: Tx & AlarmRepositories, alarm: Alarm, at = tx.now): Promise<Alarm> {
  const cleared = await tx.alarms.save(alarm, {
    clearedAt: at,
    clearedBy: actorId(tx.actor),
    openKey: alarm.id,
  });
  emitAlarm(tx, 'alarm.cleared', cleared);
  return cleared;
}
