import { type CatalogRepositories, checkOnSale } from '../../catalog/index.js';
import { checkNotTerminated, checkVersion, found } from '../../shared/checks.js';
import { DomainError, invalid } from '../../shared/errors.js';
import { checkQuantity } from '../../shared/text.js';
import type { Tx } from '../../shared/unit-of-work.js';
import { requireSeller, type TenancyRepositories } from '../../tenancy/index.js';
import type { LicensePool } from '../model.js';
import { poolExhausted } from '../pool-exhausted.js';
import type { LicensingRepositories } from '../ports.js';
import { recordPoolChange } from '../record-pool-change.js';

export interface SubPurchaseInput {
  readonly tenantId: string;
  readonly licenseTypeId: string;
  /** How many more, at least 1. */
  readonly quantity: number;
  readonly expectedVersion?: number | null;
}

type Repositories = Tx & TenancyRepositories & CatalogRepositories & LicensingRepositories;

/**
 * Moves so many more from the pool of the tenant directly above to this tenant's pool, which is made when there is none. The one
 * above sells: whoever may write there, or the channel. A pool that has its quantity from anywhere else takes no sub-purchase; one that
 * has none draws from the pool above from now on.
 * Errors: not_found, forbidden, terminated, invalid_value (quantity, or nobody is above), version_conflict, wrong_state (bought
 * elsewhere; the application is not on sale), pool_exhausted (above is neither stock nor leave to oversell; no pool counts as 0).
 */
export async function subPurchase(tx: Repositories, input: SubPurchaseInput): Promise<LicensePool> {
  const { quantity } = input;
  if (checkQuantity('quantity', quantity) === 0) throw invalid('quantity', 'must be at least 1');
  const tenant = found('tenant', await tx.tenants.rely(input.tenantId));
  await requireSeller(tx, 'tenant', tenant, tenant.channelId);
  checkNotTerminated('tenant', tenant);
  if (tenant.parentId === '') throw invalid('tenantId', 'must name a tenant with one above it');
  const type = found('licenseType', await tx.licenseTypes.find(input.licenseTypeId));
  await checkOnSale(tx, type.applicationId, tenant.id);
  const of = { applicationId: type.applicationId, licenseTypeId: type.id, instanceId: '' };
  const present = await tx.licensePools.findOne({ ...of, tenantId: tenant.id });
  const before = present && found('licensePool', await tx.licensePools.lock(present.id)); // before the pool above
  if (before !== undefined) checkVersion('licensePool', before, input.expectedVersion);
  const above = await tx.licensePools.findOne({ ...of, tenantId: tenant.parentId });
  if (before !== undefined && before.quantity > 0 && before.parentPoolId !== above?.id) {
    throw new DomainError('wrong_state', { kind: 'licensePool', state: 'bought elsewhere', command: 'sub-purchase' });
  }
  const total = checkQuantity('quantity', (before?.quantity ?? 0) + quantity);
  if (above === undefined)
    throw await poolExhausted(tx, type.code, { tenantId: tenant.parentId, quantity: 0, used: 0 });
  if (!(await tx.licensePools.take(above.id, quantity))) {
    throw await poolExhausted(tx, type.code, found('licensePool', await tx.licensePools.find(above.id)));
  }
  const pool =
    before === undefined
      ? await tx.licensePools.insert({
          ...of,
          id: tx.ids.next('licensePool'),
          createdAt: tx.now,
          tenantId: tenant.id,
          parentPoolId: above.id,
          quantity: total,
          used: 0,
          oversell: false,
        })
      : await tx.licensePools.save(before, { quantity: total, parentPoolId: above.id });
  await recordPoolChange(tx, pool);
  return pool;
}
