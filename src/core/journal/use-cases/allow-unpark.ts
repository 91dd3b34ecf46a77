import { requireEverywhere } from '../../shared/actor.js';
import { DomainError } from '../../shared/errors.js';
import type { Tx } from '../../shared/unit-of-work.js';

/**
 * Leaves the trace of a parked delivery being let go and says whether it is allowed; `ParkedDeliveries.unpark` carries it out
 * afterwards. Level READ_WRITE. Errors: forbidden, wrong_state (not parked).
 */
export async function allowUnpark(
  tx: Tx,
  delivery: { readonly id: string; readonly tenantId: string; readonly parkedAt: string | null },
): Promise<{ readonly id: string }> {
  requireEverywhere(tx.actor, 'write');
  if (delivery.parkedAt === null) {
    throw new DomainError('wrong_state', { kind: 'delivery', state: 'NOT_PARKED', command: 'unpark' });
  }
  tx.note({ objectKind: 'delivery', objectId: delivery.id, tenantId: delivery.tenantId });
  return { id: delivery.id };
}
