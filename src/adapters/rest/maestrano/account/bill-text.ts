import { type Charge, unitPriceOf } from '../../../../core/billing/index.js';
import type { Interval } from '../../../../core/catalog/index.js';
import type { Instant } from '../../../../core/shared/clock.js';

/** Characters a description may have there. */
const longestDescription = 255;
const periods: Readonly<Record<Interval, string>> = { day: 'Day', week: 'Week', month: 'Month', year: 'Year' };

/** There is no key for a repeated call: a bill is known again by the charge's id at the end of its description. */
function markerOf(chargeId: string): string {
  return `[${chargeId}]`;
}

/** The text with the charge's marker at its end, cut so that the marker always fits. */
export function markedText(text: string, chargeId: string): string {
  const marker = ` ${markerOf(chargeId)}`;
  return `${[...text]
    .slice(0, longestDescription - marker.length)
    .join('')
    .trimEnd()}${marker}`;
}

export function isMarked(description: string, chargeId: string): boolean {
  return description.trimEnd().endsWith(markerOf(chargeId));
}

/** What a charge is as a bill or recurring bill of that group (spec Maestrano 1.7). */
export function billForm(charge: Charge, groupUid: string, now: Instant): URLSearchParams {
  const form = new URLSearchParams({
    group_id: groupUid,
    price_cents: String(unitPriceOf(charge)),
    currency: charge.currency,
    description: markedText(charge.description, charge.id),
  });
  if (charge.kind === 'RECURRING') {
    form.set('period', periods[charge.interval ?? 'month']);
    // a start in the past is refused; without one it starts now
    if (charge.startsAt !== null && charge.startsAt > now) form.set('start_date', wholeSecond(charge.startsAt));
    return form;
  }
  form.set('units', charge.units);
  if (charge.periodStartsAt !== null && charge.periodEndsAt !== null) {
    form.set('period_started_at', wholeSecond(charge.periodStartsAt));
    form.set('period_ended_at', wholeSecond(charge.periodEndsAt));
  }
  if (charge.thirdParty) form.set('third_party', 'true');
  return form;
}

/** Rounded up, so that nothing starts before a trial ends. */
function wholeSecond(instant: Instant): string {
  return `${new Date(Math.ceil(Date.parse(instant) / 1_000) * 1_000).toISOString().slice(0, 19)}Z`;
}
