import type { Application, LicenseType, Plan } from '../../core/catalog/index.js';
import { added, ascii, id, instant, int, json, money, named, nullable, text } from './columns.js';
import { defineTable } from './define-table.js';
import { lifecycle } from './lifecycle.js';

export const applications = defineTable<Application>(
  'applications',
  {
    id: id(),
    version: int(),
    createdAt: instant(),
    ownerTenantId: id(),
    key: named('natural_key', text()),
    name: text(),
    description: text(2_000),
    accessUrl: text(2_000),
    loginUrl: text(2_000),
    logoutUrl: text(2_000),
    channelId: added(id(), ''),
    properties: added(json(), '[]'),
    operatorReference: added(text(), ''),
    serviceLevelGroupId: added(id(), ''),
    liveKey: ascii(30),
    ...lifecycle,
  },
  {
    unique: [['ownerTenantId', 'key', 'liveKey']],
    indexes: [['key'], ['createdAt'], ['name'], ['channelId'], ['serviceLevelGroupId']],
    journal: { kind: 'application', tenantId: (row) => row.ownerTenantId },
  },
);

export const licenseTypes = defineTable<LicenseType>(
  'license_types',
  {
    id: id(),
    version: int(),
    createdAt: instant(),
    applicationId: id(),
    code: text(),
    name: text(),
    position: int(),
  },
  { unique: [['applicationId', 'code']], journal: { kind: 'licenseType', tenantId: () => '' } },
);

export const plans = defineTable<Plan>(
  'plans',
  {
    id: id(),
    version: int(),
    createdAt: instant(),
    applicationId: id(),
    key: named('natural_key', text()),
    name: text(),
    priceMinor: money(),
    currency: ascii(3),
    interval: named('interval_unit', ascii(8)),
    trialDays: int(),
    seats: ascii(16),
    retiredAt: nullable(instant()),
  },
  { unique: [['applicationId', 'key']], journal: { kind: 'plan', tenantId: () => '' } },
);
