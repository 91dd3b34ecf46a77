import { DomainError } from '../../shared/errors.js';
import type { Charge } from '../model.js';
import { type ChargeCommandTx, type ChargeTarget, lockCharge } from './lock-charge.js';
import { returnCredits } from './offset.js';
import { withdraw } from './rows.js';

/**
 * Withdraws a charge, for the one who sells: at once when no bill can be at the marketplace yet, otherwise the marketplace is told. A
 * part of a period that credits were used for gives them back. A canceled one stays as it is. A recurring charge follows its
 * subscription: that one is ended, suspended or moved to another plan.
 * Errors: not_found, forbidden, version_conflict, wrong_state (recurring, or settled).
 */
export async function cancelCharge(tx: ChargeCommandTx, target: ChargeTarget): Promise<Charge> {
  const charge = await lockCharge(tx, target);
  if (charge.status === 'CANCELED') return charge;
  if (charge.kind === 'RECURRING' || charge.status === 'SETTLED') {
    const state = charge.kind === 'RECURRING' ? 'recurring and follows its subscription' : charge.status;
    throw new DomainError('wrong_state', { kind: 'charge', state, command: 'cancel' });
  }
  const canceled = await withdraw(tx, charge);
  if (charge.priceMinor > 0n && charge.offsetMinor > 0n) await returnCredits(tx, charge);
  return canceled;
}
