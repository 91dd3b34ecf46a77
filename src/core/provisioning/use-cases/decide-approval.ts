import type { Unit } from '../../repositories.js';
import { actorName, requireEverywhere } from '../../shared/actor.js';
import { checkVersion, found } from '../../shared/checks.js';
import { DomainError } from '../../shared/errors.js';
import { checkOptionalText } from '../../shared/text.js';
import type { Approval } from '../model.js';
import { relyOnTenantOf, terminateObject } from './change-lifecycle.js';
import { emitObject, lockObject, saveObject } from './lock-object.js';

export interface DecideApprovalInput {
  readonly id: string;
  readonly expectedVersion?: number | null;
  readonly approve: boolean;
  readonly reason?: string;
}

/**
 * An operator's answer. Approved: a registration becomes active, an update is written, a deletion is carried out. Disapproved:
 * a registration ends and frees its id, the others go back to where they were. Two answers at once: the second is `wrong_state`.
 * Errors: forbidden, not_found, version_conflict, wrong_state.
 */
export async function decideApproval(tx: Unit, input: DecideApprovalInput): Promise<Approval> {
  requireEverywhere(tx.actor, 'write');
  const seen = found('approval', await tx.approvals.find(input.id));
  if (seen.objectKind === 'instance') await relyOnTenantOf(tx, seen.objectId);
  const object = await lockObject(tx, { kind: seen.objectKind, id: seen.objectId }, 'write').catch((error: unknown) => {
    if (error instanceof DomainError && error.code === 'terminated') return undefined;
    throw error;
  });
  const before = found('approval', await tx.approvals.lock(input.id));
  checkVersion('approval', before, input.expectedVersion);
  if (before.status !== 'OPEN' || object === undefined) {
    throw new DomainError('wrong_state', { kind: 'approval', state: before.status, command: 'decide' });
  }
  const after = await tx.approvals.save(before, {
    status: input.approve ? 'APPROVED' : 'DISAPPROVED',
    openKey: before.id,
    decidedBy: actorName(tx.actor),
    decidedAt: tx.now,
    decisionReason: checkOptionalText('reason', input.reason ?? '', 1_000),
  });
  const ends = input.approve ? before.kind === 'delete' : before.kind === 'register';
  const applied = await saveObject(tx, object, {
    pending: '',
    ...(input.approve && before.kind === 'register' ? { activated: true } : {}),
    ...(input.approve && before.kind === 'update' ? before.proposed : {}),
  });
  emitObject(tx, `${before.kind}_${input.approve ? 'approved' : 'disapproved'}`, applied);
  if (ends) {
    await terminateObject(tx, { kind: applied.kind, id: applied.row.id }, 'write');
    for (const ref of await tx.externalRefs.findMany({ targetId: applied.row.id, liveKey: '0' })) {
      await tx.externalRefs.save(ref, { liveKey: ref.id });
    }
  }
  return after;
}
