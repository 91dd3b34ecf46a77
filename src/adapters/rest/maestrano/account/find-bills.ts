import type { Charge } from '../../../../core/billing/index.js';
import type { Instant } from '../../../../core/shared/clock.js';
import type { AccountApi, Bills } from './api.js';
import { isMarked } from './bill-text.js';
import { isFailure, isMissing } from './failure.js';
import type { Bill, RecurringBill } from './shapes.js';

export type AnyBill = Bill | RecurringBill;

/** The kind of bill a charge becomes. */
export function billsFor(api: AccountApi, charge: Pick<Charge, 'kind'>): Bills<AnyBill> {
  return charge.kind === 'RECURRING' ? api.recurringBills : api.bills;
}

/** The bills there are for the charge, the oldest first; those that were canceled do not count. */
export async function standingBills(
  api: AccountApi,
  charge: Pick<Charge, 'id' | 'kind'>,
  groupUid: string,
  signal?: AbortSignal,
): Promise<AnyBill[]> {
  const bills = await billsFor(api, charge).ofGroup(groupUid, signal);
  return bills
    .filter((bill) => bill.status !== 'cancelled' && isMarked(bill.description, charge.id))
    .toSorted((a, b) => (`${a.created_at} ${a.id}` < `${b.created_at} ${b.id}` ? -1 : 1));
}

export interface Canceled {
  /** Why it cannot be canceled any more (it was invoiced); '' = it is. */
  readonly reason: string;
  /** When a recurring one billed the last time; null = never, undefined = the marketplace does not say. */
  readonly lastBilledAt?: Instant | null | undefined;
}

/** Cancels a bill. One that is canceled or gone already is canceled. */
export async function cancelBill(
  api: AccountApi,
  charge: Pick<Charge, 'kind'>,
  billId: string,
  signal?: AbortSignal,
): Promise<Canceled> {
  try {
    const bill = await billsFor(api, charge).cancel(billId, signal);
    return { reason: '', ...('last_execution_at' in bill && { lastBilledAt: bill.last_execution_at }) };
  } catch (error) {
    if (isMissing(error)) return { reason: '' };
    if (isFailure(error, 'refused')) return { reason: error.message };
    throw error;
  }
}

/** A bill that should not be there and could not be canceled, or not before it billed. */
export interface LeftBill {
  readonly billId: string;
  readonly reason: string;
}

/**
 * Leaves one of several bills of a charge: `keep` if it is among them, else the oldest, because it may have been invoiced already.
 * Answers what could not be canceled. Safe to repeat.
 */
export async function removeDuplicates(
  api: AccountApi,
  charge: Pick<Charge, 'kind'>,
  bills: readonly AnyBill[],
  keep?: string,
  signal?: AbortSignal,
): Promise<readonly LeftBill[]> {
  const kept = bills.find(({ id }) => id === keep) ?? bills[0];
  return removeBills(
    api,
    charge,
    bills.filter(({ id }) => id !== kept?.id),
    signal,
  );
}

/** Cancels all of them and answers what could not be canceled, and which had billed already. */
export async function removeBills(
  api: AccountApi,
  charge: Pick<Charge, 'kind'>,
  bills: readonly AnyBill[],
  signal?: AbortSignal,
): Promise<readonly LeftBill[]> {
  const left: LeftBill[] = [];
  for (const { id } of bills) {
    const { reason, lastBilledAt } = await cancelBill(api, charge, id, signal);
    if (reason !== '') left.push({ billId: id, reason });
    else if (lastBilledAt) left.push({ billId: id, reason: `canceled, and it had billed a period at ${lastBilledAt}` });
  }
  return left;
}
