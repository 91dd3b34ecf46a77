import { type Right, requireEverywhere } from '../../shared/actor.js';
import { checkNotTerminated, checkVersion, found } from '../../shared/checks.js';
import type { Tx } from '../../shared/unit-of-work.js';
import { requireReach, type TenancyRepositories } from '../../tenancy/index.js';
import type { Application } from '../model.js';
import type { CatalogRepositories } from '../ports.js';

/**
 * The application, locked for a change by this actor: the hub's own by the operator, a provider's by whoever may write there.
 * Errors: not_found, forbidden, terminated, version_conflict.
 */
export async function lockApplication(
  tx: Tx & TenancyRepositories & CatalogRepositories,
  id: string,
  right: Right,
  expectedVersion?: number | null,
): Promise<Application> {
  const application = found('application', await tx.applications.lock(id));
  if (application.ownerTenantId === '') requireEverywhere(tx.actor, right);
  else
    await requireReach(tx, right, 'application', {
      tenantId: application.ownerTenantId,
      channelId: application.channelId,
    });
  checkNotTerminated('application', application);
  checkVersion('application', application, expectedVersion);
  return application;
}
