import { kindOfId } from '../shared/ids.js';
import type { Match } from '../shared/repository.js';
import { alarmCatalogue } from './catalogue.js';
import type { Alarm, AlarmCondition } from './model.js';
import type { AlarmRepositories } from './ports.js';

/** What all alarms of a condition have in common. */
export function columnsOf({ type, channelId = '', objectId = '', subject = '' }: AlarmCondition) {
  return {
    typeNumber: alarmCatalogue[type].number,
    channelId,
    objectKind: kindOfId(objectId) ?? '',
    objectId,
    subject,
  } satisfies Match<Alarm>;
}

/** The open alarm of the condition, locked until the unit ends. */
export async function lockOpenAlarm(tx: AlarmRepositories, condition: AlarmCondition): Promise<Alarm | undefined> {
  const { objectKind: _, ...key } = columnsOf(condition);
  const found = await tx.alarms.findOne({ ...key, openKey: '0' });
  const locked = found && (await tx.alarms.lock(found.id));
  // cleared between the two looks
  return locked?.openKey === '0' ? locked : undefined;
}
