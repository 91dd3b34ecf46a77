import {
  type AlarmReporter,
  clearEndedAlarms,
  type DeliveryTroubles,
  watchDeliveries,
} from '../../core/alarms/index.js';
import type { Readers } from '../../core/readers.js';
import type { Lookups, Units } from '../../core/repositories.js';
import { systemActor } from '../../core/shared/actor.js';
import type { Ids } from '../../core/shared/ids.js';
import { watchTasks } from './task-alarms.js';

export interface AlarmWatchPorts {
  readonly uow: Units;
  readonly readers: Pick<Readers, 'webhooks' | 'channelTasks'>;
  readonly lookups: Pick<Lookups, 'alarms'>;
  readonly ids: Ids;
  readonly alarms: AlarmReporter;
  readonly troubles: DeliveryTroubles;
}

const actor = systemActor('alarms');
/** In one transaction. */
const batch = 100;

/** Clears alarms whose time is over, and keeps those about deliveries and tasks as these are. Several processes may do it at once. */
export async function watchAlarms(ports: AlarmWatchPorts): Promise<void> {
  const { uow, readers, lookups, ids, alarms, troubles } = ports;
  const command = () => ({ name: 'alarms.clearEnded', requestId: ids.next('request') });
  while ((await uow.run(actor, command(), (tx) => clearEndedAlarms(tx, batch))) === batch) {
    // the next ones
  }
  await watchDeliveries({ uow, lookups, webhooks: readers.webhooks, troubles, alarms, ids });
  await watchTasks({ readers, lookups, alarms });
}
