import type { ChannelTask } from '../../../../core/marketplace/index.js';
import type { Unit } from '../../../../core/repositories.js';
import { minute, shift } from '../../../../core/shared/clock.js';
import { findGroup, inUnit, type SharingPorts } from './group.js';
import { findSynchronization, takes } from './synchronization.js';
import { type Incoming, takeOver } from './take-over.js';

export const notificationTask = 'notification';

/** Records of one task. */
const chunk = 100;
/** After that a record no longer waits for others it names. The last try is half an hour after the first. */
const mostTries = 5;

/** Queues records to be taken over, in the unit that answers for them. */
export async function queueRecords(
  tx: Unit,
  place: { readonly channelId: string; readonly instanceId: string },
  incoming: readonly Incoming[],
  tries = 0,
): Promise<void> {
  for (let from = 0; from < incoming.length; from += chunk) {
    await tx.channelTasks.add({
      channelId: place.channelId,
      kind: notificationTask,
      subjectId: place.instanceId,
      data: { records: incoming.slice(from, from + chunk), tries },
      ...(tries > 0 && { dueAt: shift(tx.now, minute * 2 ** (tries - 1)) }),
    });
  }
}

/** Takes over what a notification told. Of a group that has ended or shares nothing now, nothing is. */
export async function workNotification(ports: SharingPorts, task: ChannelTask): Promise<void> {
  const { records, tries } = task.data as unknown as { records: readonly Incoming[]; tries: number };
  const group = await findGroup(ports, task.subjectId);
  if (group === undefined || !takes(await findSynchronization(ports.lookups, group))) return;
  const known = records.filter(({ collection }) => group.collections.has(collection));
  const { left } = await takeOver(ports, group, known, tries >= mostTries);
  const place = { channelId: group.channel.id, instanceId: group.instance.id };
  await inUnit(ports, group, 'notified', async (tx) => {
    await queueRecords(tx, place, left, tries + 1);
    await tx.channelTasks.finish(task.id);
  });
}
