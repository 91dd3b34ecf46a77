import { type Instant, toInstant } from '../../../../../core/shared/clock.js';

const form = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?\s?(Z|UTC|[+-]\d{2}:?\d{2})?$/;

/** An ISO 8601 date and time; without a zone it is UTC. Null when it is none, such as the 30th of February. */
export function readDateTime(text: string): Instant | null {
  const [, date, time, fraction = '', zone = 'Z'] = form.exec(text.trim()) ?? [];
  if (date === undefined || time === undefined) return null;
  const milliseconds = fraction.slice(0, 3).padEnd(3, '0');
  const local = Date.parse(`${date}T${time}.${milliseconds}Z`);
  // the calendar of Date goes on after the end of a month
  if (Number.isNaN(local) || !toInstant(local).startsWith(`${date}T${time}`)) return null;
  return toInstant(local - offsetOf(zone));
}

function offsetOf(zone: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone) ?? [];
  if (sign === undefined) return 0;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
