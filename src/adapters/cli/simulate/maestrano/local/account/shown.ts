import type { Bill, Group, LocalMarketplace, Person, RecurringBill, Reseller } from '../model.js';
import { seconds } from '../saml/attributes.js';

// Rows as the account API shows them (spec Maestrano 1.7).

export function shownGroup(group: Group) {
  return {
    object: 'account_group',
    id: group.uid,
    created_at: seconds(group.createdAt),
    updated_at: seconds(group.updatedAt),
    has_credit_card: group.hasCreditCard,
    status: group.status,
    name: group.name,
    free_trial_end_at: seconds(group.freeTrialEndAt),
    email: group.email,
    currency: group.currency,
    timezone: group.timeZone,
    country: group.country,
    city: group.city,
    main_accounting: null,
  };
}

export function shownPerson({ logins }: LocalMarketplace, person: Person) {
  const login = [...logins.values()].findLast(({ personUid, ended }) => personUid === person.uid && !ended);
  return {
    object: 'account_user',
    id: person.uid,
    name: person.name,
    surname: person.surname,
    email: person.email,
    company_name: person.companyName,
    country: person.country,
    sso_session: login?.token ?? null,
    created_at: seconds(person.createdAt),
    updated_at: seconds(person.updatedAt),
  };
}

export function shownBill(bill: Bill) {
  return {
    object: 'account_bill',
    id: bill.id,
    group_id: bill.groupUid,
    created_at: seconds(bill.createdAt),
    updated_at: seconds(bill.updatedAt),
    price_cents: bill.priceCents,
    status: bill.status,
    currency: bill.currency,
    units: decimal(bill.units),
    description: bill.description,
    period_started_at: bill.periodStartedAt,
    period_ended_at: bill.periodEndedAt,
    third_party: bill.thirdParty,
  };
}

export function shownRecurringBill(bill: RecurringBill) {
  return {
    object: 'account_recurring_bill',
    id: bill.id,
    group_id: bill.groupUid,
    created_at: seconds(bill.createdAt),
    updated_at: seconds(bill.updatedAt),
    price_cents: bill.priceCents,
    status: bill.status,
    currency: bill.currency,
    description: bill.description,
    period: bill.period,
    frequency: bill.frequency,
    cycles: bill.cycles,
    initial_cents: bill.initialCents,
    start_date: seconds(bill.startDate),
    last_execution_at: bill.lastExecutionAt === null ? null : seconds(bill.lastExecutionAt),
    next_execution_at: bill.nextExecutionAt === null ? null : seconds(bill.nextExecutionAt),
    remaining_cycles: bill.remainingCycles,
  };
}

export function shownReseller(reseller: Reseller) {
  return {
    object: 'account_reseller',
    id: reseller.id,
    name: reseller.name,
    code: reseller.code,
    country: reseller.country,
    created_at: seconds(reseller.createdAt),
    updated_at: seconds(reseller.createdAt),
  };
}

/** As Ruby prints a decimal: `3.0`, `3.25`. */
function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
