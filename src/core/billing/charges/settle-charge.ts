import { DomainError } from '../../shared/errors.js';
import { checkText } from '../../shared/text.js';
import type { Charge } from '../model.js';
import { isCredit } from './amounts.js';
import { type ChargeCommandTx, type ChargeTarget, lockCharge } from './lock-charge.js';
import { emitCharge } from './rows.js';

/**
 * Records that a charge was billed elsewhere, and under which id; for the one who sells. That is for charges no marketplace bills, for
 * those it refused or could not bill, and for credits that were paid out. Settled ones stay as they are.
 * Errors: not_found, forbidden, version_conflict, invalid_value, wrong_state (recurring, canceled, or a marketplace bills it).
 */
export async function settleCharge(
  tx: ChargeCommandTx,
  { externalId, ...target }: ChargeTarget & { readonly externalId: string },
): Promise<Charge> {
  checkText('externalId', externalId, 255);
  const charge = await lockCharge(tx, target);
  if (charge.status === 'SETTLED' && charge.externalId === externalId) return charge;
  if (charge.kind === 'RECURRING' || !mayBeSettled(charge)) {
    const state = charge.kind === 'RECURRING' ? charge.kind : charge.status;
    throw new DomainError('wrong_state', { kind: 'charge', state, command: 'settle' });
  }
  const settled = await tx.charges.save(charge, { status: 'SETTLED', externalId, failure: '' });
  emitCharge(tx, 'charge.settled', settled);
  return settled;
}

function mayBeSettled(charge: Charge): boolean {
  if (charge.status === 'REFUSED' || charge.status === 'UNCOLLECTABLE') return true;
  return charge.status === 'DUE' && (charge.channelId === '' || isCredit(charge));
}
