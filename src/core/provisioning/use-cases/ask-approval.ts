import type { Unit } from '../../repositories.js';
import { actorName } from '../../shared/actor.js';
import { wrongState } from '../../shared/checks.js';
import { DomainError } from '../../shared/errors.js';
import { stateOf } from '../../shared/lifecycle.js';
import type { Approval, ApprovalKind } from '../model.js';
import { checkProposal } from './check-proposal.js';
import { channelIdOf, emitObject, lockObject, type ObjectTarget, saveObject, tenantOf } from './lock-object.js';

export interface AskApprovalInput extends ObjectTarget {
  readonly approval: ApprovalKind;
  /** Fields to be written when approved; only those `proposable` names. */
  readonly proposed?: Readonly<Record<string, unknown>>;
}

/** From which states each approval may be asked (docs/design.md 10.7). */
const askableFrom: Readonly<Record<ApprovalKind, readonly string[]>> = {
  register: ['INACTIVE'],
  update: ['ACTIVE', 'INACTIVE'],
  delete: ['INACTIVE'],
};

/**
 * Opens the one approval an object may have; the live row keeps its data until an operator answers.
 * Errors: not_found, forbidden, terminated, approval_open, wrong_state, invalid_value.
 */
export async function askApproval(tx: Unit, input: AskApprovalInput): Promise<Approval> {
  const object = await lockObject(tx, input, 'write');
  if (object.row.pending !== '') throw new DomainError('approval_open', { kind: object.kind });
  const registered = input.approval === 'register' && object.row.activated;
  if (registered || !askableFrom[input.approval].includes(stateOf(object.row))) {
    throw wrongState(object.kind, object.row, `${input.approval} request`);
  }
  const proposed = checkProposal(input.kind, input.proposed ?? {});
  const waiting = await saveObject(tx, object, { pending: input.approval });
  const approval = await tx.approvals.insert({
    id: tx.ids.next('approval'),
    createdAt: tx.now,
    kind: input.approval,
    objectKind: object.kind,
    objectId: object.row.id,
    tenantId: tenantOf(object),
    channelId: channelIdOf(object),
    proposed,
    baseVersion: waiting.row.version,
    status: 'OPEN',
    openKey: object.row.id,
    requestedBy: actorName(tx.actor),
    decidedBy: '',
    decidedAt: null,
    decisionReason: '',
  });
  emitObject(tx, `${input.approval}_requested`, waiting);
  return approval;
}
