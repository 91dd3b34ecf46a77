import { ascii, big, bool, id, instant, int, json, named, nullable, sealed, text } from './columns.js';
import { defineTable } from './define-table.js';

export interface OutboxEventRow {
  readonly id: string;
  readonly at: string;
  readonly type: string;
  readonly aggregateKind: string;
  readonly aggregateId: string;
  /** Version of the aggregate x 100 + place among its events in that unit. */
  readonly aggregateVersion: number;
  readonly tenantId: string;
  readonly payload: unknown;
  /** Given by the relay; null until it took the event up. */
  readonly sequence: number | null;
}

export const outboxEvents = defineTable<OutboxEventRow>(
  'outbox_events',
  {
    id: id(),
    at: instant(),
    type: named('event_type', ascii(100)),
    aggregateKind: ascii(32),
    aggregateId: id(),
    aggregateVersion: big(),
    tenantId: id(),
    payload: json(),
    sequence: nullable(big()),
  },
  { unique: [['aggregateId', 'aggregateVersion'], ['sequence']], indexes: [['at']] },
);

export interface OutboxDeliveryRow {
  readonly id: string;
  readonly subscriber: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly aggregateId: string;
  readonly tenantId: string;
  readonly sequence: number;
  readonly attempts: number;
  readonly nextAttemptAt: string | null;
  readonly deliveredAt: string | null;
  readonly parkedAt: string | null;
  readonly lastError: string;
}

export const outboxDeliveries = defineTable<OutboxDeliveryRow>(
  'outbox_deliveries',
  {
    id: id(),
    subscriber: ascii(100),
    eventId: id(),
    eventType: ascii(100),
    aggregateId: id(),
    tenantId: id(),
    sequence: big(),
    attempts: int(),
    nextAttemptAt: nullable(instant()),
    deliveredAt: nullable(instant()),
    parkedAt: nullable(instant()),
    lastError: text(1_000),
  },
  {
    unique: [['subscriber', 'eventId']],
    indexes: [['subscriber', 'aggregateId', 'sequence'], ['eventId'], ['deliveredAt']],
  },
);

/** One aggregate for one subscriber: what a relay leases. */
export interface OutboxLaneRow {
  readonly subscriber: string;
  readonly aggregateId: string;
  /** When its next delivery may be tried; null when there is none, or a parked event blocks it. */
  readonly dueAt: string | null;
  readonly blocked: boolean;
  readonly leaseOwner: string;
  readonly leasedUntil: string;
}

export const outboxLanes = defineTable<OutboxLaneRow>(
  'outbox_lanes',
  {
    subscriber: ascii(100),
    aggregateId: id(),
    dueAt: nullable(instant()),
    blocked: named('is_blocked', bool()),
    leaseOwner: ascii(64),
    leasedUntil: instant(),
  },
  { primaryKey: ['subscriber', 'aggregateId'], indexes: [['subscriber', 'dueAt']] },
);

export interface CounterRow {
  readonly name: string;
  readonly value: number;
}

export const counters = defineTable<CounterRow>(
  'counters',
  { name: ascii(32), value: named('current_value', big()) },
  { primaryKey: ['name'] },
);

/** A command done once, with its answer. */
export interface InboxRow {
  readonly id: string;
  readonly scope: string;
  readonly key: string;
  readonly contentMac: string;
  readonly answer: string;
  readonly createdAt: string;
  readonly expiresAt: string;
}

export const inbox = defineTable<InboxRow>(
  'inbox',
  {
    id: id(),
    scope: text(100),
    key: named('idempotency_key', text(255)),
    contentMac: ascii(43),
    answer: sealed(),
    createdAt: instant(),
    expiresAt: instant(),
  },
  { unique: [['scope', 'key']], indexes: [['expiresAt']] },
);

/** What commands with the same key take turns at. The rows come with the migration and stay. */
export interface InboxSlotRow {
  readonly slot: number;
}

export const inboxSlots = defineTable<InboxSlotRow>('inbox_slots', { slot: int() }, { primaryKey: ['slot'] });
