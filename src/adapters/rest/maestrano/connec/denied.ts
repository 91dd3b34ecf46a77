import { isConnecFailure } from './failure.js';
import type { SharingGroup, SharingPorts } from './group.js';

const conditionOf = ({ channel }: SharingGroup) =>
  ({ type: 'marketplace_denies', channelId: channel.id, subject: 'connec' }) as const;

/** Tells the operator when Connec! does not take our credentials. */
export async function tellIfDenied({ alarms }: SharingPorts, group: SharingGroup, error: unknown): Promise<void> {
  if (!isConnecFailure(error, 'denied')) return;
  await alarms.raise({
    ...conditionOf(group),
    info: 'Connec! does not take the credentials of the channel',
    additionalInfo: error.message,
    once: true,
  });
}

/** Our credentials were taken. */
export async function clearDenied({ alarms }: SharingPorts, group: SharingGroup): Promise<void> {
  await alarms.clear(conditionOf(group));
}
