import type { Instant } from '../shared/clock.js';
import type { AlarmSeverity, HubAlarmName } from './catalogue.js';

/** Something an operator should see: raised by the hub itself or reported by a gateway. */
export interface Alarm {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Instant;
  /** What outsiders know this alarm by: unique, and higher than that of every alarm there was before. */
  readonly instanceNumber: bigint;
  /** A number of `alarmCatalogue`. */
  readonly typeNumber: number;
  readonly severity: AlarmSeverity;
  /** The part that raised it and the server it runs on: `webhooks@10.0.0.7`; a gateway's own words. */
  readonly source: string;
  readonly occurredAt: Instant;
  /** The last time it happened again while open; `occurredAt` before that. */
  readonly lastAt: Instant;
  /** How often it happened while open, from 1. */
  readonly repeatCount: number;
  readonly info: string;
  /** Of the last time it happened. */
  readonly additionalInfo: string;
  /** '' = the hub's own. */
  readonly channelId: string;
  /** Whom it concerns; '' for nobody in particular. */
  readonly tenantId: string;
  /** '' with `objectId` ''. */
  readonly objectKind: string;
  readonly objectId: string;
  /** Tells conditions of one type on one object apart, such as an address; ''. */
  readonly subject: string;
  /** The gateway's own id of it; unique by (channelId, source, externalId). Null for the hub's own. */
  readonly externalId: string | null;
  /** When the condition ends by itself; null when something has to be done. */
  readonly endsAt: Instant | null;
  readonly acknowledgedAt: Instant | null;
  /** By id; '' before. */
  readonly acknowledgedBy: string;
  readonly clearedAt: Instant | null;
  /** By id; '' before. */
  readonly clearedBy: string;
  /**
   * '0' while a condition of the hub goes on, of which there is one open alarm at most; the alarm's own id once it is cleared,
   * and for what gateways report.
   */
  readonly openKey: string;
}

/** What goes on somewhere: at most one open alarm tells about it. */
export interface AlarmCondition {
  readonly type: HubAlarmName;
  /** '' = the hub's own (default). */
  readonly channelId?: string;
  /** Absent or '' = no object. */
  readonly objectId?: string;
  /** Tells conditions of one type on one object apart; absent or ''. */
  readonly subject?: string;
}

export interface RaisedAlarm extends AlarmCondition {
  /** For people; what no text may contain is replaced, and what is too long is cut. */
  readonly info: string;
  readonly additionalInfo?: string;
  readonly tenantId?: string;
  /** When the condition ends by itself. */
  readonly endsAt?: Instant;
  /** How often it happened since it was last told about; default 1. */
  readonly occurrences?: number;
  /** For what is looked at again and again: while an alarm of the condition is open, nothing is counted. */
  readonly once?: boolean;
}
