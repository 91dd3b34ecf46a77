import { found } from '../../shared/checks.js';
import type { Charge } from '../model.js';
import { type ChargeTx, emitCharge } from './rows.js';

/**
 * The marketplace knows that it is canceled, or has no bill of it. Whoever finds a bill whose id was not known tells it first
 * (`chargeSubmitted`). `failure`: why its bill stays all the same. Telling it again changes nothing. Errors: not_found.
 */
export async function chargeCancelTold(
  tx: ChargeTx,
  { id, failure = '' }: { readonly id: string; readonly failure?: string },
): Promise<Charge> {
  const before = found('charge', await tx.charges.lock(id));
  if (before.cancelDueAt === null) return before;
  const neverThere = before.externalId === '';
  const after = await tx.charges.save(before, {
    cancelDueAt: null,
    leaseOwner: '',
    leasedUntil: null,
    failure: [...failure].slice(0, 500).join(''),
    ...(neverThere ? { attemptedAt: null } : {}),
  });
  emitCharge(tx, 'charge.canceled', after);
  return after;
}
