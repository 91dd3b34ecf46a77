import { invalid } from '../../shared/errors.js';
import { checkProse, checkText } from '../../shared/text.js';
import { type AgreementScope, memberKindOfType, type ServiceLevelAgreement, type ServiceLevelGroup } from '../model.js';
import type { FindXmlFault, ServiceLevelUnit } from '../ports.js';

/** What an agreement hangs on; locked by whoever writes agreements of it. */
export interface AgreementTarget {
  readonly id: string;
  readonly scope: AgreementScope;
  readonly channelId: string;
  readonly tenantId: string;
}

export const targetOf = (group: ServiceLevelGroup): AgreementTarget => ({
  id: group.id,
  scope: group.memberKind,
  channelId: group.channelId,
  tenantId: '',
});

const maxBytes = 262_144;

/** Returns the document unchanged. Throws `invalid_value`, naming the place, unless it is well-formed XML of at most 256 KiB. */
export function checkDocument(document: string, findXmlFault: FindXmlFault): string {
  if (document === '') throw invalid('document', 'must not be empty');
  checkProse('document', document, maxBytes);
  if (new TextEncoder().encode(document).length > maxBytes)
    throw invalid('document', 'must not be larger than 256 KiB');
  const fault = findXmlFault(document);
  if (fault !== null) throw invalid('document', `line ${fault.line}, column ${fault.column}: ${fault.problem}`);
  return document;
}

/** A type of one kind of group is none of the other's; any other id is the operator's own. Throws `invalid_value`. */
export function checkType(scope: AgreementScope, type: string): string {
  checkText('type', type);
  const kind = memberKindOfType(type);
  if (scope !== 'instance' && kind !== undefined && kind !== scope) {
    throw invalid('type', `is for groups of ${kind}s`);
  }
  return type;
}

/** The agreement of a type as it is to be from now on, made when there is none; both checked before. */
export async function writeAgreement(
  tx: ServiceLevelUnit,
  target: AgreementTarget,
  type: string,
  document: string,
): Promise<ServiceLevelAgreement> {
  const before = await liveAgreement(tx, target.id, type);
  const after =
    before === undefined
      ? await tx.serviceLevelAgreements.insert({
          id: tx.ids.next('serviceLevelAgreement'),
          createdAt: tx.now,
          channelId: target.channelId,
          scope: target.scope,
          targetId: target.id,
          tenantId: target.tenantId,
          type,
          document,
          terminatedAt: null,
          liveKey: '0',
        })
      : await tx.serviceLevelAgreements.save(before, { document });
  if (after.version !== before?.version) emitAgreement(tx, 'set', after);
  return after;
}

/** Ends it; what it said stays readable to the operator. */
export async function endAgreement(
  tx: ServiceLevelUnit,
  agreement: ServiceLevelAgreement,
): Promise<ServiceLevelAgreement> {
  const ended = await tx.serviceLevelAgreements.save(agreement, { terminatedAt: tx.now, liveKey: agreement.id });
  emitAgreement(tx, 'removed', ended);
  return ended;
}

/** Nothing else changes it while its target is locked. */
export function liveAgreement(
  tx: ServiceLevelUnit,
  targetId: string,
  type: string,
): Promise<ServiceLevelAgreement | undefined> {
  return tx.serviceLevelAgreements.findOne({ targetId, type, liveKey: '0' });
}

function emitAgreement(tx: ServiceLevelUnit, event: string, agreement: ServiceLevelAgreement): void {
  tx.emit({
    type: `serviceLevelAgreement.${event}`,
    aggregate: { kind: 'serviceLevelAgreement', id: agreement.id, version: agreement.version },
    tenantId: agreement.tenantId,
    payload: { targetId: agreement.targetId, type: agreement.type },
  });
}
