import { anyOf } from '../shared/repository.js';
import type { Tx } from '../shared/unit-of-work.js';
import { alarmCatalogue } from './catalogue.js';
import type { Alarm, AlarmCondition } from './model.js';
import type { AlarmRepositories } from './ports.js';
import { clearCondition } from './use-cases/clear-condition.js';
import { raiseAlarm } from './use-cases/raise-alarm.js';

/** What is needed of the instance. */
export interface LockedInstance {
  readonly id: string;
  readonly tenantId: string;
  readonly channelId: string;
}

const conditionOf = ({ id, channelId }: LockedInstance): AlarmCondition => ({
  type: 'traffic_locked',
  channelId,
  objectId: id,
});

/** For the unit that locks an instance after `failures` wrong traffic passwords, told by a gateway at `address` ('' unknown). */
export function alarmTrafficLocked(
  tx: Tx & AlarmRepositories,
  instance: LockedInstance,
  { failures, address }: { readonly failures: number; readonly address: string },
): Promise<Alarm> {
  return raiseAlarm(tx, {
    ...conditionOf(instance),
    tenantId: instance.tenantId,
    info: `locked after ${failures} wrong passwords in a row`,
    additionalInfo: address === '' ? '' : `the last one came through the gateway at ${address}`,
  });
}

/** For the unit that unlocks or ends the instance. */
export function clearTrafficLocked(
  tx: Tx & AlarmRepositories,
  instance: Omit<LockedInstance, 'tenantId'>,
): Promise<Alarm | undefined> {
  return clearCondition(tx, conditionOf({ ...instance, tenantId: '' }));
}

/** The same for many instances that end. */
export async function clearTrafficLocks(
  tx: Tx & AlarmRepositories,
  instances: readonly Omit<LockedInstance, 'tenantId'>[],
): Promise<void> {
  const byId = new Map(instances.map((instance) => [instance.id, instance]));
  const open = await tx.alarms.findAll({
    typeNumber: alarmCatalogue.traffic_locked.number,
    objectId: anyOf([...byId.keys()]),
    openKey: '0',
  });
  for (const { objectId } of open) await clearTrafficLocked(tx, byId.get(objectId)!);
}
