import { requireEverywhere } from '../../shared/actor.js';
import { invalid } from '../../shared/errors.js';
import { kindOfId } from '../../shared/ids.js';
import type { Tx } from '../../shared/unit-of-work.js';

/**
 * Leaves the trace of an erasure and says whether it is allowed; `JournalPayloads.erase` carries it out afterwards, and may do so
 * again. Level ADMINISTRATOR. Errors: forbidden, invalid_value (no id of ours).
 */
export async function allowErasure(tx: Tx, input: { readonly objectId: string }): Promise<{ readonly id: string }> {
  requireEverywhere(tx.actor, 'admin');
  const objectKind = kindOfId(input.objectId);
  if (objectKind === undefined) throw invalid('objectId', 'is not an id');
  tx.note({ objectKind, objectId: input.objectId, tenantId: '' });
  return { id: input.objectId };
}
