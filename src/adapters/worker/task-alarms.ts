import { type AlarmCondition, type AlarmReporter, alarmCatalogue } from '../../core/alarms/index.js';
import type { ChannelTaskView, Readers } from '../../core/readers.js';
import type { Lookups } from '../../core/repositories.js';
import { systemActor } from '../../core/shared/actor.js';

export interface TaskAlarmPorts {
  readonly readers: Pick<Readers, 'channelTasks'>;
  readonly lookups: Pick<Lookups, 'alarms'>;
  readonly alarms: AlarmReporter;
}

const actor = systemActor('alarms');
/** Looked at in one round: more than that are one alarm or two all the same. */
const most = 200;

function conditionOf({ channelId, kind }: Pick<ChannelTaskView, 'channelId' | 'kind'>): AlarmCondition {
  return { type: 'channel_task_parked', channelId, objectId: channelId, subject: kind };
}

/** Keeps the alarms about parked tasks as the tasks are, one for each kind of a channel. Several processes may do it at once. */
export async function watchTasks({ readers, lookups, alarms }: TaskAlarmPorts): Promise<void> {
  const { nodes } = await readers.channelTasks.page(actor, { first: most, filter: { parkedAt: { gt: '' } } });
  const goingOn = new Set<string>();
  for (const task of nodes) {
    const key = `${task.channelId} ${task.kind}`;
    if (goingOn.has(key)) continue;
    goingOn.add(key);
    await alarms.raise({
      ...conditionOf(task),
      once: true,
      info: `tasks of the kind "${task.kind}" were given up after several tries`,
      additionalInfo: task.lastError,
    });
  }
  const { number } = alarmCatalogue.channel_task_parked;
  for (const { channelId, subject } of await lookups.alarms.findMany({ typeNumber: number, openKey: '0' })) {
    if (!goingOn.has(`${channelId} ${subject}`)) await alarms.clear(conditionOf({ channelId, kind: subject }));
  }
}
