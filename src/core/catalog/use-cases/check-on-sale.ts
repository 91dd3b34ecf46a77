import { found } from '../../shared/checks.js';
import { DomainError, notFound } from '../../shared/errors.js';
import { stateOf } from '../../shared/lifecycle.js';
import type { TenancyRepositories } from '../../tenancy/index.js';
import type { Application } from '../model.js';
import type { CatalogRepositories } from '../ports.js';

/**
 * An application that may be sold to this tenant: the hub's are for everybody, a provider's for its own subtree.
 * Errors: not_found (also another provider's), wrong_state (not on sale).
 */
export async function checkOnSale(
  tx: TenancyRepositories & CatalogRepositories,
  applicationId: string,
  tenantId: string,
): Promise<Application> {
  const application = found('application', await tx.applications.find(applicationId));
  const { ownerTenantId } = application;
  if (ownerTenantId !== '' && !(await tx.tenantTree.isWithin(tenantId, [ownerTenantId]))) throw notFound('application');
  if (application.terminatedAt !== null || !application.activated) {
    throw new DomainError('wrong_state', { kind: 'application', state: stateOf(application), command: 'sell' });
  }
  return application;
}
