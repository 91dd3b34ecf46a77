import type { Alarm } from '../../core/alarms/index.js';
import { ascii, id, instant, int, money, nullable, text } from './columns.js';
import { defineTable } from './define-table.js';

export const alarms = defineTable<Alarm>(
  'alarms',
  {
    id: id(),
    version: int(),
    createdAt: instant(),
    instanceNumber: money(),
    typeNumber: int(),
    severity: ascii(8),
    source: text(),
    occurredAt: instant(),
    lastAt: instant(),
    repeatCount: int(),
    info: text(2_000),
    additionalInfo: text(2_000),
    channelId: id(),
    tenantId: id(),
    objectKind: ascii(32),
    objectId: id(),
    subject: text(),
    externalId: nullable(text()),
    endsAt: nullable(instant()),
    acknowledgedAt: nullable(instant()),
    acknowledgedBy: text(),
    clearedAt: nullable(instant()),
    clearedBy: text(),
    openKey: ascii(30),
  },
  {
    unique: [
      ['instanceNumber'],
      ['typeNumber', 'channelId', 'objectId', 'subject', 'openKey'],
      ['channelId', 'source', 'externalId'],
    ],
    indexes: [
      // a list by position walks this one alone, under every filter
      ['occurredAt', 'id', 'typeNumber', 'severity', 'channelId'],
      ['openKey', 'endsAt'],
      ['clearedAt', 'severity'],
      ['objectId'],
      ['tenantId'],
    ],
    // the entries are an operator's matter too, whomever the alarm concerns
    journal: { kind: 'alarm', tenantId: () => '' },
  },
);
