import type { ChannelTask } from '../../../../core/marketplace/index.js';
import type { MarketplacePorts, Subscriber } from '../../../marketplace.js';
import type { MaestranoHandler } from '../call.js';
import { importTask } from './begin-run.js';
import { createControl, type SharingControl } from './control.js';
import { workImport } from './import-task.js';
import { notificationTask, workNotification } from './notification-task.js';
import { notificationsHandler } from './notifications.js';
import { createSharingSubscriber } from './subscriber.js';

export type { SharingControl, SharingStatus } from './control.js';

/** Data sharing through Connec! (spec Maestrano 1.8), for every channel of the protocol. */
export interface Sharing extends SharingControl {
  readonly subscribers: readonly Subscriber[];
  /** Kinds of the channel's tasks that `work` carries out. */
  readonly taskKinds: readonly string[];
  /** Carries out one of them. Throws when it must be tried again. */
  work(task: ChannelTask): Promise<void>;
  /** For who has proven to be the marketplace; the body is read within its limit. */
  readonly notifications: MaestranoHandler;
}

export function createSharing(ports: MarketplacePorts): Sharing {
  return {
    ...createControl(ports),
    subscribers: [createSharingSubscriber(ports)],
    taskKinds: [importTask, notificationTask],
    work: (task) => (task.kind === importTask ? workImport(ports, task) : workNotification(ports, task)),
    notifications: notificationsHandler,
  };
}
