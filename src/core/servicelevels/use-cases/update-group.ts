import { found } from '../../shared/checks.js';
import { checkProperties, type Property } from '../../shared/properties.js';
import { agreementTypes, type ServiceLevelGroup } from '../model.js';
import type { FindXmlFault, ServiceLevelUnit } from '../ports.js';
import { emitGroup, lockGroup } from './lock-group.js';
import { checkDocument, checkType, endAgreement, liveAgreement, targetOf, writeAgreement } from './write-agreement.js';

export interface UpdateGroupInput {
  readonly id: string;
  readonly expectedVersion?: number | null;
  /** Replaces all of them. */
  readonly properties?: readonly Property[];
  /** Replaces its agreement, as XML; null ends it. */
  readonly document?: string | null;
  /** Which agreement `document` is; absent = the kind's default (`agreementTypes`). */
  readonly type?: string;
}

/**
 * Changes a group's properties and one of its agreements; absent fields stay. Members are under the new terms at once.
 * Errors: not_found, forbidden, terminated, version_conflict, invalid_value.
 */
export async function updateGroup(
  tx: ServiceLevelUnit,
  input: UpdateGroupInput,
  findXmlFault: FindXmlFault,
): Promise<ServiceLevelGroup> {
  const { id, memberKind } = await lockGroup(tx, input);
  const { document, type = agreementTypes[memberKind][0] } = input;
  checkType(memberKind, type);
  if (document !== undefined && document !== null) checkDocument(document, findXmlFault);
  // written even when only its agreement changes: whoever ends the group must meet this unit
  const before = found('serviceLevelGroup', await tx.serviceLevelGroups.rely(id));
  const after = await tx.serviceLevelGroups.save(before, {
    ...(input.properties === undefined ? {} : { properties: checkProperties(input.properties) }),
  });
  if (after.version !== before.version) emitGroup(tx, 'updated', after);
  if (document === null) {
    const present = await liveAgreement(tx, id, type);
    if (present !== undefined) await endAgreement(tx, present);
  } else if (document !== undefined) {
    await writeAgreement(tx, targetOf(after), type, document);
  }
  return after;
}
