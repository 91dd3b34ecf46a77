import { requireEverywhere } from '../../shared/actor.js';
import { DomainError } from '../../shared/errors.js';
import type { Tx } from '../../shared/unit-of-work.js';

/**
 * Leaves the trace of a parked task being tried again and says whether it is allowed; the queue carries it out afterwards. Level
 * READ_WRITE. Errors: forbidden, wrong_state (not parked).
 */
export async function allowTaskRetry(
  tx: Tx,
  task: { readonly id: string; readonly parkedAt: string | null },
): Promise<{ readonly id: string }> {
  requireEverywhere(tx.actor, 'write');
  if (task.parkedAt === null) {
    throw new DomainError('wrong_state', { kind: 'channelTask', state: 'NOT_PARKED', command: 'retry' });
  }
  tx.note({ objectKind: 'channelTask', objectId: task.id, tenantId: '' });
  return { id: task.id };
}
