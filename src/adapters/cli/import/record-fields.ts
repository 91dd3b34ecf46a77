import type { Property } from '../../../core/shared/properties.js';
import type { UsageInput } from '../../../core/usage/index.js';

/** Something in a line that is not as it should be, in words for whoever wrote the file. */
export class LineProblem extends Error {}

/** Columns and keys by the names of the hub, and by those of the PRM services. */
const names: Readonly<Record<string, keyof UsageInput>> = {
  transactionId: 'transactionId',
  providerExternalId: 'providerExternalId',
  spAccountId: 'providerExternalId',
  applicationExternalId: 'applicationExternalId',
  appAccountId: 'applicationExternalId',
  serviceName: 'serviceName',
  occurredAt: 'occurredAt',
  timeStamp: 'occurredAt',
  originAddress: 'originAddress',
  origAddr: 'originAddress',
  destinationAddress: 'destinationAddress',
  destAddr: 'destinationAddress',
  completionStatus: 'completionStatus',
  info: 'info',
  properties: 'properties',
  additionalProperties: 'properties',
  statisticType: 'statisticType',
};

const required = ['transactionId', 'providerExternalId', 'serviceName', 'occurredAt', 'completionStatus'] as const;

export const knownNames: readonly string[] = Object.keys(names);

/** What is wrong with the names themselves, or undefined. */
export function problemOfNames(given: readonly string[]): string | undefined {
  const unknown = given.filter((name) => names[name] === undefined);
  if (unknown.length > 0) return `unknown: ${unknown.join(', ')}`;
  const fields = given.map((name) => names[name]!);
  const twice = fields.find((field, at) => fields.indexOf(field) !== at);
  if (twice !== undefined) return `${twice} is given twice`;
  const missing = required.filter((field) => !fields.includes(field));
  return missing.length > 0 ? `missing: ${missing.join(', ')}` : undefined;
}

/** One line as the core takes it. What is empty is absent. Throws a LineProblem. */
export function usageOf(line: Readonly<Record<string, unknown>>): UsageInput {
  const given = Object.entries(line).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const problem = problemOfNames(given.map(([name]) => name));
  if (problem !== undefined) throw new LineProblem(problem);
  const values = Object.fromEntries(given.map(([name, value]) => [names[name]!, value]));
  return {
    transactionId: integer('transactionId', values.transactionId),
    providerExternalId: text('providerExternalId', values.providerExternalId),
    serviceName: text('serviceName', values.serviceName),
    occurredAt: instant(values.occurredAt),
    completionStatus: text('completionStatus', values.completionStatus),
    ...optional('applicationExternalId', values, text),
    ...optional('originAddress', values, text),
    ...optional('destinationAddress', values, text),
    ...optional('info', values, text),
    ...optional('properties', values, properties),
    ...optional('statisticType', values, (field, value) => Number(integer(field, value))),
  };
}

function optional<Field extends string, T>(
  field: Field,
  values: Readonly<Record<string, unknown>>,
  read: (field: string, value: unknown) => T,
): { readonly [F in Field]?: T } {
  return values[field] === undefined ? {} : ({ [field]: read(field, values[field]) } as { [F in Field]: T });
}

function text(field: string, value: unknown): string {
  if (typeof value !== 'string') throw new LineProblem(`${field} must be text`);
  return value;
}

function integer(field: string, value: unknown): bigint {
  if (typeof value === 'string' && /^-?\d{1,19}$/.test(value)) return BigInt(value);
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  throw new LineProblem(`${field} must be a whole number`);
}

/** ISO 8601, or milliseconds since 1970 as gateways count. */
function instant(value: unknown): string {
  const milliseconds = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof milliseconds === 'number') {
    const date = new Date(milliseconds);
    if (Number.isNaN(date.getTime())) throw new LineProblem('occurredAt must be an instant');
    return date.toISOString();
  }
  return text('occurredAt', value);
}

/** `[{ name, value }]` or `{ name: value }`; in CSV as JSON text. */
function properties(field: string, value: unknown): Property[] {
  const given = typeof value === 'string' ? parsed(field, value) : value;
  if (typeof given !== 'object' || given === null) throw new LineProblem(`${field} must be an object or a list`);
  if (!Array.isArray(given)) return Object.entries(given).map(([name, held]) => property(field, { name, value: held }));
  return given.map((one: unknown) => property(field, one));
}

function property(field: string, given: unknown): Property {
  const { name, value = null } = (given ?? {}) as { name?: unknown; value?: unknown };
  if (typeof name !== 'string' || (value !== null && typeof value !== 'string')) {
    throw new LineProblem(`${field} must have names, and values that are text`);
  }
  return { name, value };
}

function parsed(field: string, value: string): unknown {
  try {
    return JSON.parse(value) as unknown;
  } catch {
    throw new LineProblem(`${field} must be JSON`);
  }
}
