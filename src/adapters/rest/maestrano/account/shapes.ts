import { z } from 'zod';
import { type Instant, toInstant } from '../../../../core/shared/clock.js';

/** Read leniently: what is missing is '' or null, what is unknown is ignored. */
const id = z.union([z.string().min(1), z.int()]).transform(String);
const text = z
  .union([z.string(), z.number(), z.boolean()])
  .nullish()
  .transform((value) => (value === null || value === undefined ? '' : String(value)));
const yes = z
  .unknown()
  .optional()
  .transform((value) => value === true || value === 'true');
const cents = z.union([z.number(), z.string()]).nullish().transform(whole);
const status = text.transform((value) => value.toLowerCase());

function instantIn(value: unknown): Instant | undefined {
  const milliseconds = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(milliseconds) ? undefined : toInstant(milliseconds);
}

function whole(value: number | string | null | undefined): bigint | null {
  const digits = String(value ?? '').replace(/\.0*$/, '');
  return /^-?\d+$/.test(digits) ? BigInt(digits) : null;
}

export const groupShape = z.object({
  id,
  name: text,
  status,
  has_credit_card: yes,
  free_trial_end_at: text,
  email: text,
  currency: text,
  timezone: text,
  country: text,
  city: text,
  main_accounting: text,
});

export const userShape = z.object({
  id,
  name: text,
  surname: text,
  email: text,
  company_name: text,
  country: text,
  created_at: text,
  updated_at: text,
});

const billFields = {
  id,
  group_id: text,
  created_at: text,
  price_cents: cents,
  status,
  currency: text,
  description: text,
};

export const billShape = z.object({ ...billFields, units: text, period_started_at: text, period_ended_at: text });

/** Null = never; undefined = the answer does not say. */
const pastInstant = z
  .unknown()
  .optional()
  .transform((value) => (value === null ? null : instantIn(value)));

export const recurringBillShape = z.object({
  ...billFields,
  period: text,
  start_date: text,
  last_execution_at: pastInstant,
  next_execution_at: text,
});

export const resellerShape = z.object({ id, name: text, code: text, country: text });

export const pingShape = z.object({ msg: text });

export type Group = z.output<typeof groupShape>;
export type AccountUser = z.output<typeof userShape>;
export type Bill = z.output<typeof billShape>;
export type RecurringBill = z.output<typeof recurringBillShape>;
export type Reseller = z.output<typeof resellerShape>;

/** What every answer is wrapped in. Without a `success` that is true or false, perhaps as a text, it is no answer. */
export const envelopeShape = z.object({
  success: z.union([z.boolean(), z.enum(['true', 'false']).transform((value) => value === 'true')]),
  errors: z.unknown().optional().transform(fieldErrors),
  data: z.unknown().optional(),
});

function fieldErrors(value: unknown): Readonly<Record<string, readonly string[]>> {
  if (value === null || typeof value !== 'object')
    return typeof value === 'string' && value !== '' ? { base: [value] } : {};
  return Object.fromEntries(
    Object.entries(value).map(([field, texts]) => [field, (Array.isArray(texts) ? texts : [texts]).map(String)]),
  );
}
