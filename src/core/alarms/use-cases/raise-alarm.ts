import type { Instant } from '../../shared/clock.js';
import type { Tx } from '../../shared/unit-of-work.js';
import { alarmCatalogue } from '../catalogue.js';
import { columnsOf, lockOpenAlarm } from '../condition.js';
import { emitAlarm } from '../events.js';
import type { Alarm, RaisedAlarm } from '../model.js';
import type { AlarmRepositories } from '../ports.js';
import { tidy } from '../tidy.js';

/**
 * Tells operators about a condition, in the unit of whatever brought it about. While an alarm of the same condition is open it
 * is counted there (`repeatCount`, `lastAt`, `additionalInfo`) instead of making a new one; an acknowledgment stays. Asks for no
 * right: it is the hub that raises. Units that raise new alarms wait for each other until they end.
 */
export async function raiseAlarm(tx: Tx & AlarmRepositories, alarm: RaisedAlarm): Promise<Alarm> {
  const open = await lockOpenAlarm(tx, alarm);
  if (open !== undefined) return repeat(tx, open, alarm);
  await tx.alarms.takeTurn();
  const meanwhile = await lockOpenAlarm(tx, alarm);
  return meanwhile === undefined ? insert(tx, alarm) : repeat(tx, meanwhile, alarm);
}

async function insert(tx: Tx & AlarmRepositories, alarm: RaisedAlarm): Promise<Alarm> {
  const { severity, module } = alarmCatalogue[alarm.type];
  const raised = await tx.alarms.insert({
    ...columnsOf(alarm),
    id: tx.ids.next('alarm'),
    createdAt: tx.now,
    instanceNumber: await tx.alarms.nextNumbers(1),
    severity,
    source: tx.alarms.server === '' ? module : `${module}@${tx.alarms.server}`,
    occurredAt: tx.now,
    lastAt: tx.now,
    repeatCount: alarm.occurrences ?? 1,
    info: tidy(alarm.info),
    additionalInfo: tidy(alarm.additionalInfo ?? ''),
    tenantId: alarm.tenantId ?? '',
    externalId: null,
    endsAt: alarm.endsAt ?? null,
    acknowledgedAt: null,
    acknowledgedBy: '',
    clearedAt: null,
    clearedBy: '',
    openKey: '0',
  });
  emitAlarm(tx, 'alarm.raised', raised);
  return raised;
}

async function repeat(tx: Tx & AlarmRepositories, open: Alarm, alarm: RaisedAlarm): Promise<Alarm> {
  if (alarm.once === true) return open;
  return tx.alarms.save(open, {
    repeatCount: open.repeatCount + (alarm.occurrences ?? 1),
    lastAt: later(open.lastAt, tx.now),
    additionalInfo: tidy(alarm.additionalInfo ?? ''),
    // what has to be mended by somebody does not end by itself because it happened again
    endsAt: open.endsAt === null || alarm.endsAt === undefined ? null : later(open.endsAt, alarm.endsAt),
  });
}

function later(a: Instant, b: Instant): Instant {
  return a > b ? a : b;
}
