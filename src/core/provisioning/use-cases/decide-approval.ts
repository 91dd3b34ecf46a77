import type { Unit } from '../../repositories.js';
import { moveToGroup } from '../../servicelevels/index.js';
import { actorName } from '../../shared/actor.js';
import { checkVersion, found } from '../../shared/checks.js';
import { DomainError, isDomainError } from '../../shared/errors.js';
import { checkOptionalText } from '../../shared/text.js';
import { checkAnswer, type Move } from '../../shared/transitions.js';
import { requireOperator } from '../../tenancy/index.js';
import type { Approval, ApprovalKind } from '../model.js';
import { relyOnTenantOf, terminateObject } from './change-lifecycle.js';
import { checkEmpty } from './check-empty.js';
import { emitObject, type LifecycleObject, lockObject, saveObject } from './lock-object.js';

export interface DecideApprovalInput {
  readonly id: string;
  readonly expectedVersion?: number | null;
  readonly approve: boolean;
  readonly reason?: string;
  /** The operator's own reference for what is registered; only with the approval of a registration. */
  readonly operatorReference?: string;
  /** The group a registered tenant or application starts in; only with the approval of its registration. */
  readonly serviceLevelGroupId?: string;
}

const answers: Readonly<Record<ApprovalKind, readonly [approve: Move, disapprove: Move]>> = {
  register: ['approveRegistration', 'disapproveRegistration'],
  update: ['approveUpdate', 'disapproveUpdate'],
  delete: ['approveDeletion', 'disapproveDeletion'],
};

/**
 * The answer of an operator, or of the operator's account on the channel that manages the object. Approved: a registration becomes
 * active, an update is written, a deletion is carried out (`in_use`, and still waiting, when it is not empty any more). A registration may name the group it starts in (`not_found`, and still waiting,
 * when there is no such group).
 * Disapproved: a registration ends and frees its id, the others go back to where they were. Two answers at once: the second is
 * `wrong_state`. Errors: forbidden, not_found, version_conflict, wrong_state, in_use, invalid_value.
 */
export async function decideApproval(tx: Unit, input: DecideApprovalInput): Promise<Approval> {
  const seen = found('approval', await tx.approvals.find(input.id));
  await requireOperator(tx, 'write', 'approval', seen);
  if (seen.objectKind === 'instance') await relyOnTenantOf(tx, seen.objectId);
  const object = await lockObject(tx, { kind: seen.objectKind, id: seen.objectId }, 'write').catch((error: unknown) => {
    if (isDomainError(error, 'terminated')) return undefined;
    throw error;
  });
  const before = found('approval', await tx.approvals.lock(input.id));
  checkVersion('approval', before, input.expectedVersion);
  if (before.status !== 'OPEN' || object === undefined) {
    throw new DomainError('wrong_state', { kind: 'approval', state: before.status, command: 'decide' });
  }
  checkAnswer(object.kind, object.row, answers[before.kind][input.approve ? 0 : 1]);
  if (before.kind === 'delete' && input.approve) await checkEmpty(tx, object);
  const after = await tx.approvals.save(before, {
    status: input.approve ? 'APPROVED' : 'DISAPPROVED',
    openKey: before.id,
    decidedBy: actorName(tx.actor),
    decidedAt: tx.now,
    decisionReason: checkOptionalText('reason', input.reason ?? '', 1_000),
  });
  const applied = await saveObject(tx, object, { pending: '', ...consequence(before, input) });
  if (input.approve && before.kind === 'register' && input.serviceLevelGroupId !== undefined) {
    await moveToGroup(tx, { id: applied.row.id, groupId: input.serviceLevelGroupId });
  }
  emitObject(tx, `${before.kind}_${input.approve ? 'approved' : 'disapproved'}`, applied);
  if (input.approve ? before.kind === 'delete' : before.kind === 'register') await end(tx, applied);
  return after;
}

function consequence({ kind, proposed }: Approval, input: DecideApprovalInput): Readonly<Record<string, unknown>> {
  if (!input.approve) return {};
  if (kind === 'update') return proposed;
  if (kind === 'delete') return {};
  const operatorReference = checkOptionalText('operatorReference', input.operatorReference ?? '');
  return { activated: true, operatorReference };
}

async function end(tx: Unit, { kind, row }: LifecycleObject): Promise<void> {
  await terminateObject(tx, { kind, id: row.id }, 'write');
  for (const ref of await tx.externalRefs.findMany({ targetId: row.id, liveKey: '0' })) {
    await tx.externalRefs.save(ref, { liveKey: ref.id });
  }
}
