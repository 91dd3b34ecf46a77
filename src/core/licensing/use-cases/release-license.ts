import { checkVersion, found } from '../../shared/checks.js';
import type { Tx } from '../../shared/unit-of-work.js';
import { requireReach, type TenancyRepositories } from '../../tenancy/index.js';
import { lockPools } from '../lock-pools.js';
import type { License } from '../model.js';
import type { LicensingRepositories } from '../ports.js';

type Repositories = Tx & TenancyRepositories & LicensingRepositories;

/** Gives one seat back to its pool; a released one stays as it is. Errors: not_found, forbidden, version_conflict. */
export async function releaseLicense(
  tx: Repositories,
  input: { readonly id: string; readonly expectedVersion?: number | null },
): Promise<License> {
  const seen = found('license', await tx.licenses.find(input.id));
  await requireRelease(tx, seen.tenantId);
  checkVersion('license', seen, input.expectedVersion);
  return giveBackLicense(tx, seen.id);
}

/** The same for many at once; their pools are locked in order. Errors: not_found, forbidden. */
export async function releaseLicenses(tx: Repositories, seen: readonly License[]): Promise<void> {
  for (const tenantId of new Set(seen.map((license) => license.tenantId))) await requireRelease(tx, tenantId);
  await giveBackLicenses(tx, seen);
}

async function requireRelease(tx: Repositories, tenantId: string): Promise<void> {
  const tenant = found('tenant', await tx.tenants.find(tenantId));
  await requireReach(tx, 'write', 'license', { tenantId: tenant.id, channelId: tenant.channelId });
}

/** The same without asking who: for commands that have been allowed and take the person or instance away altogether. */
export async function giveBackLicense(tx: Repositories, id: string): Promise<License> {
  const seen = found('license', await tx.licenses.find(id));
  await giveBackLicenses(tx, [seen]);
  return found('license', await tx.licenses.find(id));
}

/** Gives back all of these that are still held; as `giveBackLicense`. */
export async function giveBackLicenses(tx: Repositories, seen: readonly License[]): Promise<void> {
  await lockPools(
    tx,
    seen.map(({ poolId }) => poolId),
  );
  await giveBackHeld(tx, seen);
}

/** For a caller that has locked their pools: a pool is locked before its licenses. */
export async function giveBackHeld(tx: Tx & LicensingRepositories, seen: readonly License[]): Promise<void> {
  const locked = await tx.licenses.lockAll(seen.map(({ id }) => id));
  const held = locked.filter(({ releasedAt }) => releasedAt === null);
  const perPool = new Map<string, number>();
  for (const { poolId } of held) perPool.set(poolId, (perPool.get(poolId) ?? 0) + 1);
  for (const [poolId, count] of perPool) await tx.licensePools.giveBack(poolId, count);
  for (const released of await tx.licenses.saveAll(held, ({ id }) => ({ releasedAt: tx.now, liveKey: id }))) {
    tx.emit({
      type: 'license.released',
      aggregate: { kind: 'license', id: released.id, version: released.version },
      tenantId: released.tenantId,
      payload: {
        userId: released.userId,
        applicationId: released.applicationId,
        instanceId: released.instanceId,
      },
    });
  }
}
