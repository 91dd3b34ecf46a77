import { found } from '../../shared/checks.js';
import type { License } from '../model.js';
import { lockPoolsFor } from '../take-seat.js';
import { assignLicense } from './assign-license.js';
import { releaseLicense } from './release-license.js';

/**
 * Gives somebody's seat to another member of the same tenant in one step, so that it cannot go to a third in between. The other one's
 * comes from wherever a seat would come from now.
 * Errors: as `releaseLicense` and `assignLicense`.
 */
export async function moveLicense(
  tx: Parameters<typeof assignLicense>[0],
  input: { readonly id: string; readonly userId: string; readonly expectedVersion?: number | null },
): Promise<License> {
  const seen = found('license', await tx.licenses.find(input.id));
  await tx.tenants.rely(seen.tenantId); // lock order: tenant before pool
  const type = found('licenseType', await tx.licenseTypes.find(seen.licenseTypeId));
  await lockPoolsFor(tx, { tenantId: seen.tenantId, type, instanceId: seen.instanceId });
  const { tenantId, licenseTypeId, instanceId } = await releaseLicense(tx, input);
  return assignLicense(tx, { userId: input.userId, tenantId, licenseTypeId, instanceId });
}
