import { checkNotTerminated, checkVersion, found } from '../../shared/checks.js';
import { notFound } from '../../shared/errors.js';
import { kindOfId } from '../../shared/ids.js';
import { requireOperator } from '../../tenancy/index.js';
import type { GroupMember, ServiceLevelGroup } from '../model.js';
import type { ServiceLevelUnit } from '../ports.js';

export interface MoveToGroupInput {
  /** A tenant or an application. */
  readonly id: string;
  readonly expectedVersion?: number | null;
  /** A group for its kind, on its own channel; '' = out of any group. */
  readonly groupId: string;
}

/**
 * Puts a tenant or an application into a group, whatever state it is in; it leaves the one it was in. By the operator's side.
 * Errors: not_found (the member, or such a group), forbidden, terminated (the member), version_conflict.
 */
export async function moveToGroup(tx: ServiceLevelUnit, input: MoveToGroupInput): Promise<GroupMember> {
  const before = await lockMember(tx, input);
  if (input.groupId !== '') await relyOnGroup(tx, before, input.groupId);
  const after = await putInto(tx, before, input.groupId);
  if (after.row.version !== before.row.version) {
    tx.emit({
      type: `${after.kind}.moved_to_group`,
      aggregate: { kind: after.kind, id: after.row.id, version: after.row.version },
      tenantId: tenantOf(after),
      payload: { serviceLevelGroupId: input.groupId },
    });
  }
  return after;
}

async function lockMember(tx: ServiceLevelUnit, { id, expectedVersion }: MoveToGroupInput): Promise<GroupMember> {
  const member = await readMember(tx, id);
  const { kind, row } = member;
  await requireOperator(tx, 'write', kind, { tenantId: tenantOf(member), channelId: row.channelId });
  checkNotTerminated(kind, row);
  checkVersion(kind, row, expectedVersion);
  return member;
}

async function readMember(tx: ServiceLevelUnit, id: string): Promise<GroupMember> {
  switch (kindOfId(id)) {
    case 'tenant':
      return { kind: 'tenant', row: found('tenant', await tx.tenants.lock(id)) };
    case 'application':
      return { kind: 'application', row: found('application', await tx.applications.lock(id)) };
    default:
      throw notFound('member');
  }
}

/** The group stays as it is until the unit ends; one that is ended, of another kind or of another channel is none. */
async function relyOnGroup(tx: ServiceLevelUnit, member: GroupMember, groupId: string): Promise<ServiceLevelGroup> {
  const group = found('serviceLevelGroup', await tx.serviceLevelGroups.rely(groupId));
  const fits = group.memberKind === member.kind && group.channelId === member.row.channelId;
  if (!fits || group.terminatedAt !== null) throw notFound('serviceLevelGroup');
  return group;
}

async function putInto(tx: ServiceLevelUnit, member: GroupMember, groupId: string): Promise<GroupMember> {
  const change = { serviceLevelGroupId: groupId };
  return member.kind === 'tenant'
    ? { kind: 'tenant', row: await tx.tenants.save(member.row, change) }
    : { kind: 'application', row: await tx.applications.save(member.row, change) };
}

const tenantOf = (member: GroupMember): string => (member.kind === 'tenant' ? member.row.id : member.row.ownerTenantId);
