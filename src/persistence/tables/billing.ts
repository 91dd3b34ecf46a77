import type { ActiveSpan, Charge, ScheduledCommand, Subscription } from '../../core/billing/index.js';
import { ascii, bool, id, instant, int, json, money, named, nullable, text } from './columns.js';
import { defineTable } from './define-table.js';

export const subscriptions = defineTable<Subscription>(
  'subscriptions',
  {
    id: id(),
    version: int(),
    createdAt: instant(),
    tenantId: id(),
    applicationId: id(),
    instanceId: id(),
    planId: id(),
    channelId: id(),
    status: ascii(16),
    startedAt: instant(),
    trialEndsAt: nullable(instant()),
    endsAt: nullable(instant()),
    endedAt: nullable(instant()),
    priceMinor: money(),
    currency: ascii(3),
    interval: named('interval_unit', ascii(8)),
    seats: ascii(16),
  },
  {
    indexes: [['tenantId', 'applicationId'], ['instanceId'], ['channelId'], ['status']],
    journal: { kind: 'subscription', tenantId: (row) => row.tenantId },
  },
);

export const activeSpans = defineTable<ActiveSpan>(
  'active_spans',
  {
    id: id(),
    version: int(),
    objectKind: ascii(16),
    objectId: id(),
    startedAt: instant(),
    endedAt: nullable(instant()),
    openKey: ascii(30),
  },
  { unique: [['objectId', 'openKey']], indexes: [['objectId', 'startedAt']] },
);

export const scheduledCommands = defineTable<ScheduledCommand>(
  'scheduled_commands',
  {
    id: id(),
    version: int(),
    createdAt: instant(),
    command: ascii(32),
    objectId: id(),
    channelId: id(),
    requestId: text(),
    requestedBy: text(300),
    input: json(),
    dueAt: instant(),
    doneAt: nullable(instant()),
    failure: text(),
  },
  {
    indexes: [['doneAt', 'dueAt'], ['objectId']],
    journal: { kind: 'scheduledCommand', tenantId: () => '' },
  },
);

export const charges = defineTable<Charge>(
  'charges',
  {
    id: id(),
    version: int(),
    createdAt: instant(),
    kind: ascii(16),
    status: ascii(16),
    tenantId: id(),
    subscriptionId: id(),
    instanceId: id(),
    channelId: id(),
    description: text(500),
    priceMinor: money(),
    units: ascii(13),
    currency: ascii(3),
    offsetMinor: money(),
    periodStartsAt: nullable(instant()),
    periodEndsAt: nullable(instant()),
    thirdParty: bool(),
    interval: nullable(named('interval_unit', ascii(8))),
    startsAt: nullable(instant()),
    seats: nullable(int()),
    canceledAt: nullable(instant()),
    cancelDueAt: nullable(instant()),
    externalId: text(255),
    attemptedAt: nullable(instant()),
    leaseOwner: ascii(36),
    leasedUntil: nullable(instant()),
    failure: text(500),
  },
  {
    indexes: [['tenantId', 'createdAt'], ['subscriptionId', 'kind'], ['instanceId'], ['channelId'], ['status']],
    journal: { kind: 'charge', tenantId: (row) => row.tenantId },
  },
);
