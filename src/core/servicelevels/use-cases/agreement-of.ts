import { invalid } from '../../shared/errors.js';
import { checkText } from '../../shared/text.js';
import { type GroupMember, memberKindOfType, type ServiceLevelGroup } from '../model.js';
import type { ServiceLevelLookups, ServiceLevelRepositories } from '../ports.js';

/**
 * The document of a type that holds for a member through its group; null when there is none. For a caller that may read the
 * member. Errors: invalid_value (the type is not known there).
 */
export async function agreementOf(tx: ServiceLevelLookups, member: GroupMember, type: string): Promise<string | null> {
  const { channelId, serviceLevelGroupId } = member.row;
  await requireKnownType(tx, { channelId, memberKind: member.kind }, type);
  return serviceLevelGroupId === '' ? null : documentOf(tx, serviceLevelGroupId, type);
}

/** The same of a group itself, for a caller that may read it. Errors: invalid_value. */
export async function agreementOfGroup(
  tx: ServiceLevelLookups,
  group: ServiceLevelGroup,
  type: string,
): Promise<string | null> {
  await requireKnownType(tx, group, type);
  return documentOf(tx, group.id, type);
}

/** Whether an agreement hangs on the instance itself: then it cannot be deleted on request. */
export async function hasAgreement(
  tx: Pick<ServiceLevelRepositories, 'serviceLevelAgreements'>,
  instanceId: string,
): Promise<boolean> {
  return (await tx.serviceLevelAgreements.count({ targetId: instanceId, liveKey: '0' })) > 0;
}

async function documentOf(tx: ServiceLevelLookups, targetId: string, type: string): Promise<string | null> {
  const agreement = await tx.serviceLevelAgreements.findOne({ targetId, type, liveKey: '0' });
  return agreement?.document ?? null;
}

/** A custom type is known as soon as some group for the same kind on the channel has an agreement of it. */
async function requireKnownType(
  tx: ServiceLevelLookups,
  { channelId, memberKind }: Pick<ServiceLevelGroup, 'channelId' | 'memberKind'>,
  type: string,
): Promise<void> {
  if (memberKindOfType(checkText('type', type)) === memberKind) return;
  const [one] = await tx.serviceLevelAgreements.findMany({ channelId, scope: memberKind, type, liveKey: '0' }, 1);
  if (one === undefined) throw invalid('type', `"${type}" is not known for ${memberKind}s here`);
}
