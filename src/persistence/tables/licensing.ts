import type { License, LicensePool, PoolChange } from '../../core/licensing/index.js';
import { ascii, bool, id, instant, int, named, nullable } from './columns.js';
import { defineTable } from './define-table.js';

export const licensePools = defineTable<LicensePool>(
  'license_pools',
  {
    id: id(),
    version: int(),
    createdAt: instant(),
    tenantId: id(),
    applicationId: id(),
    licenseTypeId: id(),
    instanceId: id(),
    parentPoolId: id(),
    quantity: int(),
    used: int(),
    oversell: bool(),
  },
  {
    unique: [['tenantId', 'applicationId', 'licenseTypeId', 'instanceId']],
    indexes: [['instanceId'], ['parentPoolId'], ['applicationId']],
    journal: { kind: 'licensePool', tenantId: (row) => row.tenantId },
  },
);

export const licenses = defineTable<License>(
  'licenses',
  {
    id: id(),
    version: int(),
    poolId: id(),
    userId: id(),
    tenantId: id(),
    applicationId: id(),
    licenseTypeId: id(),
    instanceId: id(),
    assignedAt: instant(),
    releasedAt: nullable(instant()),
    liveKey: ascii(30),
  },
  {
    unique: [['poolId', 'userId', 'instanceId', 'liveKey']],
    indexes: [['userId', 'applicationId'], ['instanceId', 'liveKey'], ['tenantId'], ['applicationId']],
    journal: { kind: 'license', tenantId: (row) => row.tenantId },
  },
);

export const poolChanges = defineTable<PoolChange>(
  'pool_changes',
  { id: id(), version: int(), poolId: id(), at: named('changed_at', instant()), quantity: int() },
  { indexes: [['poolId', 'at']] },
);
