import { randomBytes } from 'node:crypto';
import { day, type Instant, minute, shift, toInstant } from '../../../../../../core/shared/clock.js';
import type { Answer } from '../http.js';
import { type LocalMarketplace, type Period, periods, type RecurringBill } from '../model.js';
import { addBill } from './bills.js';
import { missing, refused, success } from './envelope.js';
import { FieldReader } from './fields.js';
import { shownRecurringBill } from './shown.js';

/** Clocks of two machines are never quite the same. */
const tolerance = minute;
/** A cycle lasts a year at most. */
const mostOften: Record<Period, number> = { Day: 365, Week: 52, SemiMonth: 1, Month: 12, Year: 1 };
/** Executions made up for at once, after the clock was moved far. */
const mostExecutions = 1_000;

export function createRecurringBill(
  marketplace: LocalMarketplace,
  given: Readonly<Record<string, unknown>>,
  now: Instant,
): Answer {
  const fields = new FieldReader(given);
  const period = periodOf(fields);
  const terms = {
    groupUid: fields.group(marketplace),
    priceCents: fields.integer('price_cents', 1),
    description: fields.required('description'),
    currency: fields.currency(),
    frequency: fields.integer('frequency', 1, 1),
    cycles: fields.text('cycles') === '' ? null : fields.integer('cycles', 1),
    initialCents: fields.integer('initial_cents', 0, 0),
  };
  const startDate = fields.instant('start_date') ?? now;
  if (startDate < shift(now, -tolerance)) fields.blame('start_date', "can't be in the past");
  if (terms.frequency > mostOften[period]) fields.blame('frequency', 'a cycle cannot be longer than a year');
  if (fields.errors !== undefined) return refused(400, fields.errors);
  const bill: RecurringBill = {
    ...terms,
    id: `rbill-${randomBytes(5).toString('hex')}`,
    period,
    startDate,
    lastExecutionAt: null,
    nextExecutionAt: startDate,
    remainingCycles: terms.cycles,
    status: 'submitted',
    createdAt: now,
    updatedAt: now,
  };
  marketplace.recurringBills.set(bill.id, bill);
  if (bill.initialCents > 0) addBill(marketplace, { ...billOf(bill), priceCents: bill.initialCents }, now);
  return success(shownRecurringBill(bill));
}

function periodOf(fields: FieldReader): Period {
  const given = fields.text('period') || 'Month';
  const period = periods.find((one) => one.toLowerCase() === given.toLowerCase());
  if (period === undefined) fields.blame('period', 'is not included in the list');
  return period ?? 'Month';
}

export function cancelRecurringBill({ recurringBills }: LocalMarketplace, id: string, now: Instant): Answer {
  const bill = recurringBills.get(id);
  if (bill === undefined) return missing();
  if (bill.status !== 'cancelled') end(bill, 'cancelled', now);
  return success(shownRecurringBill(bill));
}

/** Everything of a group that left: what has been submitted stays, nothing new is made. */
export function cancelRecurringBillsOf({ recurringBills }: LocalMarketplace, groupUid: string, now: Instant): void {
  for (const bill of recurringBills.values()) {
    if (bill.groupUid === groupUid && ['submitted', 'active'].includes(bill.status)) end(bill, 'cancelled', now);
  }
}

/** Makes the bills that are due, as a marketplace does every night. */
export function executeRecurringBills(marketplace: LocalMarketplace, now: Instant): void {
  let executions = 0;
  for (const bill of marketplace.recurringBills.values()) {
    while (bill.nextExecutionAt !== null && bill.nextExecutionAt <= now && executions < mostExecutions) {
      executions += 1;
      const next = after(bill.nextExecutionAt, bill);
      addBill(marketplace, { ...billOf(bill), periodStartedAt: bill.nextExecutionAt, periodEndedAt: next }, now);
      bill.lastExecutionAt = bill.nextExecutionAt;
      bill.nextExecutionAt = next;
      bill.status = 'active';
      bill.updatedAt = now;
      if (bill.remainingCycles !== null) bill.remainingCycles -= 1;
      if (bill.remainingCycles === 0) end(bill, 'expired', now);
    }
  }
}

function end(bill: RecurringBill, status: 'cancelled' | 'expired', now: Instant): void {
  bill.status = status;
  bill.nextExecutionAt = null;
  bill.updatedAt = now;
}

const billOf = ({ id, groupUid, priceCents, currency, description }: RecurringBill) => ({
  groupUid,
  priceCents,
  currency,
  description,
  recurringBillId: id,
});

function after(instant: Instant, { period, frequency, startDate }: RecurringBill): Instant {
  if (period === 'Day') return shift(instant, frequency * day);
  if (period === 'Week') return shift(instant, frequency * 7 * day);
  if (period === 'SemiMonth') return shift(instant, 15 * day);
  return monthsAfter(instant, period === 'Year' ? 12 : frequency, Number(startDate.slice(8, 10)));
}

/** The same day so many months later; the last one where the month has no such day. */
function monthsAfter(instant: Instant, months: number, dayOfMonth: number): Instant {
  const [year, month] = [Number(instant.slice(0, 4)), Number(instant.slice(5, 7)) - 1 + months];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const midnight = Date.UTC(year, month, Math.min(dayOfMonth, lastDay));
  return `${toInstant(midnight).slice(0, 10)}${instant.slice(10)}`;
}
