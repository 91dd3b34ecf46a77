import { found } from '../../shared/checks.js';
import { notFound } from '../../shared/errors.js';
import type { GroupMember, MemberKind, ServiceLevelGroup } from '../model.js';
import type { ServiceLevelLookups } from '../ports.js';

/** The group a member is in, for a caller that may read the member. Errors: not_found (it is in none). */
export async function groupOf(tx: ServiceLevelLookups, { row }: GroupMember): Promise<ServiceLevelGroup> {
  if (row.serviceLevelGroupId === '') throw notFound('serviceLevelGroup');
  return found('serviceLevelGroup', await tx.serviceLevelGroups.find(row.serviceLevelGroupId));
}

/** The live group a channel means by its own id, for a caller that acts on that channel. Errors: not_found. */
export async function findGroup(
  tx: ServiceLevelLookups,
  key: { readonly channelId: string; readonly memberKind: MemberKind; readonly key: string },
): Promise<ServiceLevelGroup> {
  return found('serviceLevelGroup', await tx.serviceLevelGroups.findOne({ ...key, liveKey: '0' }));
}
