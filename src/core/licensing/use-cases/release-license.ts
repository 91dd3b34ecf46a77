import { checkVersion, found } from '../../shared/checks.js';
import type { Tx } from '../../shared/unit-of-work.js';
import { requireReach, type TenancyRepositories } from '../../tenancy/index.js';
import type { License } from '../model.js';
import type { LicensingRepositories } from '../ports.js';

/** Gives one seat back to its pool; a released one stays as it is. Errors: not_found, forbidden, version_conflict. */
export async function releaseLicense(
  tx: Tx & TenancyRepositories & LicensingRepositories,
  input: { readonly id: string; readonly expectedVersion?: number | null },
): Promise<License> {
  const seen = found('license', await tx.licenses.find(input.id));
  const tenant = found('tenant', await tx.tenants.find(seen.tenantId));
  await requireReach(tx, 'write', 'license', { tenantId: tenant.id, channelId: tenant.channelId });
  checkVersion('license', seen, input.expectedVersion);
  return giveBackLicense(tx, seen.id);
}

/** The same without asking who: for commands that have been allowed and take the person or instance away altogether. */
export async function giveBackLicense(tx: Tx & LicensingRepositories, id: string): Promise<License> {
  const seen = found('license', await tx.licenses.find(id));
  await tx.licensePools.lock(seen.poolId); // lock order: pool before license
  const before = found('license', await tx.licenses.lock(id));
  if (before.releasedAt !== null) return before;
  await tx.licensePools.giveBack(before.poolId, 1);
  const after = await tx.licenses.save(before, { releasedAt: tx.now, liveKey: before.id });
  tx.emit({
    type: 'license.released',
    aggregate: { kind: 'license', id: after.id, version: after.version },
    tenantId: after.tenantId,
    payload: { userId: after.userId, applicationId: after.applicationId, instanceId: after.instanceId },
  });
  return after;
}
