import { actorId } from '../shared/actor.js';
import type { Instant } from '../shared/clock.js';
import { DomainError, invalid } from '../shared/errors.js';
import { checkInstant, checkOptionalText, checkProse, checkText } from '../shared/text.js';
import type { Tx } from '../shared/unit-of-work.js';
import { type AlarmSeverity, type AlarmType, alarmSeverities, alarmTypeOf } from './catalogue.js';
import type { Alarm } from './model.js';
import { longestInfo } from './tidy.js';

/** One alarm as a gateway reports it. */
export interface ReportedAlarm {
  /** The gateway's own id of it, unique for its source; '' or absent when it has none. */
  readonly externalId?: string;
  /** A type of the catalogue that is for gateways. */
  readonly typeNumber: number;
  /** Absent: the type's. */
  readonly severity?: AlarmSeverity;
  /** The gateway's module and address. */
  readonly source: string;
  /** Absent: `clearedAt`, or else now. */
  readonly occurredAt?: Instant;
  /** When it was over; absent while it goes on. */
  readonly clearedAt?: Instant;
  readonly info: string;
  readonly additionalInfo?: string;
  /** Whom it concerns. */
  readonly tenantId?: string;
}

/** What a report says of the alarm to be made of it. */
export type CheckedAlarm = Pick<
  Alarm,
  | 'externalId'
  | 'typeNumber'
  | 'severity'
  | 'source'
  | 'occurredAt'
  | 'clearedAt'
  | 'clearedBy'
  | 'info'
  | 'additionalInfo'
  | 'tenantId'
>;

/** Throws `invalid_value` (the field begins with `at`) and `unknown_reference` (a type that is not for gateways). */
export function checkReport(tx: Tx, alarm: ReportedAlarm, at: string): CheckedAlarm {
  const type = gatewayType(alarm.typeNumber);
  const clearedAt = alarm.clearedAt === undefined ? null : checkInstant(`${at}.clearedAt`, alarm.clearedAt);
  const occurredAt =
    alarm.occurredAt === undefined ? (clearedAt ?? tx.now) : checkInstant(`${at}.occurredAt`, alarm.occurredAt);
  checkOrder(`${at}.clearedAt`, occurredAt, clearedAt);
  return {
    externalId: checkOptionalText(`${at}.externalId`, alarm.externalId ?? '') || null,
    typeNumber: type.number,
    severity: checkSeverity(`${at}.severity`, alarm.severity ?? type.severity),
    source: checkText(`${at}.source`, alarm.source),
    occurredAt,
    clearedAt,
    clearedBy: clearedAt === null ? '' : actorId(tx.actor),
    info: checkProse(`${at}.info`, alarm.info, longestInfo),
    additionalInfo: checkProse(`${at}.additionalInfo`, alarm.additionalInfo ?? '', longestInfo),
    tenantId: alarm.tenantId ?? '',
  };
}

export function checkOrder(field: string, occurredAt: Instant, clearedAt: Instant | null): void {
  if (clearedAt !== null && clearedAt < occurredAt) throw invalid(field, 'must not be before it occurred');
}

/** What the hub itself finds out is not for others to say. */
function gatewayType(number: number): AlarmType {
  const type = alarmTypeOf(number);
  if (type?.module === 'gateway') return type;
  throw new DomainError('unknown_reference', { kind: 'alarmType', key: String(number) });
}

function checkSeverity(field: string, severity: AlarmSeverity): AlarmSeverity {
  if (!alarmSeverities.includes(severity)) throw invalid(field, `must be one of ${alarmSeverities.join(', ')}`);
  return severity;
}
