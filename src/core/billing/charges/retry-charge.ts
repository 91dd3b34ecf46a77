import { found } from '../../shared/checks.js';
import { DomainError } from '../../shared/errors.js';
import type { Charge } from '../model.js';
import { isCredit } from './amounts.js';
import { type ChargeCommandTx, type ChargeTarget, lockCharge } from './lock-charge.js';
import { emitCharge } from './rows.js';

/**
 * Lets a charge be sent again that the marketplace refused or nobody could be billed for, and wakes one that waits to be sent or taken
 * back; for the one who sells. A recurring one that was refused begins now: what has passed is not billed.
 * Errors: not_found, forbidden, version_conflict, wrong_state (nothing of it is to be sent).
 */
export async function retryCharge(tx: ChargeCommandTx, target: ChargeTarget): Promise<Charge> {
  const charge = await lockCharge(tx, target);
  if (charge.channelId !== '' && !isCredit(charge)) {
    if (charge.status === 'DUE') return wake(tx, charge, 'charge.due');
    if (charge.status === 'CANCELED' && charge.cancelDueAt !== null) return wake(tx, charge, 'charge.cancel_due');
    if (charge.status === 'REFUSED' || charge.status === 'UNCOLLECTABLE') return renew(tx, charge);
  }
  throw new DomainError('wrong_state', { kind: 'charge', state: charge.status, command: 'retry' });
}

/** Written, so that whoever sends charges is told once more. */
async function wake(tx: ChargeCommandTx, { id }: Charge, event: 'charge.due' | 'charge.cancel_due'): Promise<Charge> {
  const woken = found('charge', await tx.charges.rely(id));
  emitCharge(tx, event, woken);
  return woken;
}

async function renew(tx: ChargeCommandTx, charge: Charge): Promise<Charge> {
  const { startsAt } = charge;
  const due = await tx.charges.save(charge, {
    status: 'DUE',
    failure: '',
    startsAt: startsAt !== null && startsAt < tx.now ? tx.now : startsAt,
  });
  emitCharge(tx, 'charge.due', due);
  return due;
}
