import type { Answer } from '../http.js';
import type { Purchase } from '../instance.js';
import type { SignedIn } from '../logins.js';
import type { Bill, RecurringBill } from '../model.js';
import { type Html, html } from './html.js';
import { page } from './page.js';
import { backTo, type Column, table, whoIs } from './parts.js';

const recurringColumns: readonly Column[] = [
  { title: 'What' },
  { title: 'Price', number: true },
  { title: 'Every' },
  { title: 'From' },
  { title: 'Next' },
  { title: 'State' },
];
const onceColumns: readonly Column[] = [
  { title: 'What' },
  { title: 'Price', number: true },
  { title: 'Units', number: true },
  { title: 'Total', number: true },
  { title: 'For' },
  { title: 'State' },
];

export function billsPage({ marketplace, group }: Purchase, who: SignedIn): Answer {
  const mine = <Row extends { readonly groupUid: string }>(rows: Iterable<Row>): Row[] =>
    [...rows].filter(({ groupUid }) => groupUid === group.uid);
  const recurring = mine(marketplace.recurringBills.values()).map(recurringRow);
  const once = mine(marketplace.bills.values()).map(onceRow);
  return page({
    title: `Bills of ${group.name}`,
    who: whoIs(marketplace, who),
    body: html`${backTo(marketplace)}<section class="card wide"><h2>Recurring</h2>${table('recurring', recurringColumns, recurring)}</section>
<section class="card wide"><h2>Once</h2>${table('once', onceColumns, once)}</section>`,
  });
}

function recurringRow(bill: RecurringBill): (Html | string)[] {
  const next = bill.nextExecutionAt === null ? '–' : date(bill.nextExecutionAt);
  const price = money(bill.priceCents, bill.currency);
  return [bill.description, price, everyOf(bill), date(bill.startDate), next, state(bill.status)];
}

function onceRow({ description, priceCents, currency, units, status, ...bill }: Bill): (Html | string)[] {
  const { periodStartedAt: from, periodEndedAt: until } = bill;
  const span = from === null || until === null ? date(bill.createdAt) : html`${date(from)} to ${date(until)}`;
  const total = money(Math.round(priceCents * units), currency);
  return [description, money(priceCents, currency), String(units), total, span, state(status)];
}

function everyOf({ period, frequency }: RecurringBill): string {
  const name = period === 'SemiMonth' ? 'half month' : period.toLowerCase();
  return frequency === 1 ? name : `${frequency} ${name}s`;
}

const money = (cents: number, currency: string): string => `${(cents / 100).toFixed(2)} ${currency}`;

const date = (instant: string): Html => html`<span class="date">${instant.slice(0, 10)}</span>`;

/** The account API has the other spelling. */
function state(status: Bill['status'] | RecurringBill['status']): Html {
  const canceled = status === 'cancelled';
  return html`<span class="tag ${canceled && 'off'}">${canceled ? 'canceled' : status}</span>`;
}
