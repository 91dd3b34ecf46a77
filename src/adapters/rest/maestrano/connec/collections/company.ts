import { updateTenant } from '../../../../../core/tenancy/index.js';
import { pickPaths, renderPaths } from './built-in.js';
import type { SharedCollection } from './collection.js';
import { companyPaths, tenantChange, tenantFields } from './tenant-fields.js';

/** The one company of a group is the group's tenant: it is there before anything is shared. */
export const company: SharedCollection = {
  name: 'company',
  direction: 'both',
  singular: true,
  pick: (entity) => pickPaths(entity, companyPaths),
  render: renderPaths,
  async toConnec(tx, { tenant: { id: own } }, id) {
    const tenant = id === own ? await tx.tenants.find(id) : undefined;
    if (tenant === undefined || tenant.terminatedAt !== null) return undefined;
    return { ownId: id, fields: new Map([...tenantFields(tenant), ['timezone', tenant.timeZone]]) };
  },
  list: async (_, { tenant }) => [tenant.id],
  findOwn: async (_, { tenant }) => tenant.id,
  match: async (_, { tenant }) => tenant.id,
  create: async (_, { tenant }) => tenant.id,
  async update(tx, _, id, fields) {
    await updateTenant(tx, { id, ...tenantChange(fields) });
  },
};
