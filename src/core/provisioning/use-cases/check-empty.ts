import type { Unit } from '../../repositories.js';
import { hasAgreement } from '../../servicelevels/index.js';
import { DomainError } from '../../shared/errors.js';
import type { LifecycleObject } from './lock-object.js';

/** What goes by request goes empty: nothing is deleted along with it that nobody asked for. Throws `in_use`. */
export async function checkEmpty(tx: Unit, { kind, row }: LifecycleObject): Promise<void> {
  const live = { terminatedAt: null };
  if (kind === 'tenant' && (await tx.applications.count({ ownerTenantId: row.id, ...live })) > 0) {
    throw new DomainError('in_use', { kind, by: 'applications' });
  }
  if (kind === 'application' && (await tx.instances.count({ applicationId: row.id, ...live })) > 0) {
    throw new DomainError('in_use', { kind, by: 'instances' });
  }
  if (kind === 'instance' && (await hasAgreement(tx, row.id))) {
    throw new DomainError('in_use', { kind, by: 'a service level agreement' });
  }
}
