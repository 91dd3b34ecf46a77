import type { ServiceLevelAgreement, ServiceLevelGroup } from '../../core/servicelevels/index.js';
import { ascii, id, instant, int, json, long, named, nullable, text } from './columns.js';
import { defineTable } from './define-table.js';

export const serviceLevelGroups = defineTable<ServiceLevelGroup>(
  'service_level_groups',
  {
    id: id(),
    version: int(),
    createdAt: instant(),
    channelId: id(),
    memberKind: ascii(16),
    key: named('group_key', text()),
    properties: json(),
    terminatedAt: nullable(instant()),
    liveKey: ascii(30),
  },
  {
    unique: [['channelId', 'memberKind', 'key', 'liveKey']],
    indexes: [['createdAt']],
    journal: { kind: 'serviceLevelGroup', tenantId: () => '' },
  },
);

export const serviceLevelAgreements = defineTable<ServiceLevelAgreement>(
  'service_level_agreements',
  {
    id: id(),
    version: int(),
    createdAt: instant(),
    channelId: id(),
    scope: ascii(16),
    targetId: id(),
    tenantId: id(),
    type: named('agreement_type', text()),
    document: long(),
    terminatedAt: nullable(instant()),
    liveKey: ascii(30),
  },
  {
    unique: [['targetId', 'type', 'liveKey']],
    indexes: [['channelId', 'scope', 'type'], ['tenantId'], ['createdAt']],
    journal: { kind: 'serviceLevelAgreement', tenantId: (row) => row.tenantId },
  },
);
