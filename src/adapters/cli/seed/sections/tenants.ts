import { setPoolQuantity } from '../../../../core/licensing/index.js';
import { bindExternalRef, type Channel, containerOf, type RefKind } from '../../../../core/marketplace/index.js';
import { DomainError } from '../../../../core/shared/errors.js';
import { createTenant, type Tenant, updateTenant } from '../../../../core/tenancy/index.js';
import { propertiesFor } from '../properties.js';
import type { SeedItem, SeedPool } from '../schema.js';
import { fixed, ifKnown, leftWaiting, outcomeOf, type SeedUnit } from '../unit.js';

export async function applyTenants(unit: SeedUnit): Promise<void> {
  for (const index of parentsFirst(unit.seed.tenants)) {
    const item = unit.seed.tenants[index]!;
    await unit.keeping('tenants', ['tenants', index], () => applyTenant(unit, item));
  }
}

/** The places of the tenants in the file, ordered so that a parent comes before what is below it. */
export function parentsFirst(tenants: readonly SeedItem<'tenants'>[]): number[] {
  const indexOf = new Map(tenants.map(({ key }, index) => [key, index]));
  const ordered = new Set<number>();
  const place = (index: number): void => {
    if (ordered.has(index)) return;
    const parent = indexOf.get(tenants[index]!.parent ?? '');
    if (parent !== undefined) place(parent);
    ordered.add(index);
  };
  for (const index of tenants.keys()) place(index);
  return [...ordered];
}

async function applyTenant(unit: SeedUnit, item: SeedItem<'tenants'>): Promise<void> {
  const { tx, names, count } = unit;
  const parentId = item.parent === undefined ? '' : (await names.tenant(item.parent)).id;
  const channel = item.channel === undefined ? undefined : await names.channel(item.channel);
  const channelId = channel?.id ?? '';
  const present = await ifKnown(names.tenant(item.key));
  const profile = {
    name: item.name,
    ...(item.country === undefined ? {} : { country: item.country }),
    ...(item.timeZone === undefined ? {} : { timeZone: item.timeZone }),
    ...propertiesFor(item.properties, present?.properties),
  };
  let tenant: Tenant;
  if (present === undefined) {
    tenant = await createTenant(tx, { ...profile, key: item.key, kind: item.kind, parentId, channelId });
    count('tenants', 'created');
  } else {
    fixed('kind', present.kind, item.kind);
    fixed('parent', present.parentId, parentId);
    fixed('channel', present.channelId, channelId);
    const waiting = leftWaiting(present, profile);
    tenant = waiting ? present : await updateTenant(tx, { ...profile, id: present.id });
    count('tenants', waiting ?? outcomeOf(present, tenant));
  }
  if (channel !== undefined && item.externalId !== undefined) {
    await bindExternal(unit, channel, 'tenant', tenant.id, item.externalId, await containerOf(tx, channel, tenant));
  }
}

/** Gives an object the channel's own id; one that has another id there already keeps it, and the file is refused. */
export async function bindExternal(
  { tx }: SeedUnit,
  channel: Channel,
  kind: RefKind,
  targetId: string,
  externalId: string,
  parentId: string,
): Promise<void> {
  const bound = await tx.externalRefs.findMany({ channelId: channel.id, kind, targetId, liveKey: '0' });
  if (bound.some((ref) => ref.externalId === externalId && ref.parentId === parentId)) return;
  if (bound.length > 0)
    throw new DomainError('invalid_value', { field: 'externalId', problem: 'cannot be changed once it is there' });
  await bindExternalRef(tx, { channelId: channel.id, kind, parentId, externalId, targetId });
}

/** Takes away from the bottom up, then adds from the top down: so a quantity can move between pools in one file. */
export async function applyPools(unit: SeedUnit): Promise<void> {
  const order = parentsFirst(unit.seed.tenants);
  const shrunk = new Set<SeedPool>();
  const each = async (tenants: readonly number[], work: (tenantKey: string, pool: SeedPool) => Promise<void>) => {
    for (const index of tenants) {
      const { key, pools } = unit.seed.tenants[index]!;
      for (const [i, pool] of pools.entries()) {
        await unit.keeping('pools', ['tenants', index, 'pools', i], () => work(key, pool));
      }
    }
  };
  await each([...order].reverse(), async (tenantKey, pool) => {
    const { present } = await poolOf(unit, tenantKey, pool);
    if (present === undefined || pool.quantity >= present.quantity) return;
    shrunk.add(pool);
    await applyPool(unit, tenantKey, pool);
  });
  await each(order, async (tenantKey, pool) => {
    if (!shrunk.has(pool)) await applyPool(unit, tenantKey, pool);
  });
}

async function poolOf({ tx, names }: SeedUnit, tenantKey: string, item: SeedPool) {
  const tenant = await names.tenant(tenantKey);
  const type = await names.licenseType(item.application, item.licenseType);
  const key = { tenantId: tenant.id, licenseTypeId: type.id, instanceId: '' };
  return { key, present: await tx.licensePools.findOne({ ...key, applicationId: type.applicationId }) };
}

async function applyPool(unit: SeedUnit, tenantKey: string, item: SeedPool): Promise<void> {
  const { key, present } = await poolOf(unit, tenantKey, item);
  const { quantity, oversell = false } = item;
  if (present?.quantity === quantity && present.oversell === oversell) return unit.count('pools', 'unchanged');
  if (unit.keepsLater && present !== undefined && (await hadQuantity(unit, present.id, quantity))) {
    return unit.count('pools', 'kept');
  }
  await setPoolQuantity(unit.tx, { ...key, quantity, oversell });
  unit.count('pools', present === undefined ? 'created' : 'changed');
}

/** Then it is not the file that has changed. */
async function hadQuantity({ tx }: SeedUnit, poolId: string, quantity: number): Promise<boolean> {
  return (await tx.poolChanges.findMany({ poolId, quantity }, 1)).length > 0;
}
