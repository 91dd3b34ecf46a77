import { actorId } from '../../shared/actor.js';
import { checkVersion, found } from '../../shared/checks.js';
import { DomainError } from '../../shared/errors.js';
import type { Tx } from '../../shared/unit-of-work.js';
import type { Alarm } from '../model.js';
import type { AlarmRepositories } from '../ports.js';
import { requireAlarmRight } from '../rights.js';
import { markCleared } from './clear-condition.js';

export interface HandleAlarmInput {
  readonly id: string;
  readonly expectedVersion?: number | null;
}

async function lockAlarm(tx: Tx & AlarmRepositories, input: HandleAlarmInput): Promise<Alarm> {
  const alarm = found('alarm', await tx.alarms.lock(input.id));
  requireAlarmRight(tx.actor, 'write', alarm.channelId);
  checkVersion('alarm', alarm, input.expectedVersion);
  return alarm;
}

/**
 * Somebody has seen the alarm and looks after it; the first one stays named. Level READ_WRITE, for the hub's own alarms of an
 * operator of the hub. Errors: not_found, forbidden, version_conflict.
 */
export async function acknowledgeAlarm(tx: Tx & AlarmRepositories, input: HandleAlarmInput): Promise<Alarm> {
  const alarm = await lockAlarm(tx, input);
  if (alarm.acknowledgedAt !== null) return alarm;
  return tx.alarms.save(alarm, { acknowledgedAt: tx.now, acknowledgedBy: actorId(tx.actor) });
}

/**
 * Somebody says that it is over; a condition of the hub that goes on raises a new alarm when it next happens. Rights as for
 * `acknowledgeAlarm`. Errors: not_found, forbidden, version_conflict, wrong_state (cleared already).
 */
export async function clearAlarm(tx: Tx & AlarmRepositories, input: HandleAlarmInput): Promise<Alarm> {
  const alarm = await lockAlarm(tx, input);
  if (alarm.clearedAt !== null) {
    throw new DomainError('wrong_state', { kind: 'alarm', state: 'CLEARED', command: 'clearAlarm' });
  }
  return markCleared(tx, alarm);
}
