import type { Tenant } from '../../core/tenancy/index.js';
import { added, ascii, id, instant, int, json, named, nullable, text } from './columns.js';
import { defineTable } from './define-table.js';
import { lifecycle } from './lifecycle.js';

export const tenants = defineTable<Tenant>(
  'tenants',
  {
    id: id(),
    version: int(),
    createdAt: instant(),
    key: named('natural_key', nullable(text())),
    kind: ascii(16),
    name: text(),
    parentId: id(),
    channelId: id(),
    country: ascii(2),
    timeZone: text(64),
    contact: json(),
    properties: added(json(), '[]'),
    operatorReference: added(text(), ''),
    serviceLevelGroupId: added(id(), ''),
    ...lifecycle,
  },
  {
    unique: [['key']],
    indexes: [['parentId'], ['channelId'], ['createdAt'], ['name'], ['serviceLevelGroupId']],
    journal: { kind: 'tenant', tenantId: (row) => row.id },
  },
);

/** Every tenant with itself (depth 0) and all above it. */
export interface TenantPath {
  readonly ancestorId: string;
  readonly descendantId: string;
  readonly depth: number;
}

export const tenantPaths = defineTable<TenantPath>(
  'tenant_paths',
  { ancestorId: id(), descendantId: id(), depth: int() },
  { primaryKey: ['ancestorId', 'descendantId'], indexes: [['descendantId', 'depth']] },
);
