import type { CatalogRepositories } from '../catalog/index.js';
import { found } from '../shared/checks.js';
import type { Tx } from '../shared/unit-of-work.js';
import type { LicensePool } from './model.js';
import type { LicensingRepositories } from './ports.js';

/** What a pool has from now on: kept for looking back, and told. */
export async function recordPoolChange(
  tx: Tx & CatalogRepositories & LicensingRepositories,
  pool: LicensePool,
): Promise<void> {
  const { applicationId, licenseTypeId, instanceId, quantity, oversell } = pool;
  const type = found('licenseType', await tx.licenseTypes.find(licenseTypeId));
  await tx.poolChanges.insert({ id: tx.ids.next('poolChange'), poolId: pool.id, at: tx.now, quantity });
  tx.emit({
    type: 'license.pool_changed',
    aggregate: { kind: 'licensePool', id: pool.id, version: pool.version },
    tenantId: pool.tenantId,
    payload: { applicationId, licenseType: type.code, quantity, oversell, instanceId },
  });
}
