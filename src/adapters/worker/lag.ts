import { alarmSeverities } from '../../core/alarms/index.js';
import type { Readers } from '../../core/readers.js';
import { systemActor } from '../../core/shared/actor.js';
import { type Clock, toMilliseconds } from '../../core/shared/clock.js';
import type { Metrics } from '../../platform/metrics.js';

export interface LagPorts {
  readonly readers: Pick<Readers, 'alarms' | 'channelTasks' | 'deliveries' | 'journal' | 'scheduledCommands'>;
  readonly clock: Clock;
  readonly metrics: Pick<Metrics, 'gauge'>;
}

const actor = systemActor('worker');

/** Says how far the worker is behind; call the answer now and then. */
export function createLagGauges({ readers, clock, metrics }: LagPorts): () => Promise<void> {
  const waiting = metrics.gauge('outbox_waiting_deliveries', 'Deliveries not made yet, parked ones included');
  const parked = metrics.gauge('outbox_parked_deliveries', 'Deliveries given up until an operator looks');
  const oldest = metrics.gauge('outbox_lag_seconds', 'Age of the oldest delivery that is due and not made');
  const tasksWaiting = metrics.gauge(
    'channel_tasks_waiting',
    'Work for marketplaces not done yet, parked one included',
  );
  const tasksParked = metrics.gauge('channel_tasks_parked', 'Work for marketplaces given up until an operator looks');
  const unsealed = metrics.gauge('journal_unsealed_entries', 'Journal entries not in the chain yet');
  const overdue = metrics.gauge('scheduled_overdue_commands', 'Scheduled commands that are due and not done');
  const openAlarms = metrics.gauge('alarms_open', 'Alarms that are not cleared', ['severity']);
  return async () => {
    const now = clock.now();
    const open = { deliveredAt: { eq: null } } as const;
    const due = { ...open, nextAttemptAt: { lte: now } };
    waiting.set(await readers.deliveries.count(actor, open));
    parked.set(await readers.deliveries.count(actor, { ...open, parkedAt: { gt: '' } }));
    const first = await readers.deliveries.page(actor, {
      first: 1,
      filter: due,
      orderBy: { field: 'nextAttemptAt', direction: 'ASC' },
    });
    const since = first.nodes[0]?.nextAttemptAt ?? now;
    oldest.set(Math.max(0, toMilliseconds(now) - toMilliseconds(since)) / 1000);
    tasksWaiting.set(await readers.channelTasks.count(actor, {}));
    tasksParked.set(await readers.channelTasks.count(actor, { parkedAt: { gt: '' } }));
    unsealed.set(await readers.journal.count(actor, { sequence: { eq: null } }));
    for (const severity of alarmSeverities) {
      openAlarms.set(
        { severity },
        await readers.alarms.count(actor, { clearedAt: { eq: null }, severity: { eq: severity } }),
      );
    }
    overdue.set(await readers.scheduledCommands.count(actor, { doneAt: { eq: null }, dueAt: { lte: now } }));
  };
}
