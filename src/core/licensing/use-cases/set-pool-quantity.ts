import { type CatalogRepositories, checkOnSale } from '../../catalog/index.js';
import { checkInstanceOf, checkNotTerminated, checkVersion, found, type InstanceLookup } from '../../shared/checks.js';
import { DomainError } from '../../shared/errors.js';
import { checkQuantity } from '../../shared/text.js';
import type { Tx } from '../../shared/unit-of-work.js';
import { hasReach, requireReach, requireSeller, type TenancyRepositories } from '../../tenancy/index.js';
import type { LicensePool } from '../model.js';
import { poolExhausted } from '../pool-exhausted.js';
import type { LicensingRepositories } from '../ports.js';
import { recordPoolChange } from '../record-pool-change.js';

export interface SetPoolQuantityInput {
  readonly tenantId: string;
  readonly licenseTypeId: string;
  /** '' or absent: for the application as such. */
  readonly instanceId?: string;
  /** The channel that manages the instance the pool is for; '' or absent for the hub's own. */
  readonly channelId?: string;
  readonly quantity: number;
  /** Absent leaves it as it is (false for a new pool). */
  readonly oversell?: boolean;
  readonly expectedVersion?: number | null;
}

type Repositories = Tx & TenancyRepositories & CatalogRepositories & LicensingRepositories & InstanceLookup;

/**
 * Sets what a tenant bought of one license type: makes the pool or changes its quantity. A pool below another tenant's pool of the
 * same type draws the difference from it. Dividing, and selling an instance, needs writing above or the channel; seats out of
 * nothing (a root pool for the application as such, overselling) come from the operator, the channel, or where the application
 * belongs. Only a pool that oversells may have less than is used of it: overselling ends when the quantity covers the use.
 * Errors: not_found (also another provider's application), forbidden, terminated, version_conflict, quantity_below_use, pool_exhausted (the pool above), invalid_value.
 */
export async function setPoolQuantity(tx: Repositories, input: SetPoolQuantityInput): Promise<LicensePool> {
  checkQuantity('quantity', input.quantity);
  const tenant = found('tenant', await tx.tenants.rely(input.tenantId));
  const type = found('licenseType', await tx.licenseTypes.find(input.licenseTypeId));
  const place = { tenantId: tenant.id, channelId: tenant.channelId };
  await requireReach(tx, 'write', 'tenant', place);
  checkNotTerminated('tenant', tenant);
  const instanceId = input.instanceId ?? '';
  await checkInstanceOf(tx, instanceId, tenant.id, type.applicationId);
  const key = { tenantId: tenant.id, applicationId: type.applicationId, licenseTypeId: type.id, instanceId };
  const present = await tx.licensePools.findOne(key);
  const before = present === undefined ? undefined : await tx.licensePools.lock(present.id);
  if (before !== undefined) checkVersion('licensePool', before, input.expectedVersion);
  const parentPoolId = before?.parentPoolId ?? (await parentPoolOf(tx, tenant.parentId, type, instanceId));
  // Who buys is the one above: a tenant's own administrators divide what they have, they do not add to it.
  const channelId = tenant.channelId === '' ? (input.channelId ?? '') : tenant.channelId;
  await requireSeller(tx, 'licensePool', tenant, channelId);
  const oversell = input.oversell ?? before?.oversell ?? false;
  const beyond = oversell && before?.oversell !== true;
  if (beyond || input.quantity > (before?.quantity ?? 0)) {
    const { ownerTenantId } = await checkOnSale(tx, type.applicationId, tenant.id);
    const fromNothing = beyond || (parentPoolId === '' && instanceId === '');
    if (fromNothing) await requireSource(tx, ownerTenantId, channelId);
  }
  const used = before?.used ?? 0;
  if (!oversell && input.quantity < used) {
    throw new DomainError('quantity_below_use', { licenseType: type.code, quantity: input.quantity, used });
  }
  await drawFromParent(tx, parentPoolId, type.code, input.quantity - (before?.quantity ?? 0));
  const pool =
    before === undefined
      ? await tx.licensePools.insert({
          ...key,
          id: tx.ids.next('licensePool'),
          createdAt: tx.now,
          parentPoolId,
          quantity: input.quantity,
          used: 0,
          oversell,
        })
      : await tx.licensePools.save(before, { quantity: input.quantity, oversell });
  if (before?.version === pool.version) return pool;
  await recordPoolChange(tx, pool);
  return pool;
}

/** Whoever sells without having bought any themselves. Throws `forbidden`. */
async function requireSource(tx: Repositories, ownerTenantId: string, channelId: string): Promise<void> {
  if (await hasReach(tx, 'write', { tenantId: ownerTenantId, channelId })) return;
  throw new DomainError('forbidden', { right: 'give seats nobody above has bought' });
}

/** The pool of the nearest tenant above that has one; instance pools stand alone. */
async function parentPoolOf(
  tx: Repositories,
  parentId: string,
  type: { readonly id: string; readonly applicationId: string },
  instanceId: string,
): Promise<string> {
  if (parentId === '' || instanceId !== '') return '';
  const [nearest] = await tx.licensePools.onTheWay(parentId, type);
  return nearest?.pool.id ?? '';
}

async function drawFromParent(
  tx: Repositories,
  poolId: string,
  licenseType: string,
  difference: number,
): Promise<void> {
  if (poolId === '' || difference === 0) return;
  if (difference < 0) return tx.licensePools.giveBack(poolId, -difference);
  if (await tx.licensePools.take(poolId, difference)) return;
  const pool = found('licensePool', await tx.licensePools.find(poolId));
  throw await poolExhausted(tx, licenseType, pool);
}
