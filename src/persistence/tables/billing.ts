import type { ActiveSpan, ScheduledCommand, Subscription } from '../../core/billing/index.js';
import { ascii, id, instant, int, json, money, named, nullable, text } from './columns.js';
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
