import type { Tx } from '../shared/unit-of-work.js';
import { alarmTypeOf } from './catalogue.js';
import type { Alarm } from './model.js';

/**
 * `alarm.raised` or `alarm.cleared`; repeats and acknowledgments tell nobody. Belongs to no tenant, also when the alarm concerns
 * one: alarms are an operator's matter.
 */
export function emitAlarm(tx: Tx, type: 'alarm.raised' | 'alarm.cleared', alarm: Alarm): void {
  const { id, version, instanceNumber, typeNumber, severity, source, channelId, tenantId, objectId } = alarm;
  tx.emit({
    type,
    aggregate: { kind: 'alarm', id, version },
    tenantId: '',
    payload: {
      instanceNumber: instanceNumber.toString(),
      typeNumber,
      typeName: alarmTypeOf(typeNumber)?.name ?? '',
      severity,
      source,
      occurredAt: alarm.occurredAt,
      clearedAt: alarm.clearedAt,
      info: alarm.info,
      channelId,
      tenantId,
      objectId,
    },
  });
}
