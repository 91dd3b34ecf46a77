import { found } from '../shared/checks.js';
import { DomainError } from '../shared/errors.js';
import type { Tx } from '../shared/unit-of-work.js';
import { hasReach, type TenancyRepositories } from '../tenancy/index.js';

/**
 * `pool_exhausted` with the level that has run out: `tenantId` and `tenantKind` are there when the actor may see that tenant;
 * `quantity` and `used` are what its pool has (0 and 0 where there is none).
 */
export async function poolExhausted(
  tx: Tx & TenancyRepositories,
  licenseType: string,
  level: { readonly tenantId: string; readonly quantity: number; readonly used: number },
): Promise<DomainError> {
  const { quantity, used } = level;
  const tenant = found('tenant', await tx.tenants.find(level.tenantId));
  const seen = await hasReach(tx, 'read', { tenantId: tenant.id, channelId: tenant.channelId });
  return new DomainError('pool_exhausted', {
    licenseType,
    quantity,
    used,
    ...(seen ? { tenantId: tenant.id, tenantKind: tenant.kind } : {}),
  });
}
