import { DomainError } from '../../shared/errors.js';
import type { ServiceLevelGroup } from '../model.js';
import type { ServiceLevelUnit } from '../ports.js';
import { endAgreements } from './end-agreements.js';
import { emitGroup, lockGroup } from './lock-group.js';

/**
 * Ends a group nothing is in, with its agreements; its key may be used again. Whoever joins meanwhile waits for the group's row
 * and finds it ended. Errors: not_found, forbidden, terminated, version_conflict, in_use.
 */
export async function terminateGroup(
  tx: ServiceLevelUnit,
  input: { readonly id: string; readonly expectedVersion?: number | null },
): Promise<ServiceLevelGroup> {
  const before = await lockGroup(tx, input);
  const members = before.memberKind === 'tenant' ? tx.tenants : tx.applications;
  if ((await members.count({ serviceLevelGroupId: before.id, terminatedAt: null })) > 0) {
    throw new DomainError('in_use', { kind: 'serviceLevelGroup', by: `${before.memberKind}s` });
  }
  await endAgreements(tx, [before.id]);
  const after = await tx.serviceLevelGroups.save(before, { terminatedAt: tx.now, liveKey: before.id });
  emitGroup(tx, 'terminated', after);
  return after;
}
