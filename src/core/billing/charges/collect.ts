import { found } from '../../shared/checks.js';
import { shift } from '../../shared/clock.js';
import { DomainError } from '../../shared/errors.js';
import type { Charge } from '../model.js';
import { unitPriceOf } from './amounts.js';
import { type ChargeTx, emitCharge } from './rows.js';

/** Whoever sends bills, and which charge. */
export interface Collected {
  readonly id: string;
  /** One worker's try; up to 36 characters. */
  readonly owner: string;
}

export interface Claim {
  readonly charge: Charge;
  /** Somebody began to send it before: a bill may be there although no answer was heard. */
  readonly lookFirst: boolean;
}

const released = { leaseOwner: '', leasedUntil: null } as const;

/**
 * Takes a charge to be sent, or a cancellation the marketplace must be told of (`charge.status` says which), for `leaseMs`
 * milliseconds: until then nobody else gets it. Undefined = there is nothing to do (any more).
 * Errors: busy (somebody else is at it: come again later).
 */
export async function claimCharge(
  tx: ChargeTx,
  { id, owner, leaseMs }: Collected & { readonly leaseMs: number },
): Promise<Claim | undefined> {
  const before = await tx.charges.lock(id);
  if (before === undefined || !isWaiting(before)) return undefined;
  const taken = before.leasedUntil !== null && before.leasedUntil > tx.now && before.leaseOwner !== owner;
  if (taken) throw new DomainError('busy');
  const charge = await tx.charges.save(before, {
    leaseOwner: owner,
    leasedUntil: shift(tx.now, leaseMs),
    attemptedAt: before.attemptedAt ?? tx.now,
  });
  return { charge, lookFirst: before.attemptedAt !== null };
}

function isWaiting(charge: Charge): boolean {
  if (charge.channelId === '') return false;
  if (charge.status === 'CANCELED') return charge.cancelDueAt !== null;
  return charge.status === 'DUE' && unitPriceOf(charge) > 0n;
}

/**
 * The marketplace has it, under that id: known by its answer or by looking. One that was withdrawn meanwhile keeps the id and is to
 * be taken back. Telling it again changes nothing. Errors: not_found, wrong_state (it is there under another id).
 */
export async function chargeSubmitted(
  tx: ChargeTx,
  { id, externalId }: Collected & { readonly externalId: string },
): Promise<Charge> {
  const before = found('charge', await tx.charges.lock(id));
  if (before.externalId === externalId && before.status !== 'DUE') return before;
  if (before.externalId !== '' && before.externalId !== externalId) {
    throw new DomainError('wrong_state', { kind: 'charge', state: before.status, command: 'a second bill' });
  }
  if (before.status === 'CANCELED') {
    const after = await tx.charges.save(before, { ...released, externalId, cancelDueAt: before.cancelDueAt ?? tx.now });
    emitCharge(tx, 'charge.cancel_due', after);
    return after;
  }
  const after = await tx.charges.save(before, { ...released, externalId, status: 'SUBMITTED', failure: '' });
  emitCharge(tx, 'charge.submitted', after);
  return after;
}

/** The marketplace does not take it, and there is no bill. An operator may have it tried again. */
export function chargeRefused(tx: ChargeTx, input: Collected & { readonly reason: string }): Promise<Charge> {
  return notTaken(tx, input, 'REFUSED', 'charge.refused');
}

/** There is nobody to bill any more, and there is no bill. */
export function chargeUncollectable(tx: ChargeTx, input: Collected & { readonly reason: string }): Promise<Charge> {
  return notTaken(tx, input, 'UNCOLLECTABLE', 'charge.uncollectable');
}

/** No answer, or none that says anything: it stays as it is for the next one who comes. */
export async function chargeFailed(
  tx: ChargeTx,
  { id, owner, reason }: Collected & { readonly reason: string },
): Promise<Charge> {
  const before = found('charge', await tx.charges.lock(id));
  if (before.leaseOwner !== owner) return before;
  return tx.charges.save(before, { ...released, failure: shortened(reason) });
}

/** What somebody else has taken over is theirs to tell about: then nothing changes. */
async function notTaken(
  tx: ChargeTx,
  { id, owner, reason }: Collected & { readonly reason: string },
  status: 'REFUSED' | 'UNCOLLECTABLE',
  event: 'charge.refused' | 'charge.uncollectable',
): Promise<Charge> {
  const before = found('charge', await tx.charges.lock(id));
  if (before.leaseOwner !== owner) return before;
  const gone = { ...released, failure: shortened(reason) };
  if (before.status === 'CANCELED') {
    const after = await tx.charges.save(before, { ...gone, cancelDueAt: null });
    emitCharge(tx, 'charge.canceled', after);
    return after;
  }
  if (before.status !== 'DUE') return before;
  const after = await tx.charges.save(before, { ...gone, status, attemptedAt: null });
  emitCharge(tx, event, after);
  return after;
}

/** What a marketplace says, as long as it is kept. */
export function shortened(reason: string): string {
  return [...reason].slice(0, 500).join('');
}
