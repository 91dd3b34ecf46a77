import { checkNotTerminated, checkVersion, found } from '../../shared/checks.js';
import { requireOperator } from '../../tenancy/index.js';
import type { ServiceLevelGroup } from '../model.js';
import type { ServiceLevelUnit } from '../ports.js';

/** The group, locked for a change by the operator's side. Errors: not_found, forbidden, terminated, version_conflict. */
export async function lockGroup(
  tx: ServiceLevelUnit,
  { id, expectedVersion }: { readonly id: string; readonly expectedVersion?: number | null },
): Promise<ServiceLevelGroup> {
  const kind = 'serviceLevelGroup';
  const group = found(kind, await tx.serviceLevelGroups.lock(id));
  await requireOperator(tx, 'write', kind, { tenantId: '', channelId: group.channelId });
  checkNotTerminated(kind, group);
  checkVersion(kind, group, expectedVersion);
  return group;
}

export function emitGroup(tx: ServiceLevelUnit, event: string, group: ServiceLevelGroup): void {
  tx.emit({
    type: `serviceLevelGroup.${event}`,
    aggregate: { kind: 'serviceLevelGroup', id: group.id, version: group.version },
    tenantId: '',
    payload: { channelId: group.channelId, memberKind: group.memberKind, key: group.key },
  });
}
