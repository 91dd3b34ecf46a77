import type { Unit } from '../../repositories.js';
import { actorName } from '../../shared/actor.js';
import { DomainError } from '../../shared/errors.js';
import { stateOf } from '../../shared/lifecycle.js';
import { checkMove } from '../../shared/transitions.js';
import type { Approval, ApprovalKind } from '../model.js';
import { checkEmpty } from './check-empty.js';
import { checkProposal } from './check-proposal.js';
import {
  channelIdOf,
  emitObject,
  type LifecycleObject,
  lockObject,
  type ObjectTarget,
  saveObject,
  tenantOf,
} from './lock-object.js';

export interface AskApprovalInput extends ObjectTarget {
  readonly approval: Exclude<ApprovalKind, 'register'>;
  /** Fields to be written when approved; only those `proposable` names. */
  readonly proposed?: Readonly<Record<string, unknown>>;
}

/**
 * Asks for a change of data (from ACTIVE) or for the end (from INACTIVE, of what is empty); the live row keeps its data until an
 * operator answers. Registrations are asked for by the commands that make the object.
 * Errors: not_found, forbidden, terminated, approval_open, wrong_state, in_use, invalid_value.
 */
export async function askApproval(tx: Unit, input: AskApprovalInput): Promise<Approval> {
  const object = await lockObject(tx, input, 'write');
  if (object.row.pending !== '') {
    throw new DomainError('approval_open', { kind: object.kind, state: stateOf(object.row) });
  }
  checkMove(object.kind, object.row, input.approval === 'update' ? 'requestUpdate' : 'requestDeletion');
  if (input.approval === 'delete') await checkEmpty(tx, object);
  const proposed = checkProposal(object, input.proposed ?? {});
  const waiting = await saveObject(tx, object, { pending: input.approval });
  const approval = await insertApproval(tx, input.approval, waiting, proposed);
  emitObject(tx, `${input.approval}_requested`, waiting);
  return approval;
}

/** For a command that has put the object into the state that waits. */
export function insertApproval(
  tx: Unit,
  kind: ApprovalKind,
  object: LifecycleObject,
  proposed: Approval['proposed'],
): Promise<Approval> {
  return tx.approvals.insert({
    id: tx.ids.next('approval'),
    createdAt: tx.now,
    kind,
    objectKind: object.kind,
    objectId: object.row.id,
    tenantId: tenantOf(object),
    channelId: channelIdOf(object),
    proposed,
    baseVersion: object.row.version,
    status: 'OPEN',
    openKey: object.row.id,
    requestedBy: actorName(tx.actor),
    decidedBy: '',
    decidedAt: null,
    decisionReason: '',
  });
}
