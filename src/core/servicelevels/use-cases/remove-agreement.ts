import { checkNotTerminated, checkVersion, found } from '../../shared/checks.js';
import type { ServiceLevelAgreement } from '../model.js';
import type { ServiceLevelUnit } from '../ports.js';
import { lockTarget } from './set-agreement.js';
import { endAgreement } from './write-agreement.js';

/**
 * Ends an agreement; members of the group, or the instance, have none of its type from then on. By the operator's side.
 * Errors: not_found, forbidden, terminated, version_conflict.
 */
export async function removeAgreement(
  tx: ServiceLevelUnit,
  { id, expectedVersion }: { readonly id: string; readonly expectedVersion?: number | null },
): Promise<ServiceLevelAgreement> {
  const kind = 'serviceLevelAgreement';
  const seen = found(kind, await tx.serviceLevelAgreements.find(id));
  await lockTarget(tx, seen.targetId);
  const before = found(kind, await tx.serviceLevelAgreements.lock(id));
  checkNotTerminated(kind, before);
  checkVersion(kind, before, expectedVersion);
  return endAgreement(tx, before);
}
