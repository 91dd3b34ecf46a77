import { isRecord } from '../soap-client.js';
import type { Side } from './party.js';

/** Fields of an account, an instance or a group, in the order their type has them. */
export interface Bean {
  readonly name?: string;
  readonly description?: string;
  readonly address?: string;
  readonly eMailAddress?: string;
  readonly contactPerson?: string;
  readonly phoneNumber?: string;
  readonly sla?: string;
  readonly properties?: Readonly<Record<string, string>>;
}

/** The provider's services spell the fields of a bean with capitals (PRM guide 4.0, chapter 7), the operator's without. */
export function spelled(side: Side, bean: Bean): object {
  const { properties, ...fields } = bean;
  const named = Object.entries(fields).map(([name, value]) => [nameOn(side, name), value]);
  const pairs = Object.entries(properties ?? {}).map(([name, value]) => ({
    [nameOn(side, 'name')]: name,
    [nameOn(side, 'value')]: value,
  }));
  return Object.fromEntries(pairs.length === 0 ? named : [...named, [nameOn(side, 'properties'), { item: pairs }]]);
}

function nameOn(side: Side, name: string): string {
  if (side === 'op') return name;
  return name === 'sla' ? 'SLA' : name.charAt(0).toUpperCase() + name.slice(1);
}

/** A field of a bean in either spelling. */
export function fieldOf(bean: unknown, name: string): unknown {
  if (!isRecord(bean)) return undefined;
  const key = Object.keys(bean).find((one) => one.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : bean[key];
}

/** The value of one of its properties. */
export function propertyOf(bean: unknown, name: string): unknown {
  const items = fieldOf(fieldOf(bean, 'properties'), 'item');
  const pairs: readonly unknown[] = Array.isArray(items) ? items : [items];
  return fieldOf(
    pairs.find((pair) => fieldOf(pair, 'name') === name),
    'value',
  );
}

/** A list as a return value: none, one or many. */
export function itemsOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
