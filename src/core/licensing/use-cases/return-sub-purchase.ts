import type { CatalogRepositories } from '../../catalog/index.js';
import { checkNotTerminated, checkVersion, found } from '../../shared/checks.js';
import { DomainError, invalid } from '../../shared/errors.js';
import { checkQuantity } from '../../shared/text.js';
import type { Tx } from '../../shared/unit-of-work.js';
import { requireSeller, type TenancyRepositories } from '../../tenancy/index.js';
import type { LicensePool } from '../model.js';
import type { LicensingRepositories } from '../ports.js';
import { recordPoolChange } from '../record-pool-change.js';
import type { SubPurchaseInput } from './sub-purchase.js';

/**
 * Gives so many of a tenant's pool back to the pool it draws from. What is used stays, also where the pool may oversell. Allowed like
 * `subPurchase`.
 * Errors: not_found, forbidden, terminated, invalid_value, version_conflict, unknown_reference (no pool), wrong_state (it draws from no
 * pool), quantity_below_use.
 */
export async function returnSubPurchase(
  tx: Tx & TenancyRepositories & CatalogRepositories & LicensingRepositories,
  input: SubPurchaseInput,
): Promise<LicensePool> {
  if (checkQuantity('quantity', input.quantity) === 0) throw invalid('quantity', 'must be at least 1');
  const tenant = found('tenant', await tx.tenants.rely(input.tenantId));
  await requireSeller(tx, 'tenant', tenant, tenant.channelId);
  checkNotTerminated('tenant', tenant);
  const type = found('licenseType', await tx.licenseTypes.find(input.licenseTypeId));
  const key = { tenantId: tenant.id, applicationId: type.applicationId, licenseTypeId: type.id, instanceId: '' };
  const present = await tx.licensePools.findOne(key);
  const before = present && found('licensePool', await tx.licensePools.lock(present.id)); // before the pool above
  if (before === undefined) throw new DomainError('unknown_reference', { kind: 'licensePool', key: type.code });
  checkVersion('licensePool', before, input.expectedVersion);
  if (before.parentPoolId === '') {
    throw new DomainError('wrong_state', { kind: 'licensePool', state: 'bought by itself', command: 'return' });
  }
  const quantity = before.quantity - input.quantity;
  if (quantity < before.used) {
    throw new DomainError('quantity_below_use', { licenseType: type.code, quantity, used: before.used });
  }
  await tx.licensePools.giveBack(before.parentPoolId, input.quantity);
  const pool = await tx.licensePools.save(before, { quantity });
  await recordPoolChange(tx, pool);
  return pool;
}
