import { checkOptionalUrl } from '../../catalog/index.js';
import { invalid } from '../../shared/errors.js';
import { checkProperties } from '../../shared/properties.js';
import { checkProse, checkText } from '../../shared/text.js';
import { type Contact, checkContact, checkCountry, checkTimeZone } from '../../tenancy/index.js';
import type { ApprovableKind } from '../model.js';
import { checkInstanceUrl, checkParameters } from './configure-instance.js';
import type { LifecycleObject } from './lock-object.js';

type Check = (value: unknown) => unknown;

const text =
  (field: string, check: (field: string, value: string) => string): Check =>
  (value) => {
    if (typeof value !== 'string') throw invalid(field, 'must be text');
    return check(field, value);
  };

const record = (field: string, value: unknown): Readonly<Record<string, string>> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(field, 'must be an object');
  if (Object.values(value).some((part) => typeof part !== 'string')) throw invalid(field, 'must hold text');
  return value as Record<string, string>;
};

const name = text('name', checkText);
const description = text('description', (field, value) => checkProse(field, value, 2_000));
const properties: Check = (value) => {
  if (!Array.isArray(value)) throw invalid('properties', 'must be a list');
  return checkProperties(
    value.map((pair: unknown) => {
      const { name: key, value: held } = (pair ?? {}) as Readonly<Record<string, unknown>>;
      if (typeof key !== 'string' || (held !== null && typeof held !== 'string')) {
        throw invalid('properties', 'must be pairs of name and value');
      }
      return { name: key, value: held };
    }),
  );
};
const url = (field: string) => text(field, checkOptionalUrl);

/** What an update proposal may touch: never who owns it, never its state. */
const proposable: Readonly<Record<ApprovableKind, Readonly<Record<string, Check>>>> = {
  tenant: {
    name,
    country: text('country', (_, value) => checkCountry(value)),
    timeZone: text('timeZone', (_, value) => checkTimeZone(value)),
    contact: (value) => checkContact(record('contact', value) as Contact),
    properties,
  },
  application: {
    name,
    description,
    properties,
    accessUrl: url('accessUrl'),
    loginUrl: url('loginUrl'),
    logoutUrl: url('logoutUrl'),
  },
  instance: {
    name,
    accessUrl: text('accessUrl', (_, value) => checkInstanceUrl(value)),
    parameters: (value) => checkParameters(record('parameters', value)),
    description,
    properties,
  },
};

/**
 * The proposal as it may be written on approval, checked like the change itself; parts of a contact that are not named stay as they
 * are. Throws `invalid_value`.
 */
export function checkProposal(
  { kind, row }: LifecycleObject,
  proposed: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const checks = proposable[kind];
  const checked = Object.fromEntries(
    Object.entries(proposed).map(([field, value]) => {
      const check = Object.hasOwn(checks, field) ? checks[field] : undefined;
      if (check === undefined) throw invalid(field, 'cannot be changed by a request');
      return [field, check(value)];
    }),
  );
  if (kind !== 'tenant' || checked.contact === undefined) return checked;
  return { ...checked, contact: { ...row.contact, ...checked.contact } };
}
