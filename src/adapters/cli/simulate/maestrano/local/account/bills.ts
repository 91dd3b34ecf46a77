import { randomBytes } from 'node:crypto';
import type { Instant } from '../../../../../../core/shared/clock.js';
import type { Answer } from '../http.js';
import type { Bill, LocalMarketplace } from '../model.js';
import { missing, refused, success } from './envelope.js';
import { FieldReader } from './fields.js';
import { shownBill } from './shown.js';

type NewBill = Pick<Bill, 'groupUid' | 'priceCents' | 'currency' | 'description'> & Partial<Bill>;

export function addBill({ bills }: LocalMarketplace, bill: NewBill, now: Instant): Bill {
  const made: Bill = {
    units: 1,
    periodStartedAt: null,
    periodEndedAt: null,
    thirdParty: false,
    status: 'submitted',
    recurringBillId: '',
    ...bill,
    id: `bill-${randomBytes(5).toString('hex')}`,
    createdAt: now,
    updatedAt: now,
  };
  bills.set(made.id, made);
  return made;
}

export function createBill(
  marketplace: LocalMarketplace,
  given: Readonly<Record<string, unknown>>,
  now: Instant,
): Answer {
  const fields = new FieldReader(given);
  const bill = {
    groupUid: fields.group(marketplace),
    priceCents: fields.integer('price_cents', 1),
    description: fields.required('description'),
    currency: fields.currency(),
    units: fields.units(),
    periodStartedAt: fields.instant('period_started_at'),
    periodEndedAt: fields.instant('period_ended_at'),
    thirdParty: fields.flag('third_party'),
  };
  if (fields.errors !== undefined) return refused(400, fields.errors);
  return success(shownBill(addBill(marketplace, bill, now)));
}

export function cancelBill({ bills }: LocalMarketplace, id: string, now: Instant): Answer {
  const bill = bills.get(id);
  if (bill === undefined) return missing();
  if (bill.status === 'invoiced') return refused(400, { status: ['has been invoiced already'] });
  if (bill.status !== 'cancelled') {
    bill.status = 'cancelled';
    bill.updatedAt = now;
  }
  return success(shownBill(bill));
}
