import { checkNotTerminated, checkVersion, found } from '../../shared/checks.js';
import { notFound } from '../../shared/errors.js';
import { kindOfId } from '../../shared/ids.js';
import { requireOperator } from '../../tenancy/index.js';
import type { ServiceLevelAgreement } from '../model.js';
import type { FindXmlFault, ServiceLevelUnit } from '../ports.js';
import { lockGroup } from './lock-group.js';
import {
  type AgreementTarget,
  checkDocument,
  checkType,
  liveAgreement,
  targetOf,
  writeAgreement,
} from './write-agreement.js';

export interface SetAgreementInput {
  /** A group, or an instance: an agreement for this instance of this application of this tenant alone. */
  readonly targetId: string;
  readonly type: string;
  /** XML. */
  readonly document: string;
  /** The agreement's, when there is one. */
  readonly expectedVersion?: number | null;
}

/**
 * Makes or replaces the agreement of a type. While an instance has one it cannot be deleted on request. By the operator's side.
 * Errors: not_found, forbidden, terminated, version_conflict, invalid_value.
 */
export async function setAgreement(
  tx: ServiceLevelUnit,
  input: SetAgreementInput,
  findXmlFault: FindXmlFault,
): Promise<ServiceLevelAgreement> {
  const target = await lockTarget(tx, input.targetId);
  const type = checkType(target.scope, input.type);
  const document = checkDocument(input.document, findXmlFault);
  const present = await liveAgreement(tx, target.id, type);
  checkVersion('serviceLevelAgreement', present ?? { version: 0 }, input.expectedVersion);
  return writeAgreement(tx, target, type, document);
}

/** What agreements hang on, locked and written for a change of them. Errors: not_found, forbidden, terminated. */
export async function lockTarget(tx: ServiceLevelUnit, targetId: string): Promise<AgreementTarget> {
  switch (kindOfId(targetId)) {
    case 'serviceLevelGroup': {
      const group = await lockGroup(tx, { id: targetId });
      await tx.serviceLevelGroups.rely(group.id);
      return targetOf(group);
    }
    case 'instance': {
      const instance = found('instance', await tx.instances.rely(targetId));
      const { id, tenantId, channelId } = instance;
      await requireOperator(tx, 'write', 'instance', { tenantId, channelId });
      checkNotTerminated('instance', instance);
      return { id, scope: 'instance', channelId, tenantId };
    }
    default:
      throw notFound('target');
  }
}
