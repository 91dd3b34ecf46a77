import type { Unit } from '../../../../../core/repositories.js';
import { invalid } from '../../../../../core/shared/errors.js';
import { createTenant, type Tenant, updateTenant } from '../../../../../core/tenancy/index.js';
import { pickPaths, renderPaths } from './built-in.js';
import type { SharedCollection, SharingPlace } from './collection.js';
import { tenantChange, tenantFields, tenantPaths } from './tenant-fields.js';

/** Organizations are tenants of kind group right below the group's tenant. */
export const organizations: SharedCollection = {
  name: 'organizations',
  direction: 'both',
  singular: false,
  pick: (entity) => pickPaths(entity, tenantPaths),
  render: renderPaths,
  async toConnec(tx, place, id) {
    const tenant = await find(tx, place, id);
    return tenant === undefined ? undefined : { ownId: id, fields: new Map(tenantFields(tenant)) };
  },
  async list(tx, place) {
    const below = await tx.tenants.findAll({ parentId: place.tenant.id, kind: 'group', terminatedAt: null });
    return below.filter((tenant) => isOf(place, tenant)).map(({ id }) => id);
  },
  findOwn: async (tx, place, ownId) => (await find(tx, place, ownId))?.id,
  match: async () => undefined,
  async create(tx, { tenant, channel }, fields) {
    const { name, ...change } = tenantChange(fields);
    if (name === undefined) throw invalid('name', 'must not be empty');
    const place = { kind: 'group', parentId: tenant.id, channelId: channel.id } as const;
    return (await createTenant(tx, { ...place, ...change, name })).id;
  },
  async update(tx, _, id, fields) {
    await updateTenant(tx, { id, ...tenantChange(fields) });
  },
};

async function find(tx: Unit, place: SharingPlace, id: string): Promise<Tenant | undefined> {
  const tenant = await tx.tenants.find(id);
  return tenant !== undefined && isOf(place, tenant) ? tenant : undefined;
}

/** Of the channel, or of the tenant's own people; never what another channel manages. */
function isOf({ tenant, channel }: SharingPlace, found: Tenant): boolean {
  const managed = found.channelId === '' || found.channelId === channel.id;
  return found.parentId === tenant.id && found.kind === 'group' && found.terminatedAt === null && managed;
}
