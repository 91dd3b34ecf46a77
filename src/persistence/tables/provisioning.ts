import type { Approval, Instance, TrafficCredential } from '../../core/provisioning/index.js';
import { added, ascii, id, instant, int, json, named, nullable, secret, text } from './columns.js';
import { defineTable } from './define-table.js';
import { lifecycle } from './lifecycle.js';

export const instances = defineTable<Instance>(
  'instances',
  {
    id: id(),
    version: int(),
    createdAt: instant(),
    key: named('natural_key', nullable(text())),
    tenantId: id(),
    applicationId: id(),
    channelId: id(),
    name: text(),
    accessUrl: text(2_000),
    parameters: json(),
    configuredAt: nullable(instant()),
    description: added(text(2_000), ''),
    properties: added(json(), '[]'),
    operatorReference: added(text(), ''),
    ...lifecycle,
  },
  {
    unique: [['key']],
    indexes: [['tenantId'], ['applicationId'], ['channelId'], ['createdAt'], ['name']],
    journal: { kind: 'instance', tenantId: (row) => row.tenantId },
  },
);

export const approvals = defineTable<Approval>(
  'approvals',
  {
    id: id(),
    version: int(),
    createdAt: instant(),
    kind: ascii(16),
    objectKind: ascii(16),
    objectId: id(),
    tenantId: id(),
    channelId: id(),
    proposed: json(),
    baseVersion: int(),
    status: ascii(16),
    openKey: ascii(30),
    requestedBy: text(300),
    decidedBy: text(300),
    decidedAt: nullable(instant()),
    decisionReason: text(2_000),
  },
  {
    unique: [['openKey']],
    indexes: [['objectId'], ['tenantId'], ['status']],
    journal: { kind: 'approval', tenantId: (row) => row.tenantId },
  },
);

export const trafficCredentials = defineTable<TrafficCredential>(
  'traffic_credentials',
  {
    id: id(),
    version: int(),
    createdAt: instant(),
    instanceId: id(),
    tenantId: id(),
    passwordHash: secret(ascii(500)),
    credentialVersion: int(),
  },
  { unique: [['instanceId']], journal: { kind: 'trafficCredential', tenantId: (row) => row.tenantId } },
);
