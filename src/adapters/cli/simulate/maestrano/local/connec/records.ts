import { randomUUID } from 'node:crypto';
import { type Instant, shift } from '../../../../../../core/shared/clock.js';
import { isObject } from '../http.js';
import type { ConnecRecord, Fields, Group, LocalMarketplace } from '../model.js';
import { company } from './collections.js';
import { externalIdsOf, type IdView, isSame, shownId, withReferences } from './ids.js';

/** What Connec! gives a record and nobody else may write. */
const own = new Set(['id', 'group_id', 'type', 'created_at', 'updated_at', 'opts']);

export function recordsOf({ connec }: LocalMarketplace, group: Group): readonly ConnecRecord[] {
  return [...(connec.get(group.uid)?.values() ?? [])];
}

export function inCollection(marketplace: LocalMarketplace, group: Group, collection: string): readonly ConnecRecord[] {
  return recordsOf(marketplace, group).filter((record) => record.collection === collection);
}

export function createRecord(
  { connec }: LocalMarketplace,
  group: Group,
  collection: string,
  given: Fields,
  now: Instant,
): ConnecRecord {
  const record: ConnecRecord = {
    id: randomUUID(),
    collection,
    externalIds: externalIdsOf(given.id) ?? [],
    fields: writable(given),
    createdAt: now,
    updatedAt: now,
  };
  connec.get(group.uid)?.set(record.id, record);
  return record;
}

/** Merges what is given into the record: what is not named stays, lists are replaced. */
export function updateRecord(record: ConnecRecord, given: Fields, now: Instant): void {
  record.fields = merge(record.fields, writable(given)) as Fields;
  const more = (externalIdsOf(given.id) ?? []).filter((id) => !record.externalIds.some((known) => isSame(known, id)));
  record.externalIds = [...record.externalIds, ...more];
  // Two changes within a millisecond still follow one another.
  record.updatedAt = now > record.updatedAt ? now : shift(record.updatedAt, 1);
}

/** Of a group that bought: Connec! has its company from the beginning. */
export function companyOf(marketplace: LocalMarketplace, group: Group, now: Instant): ConnecRecord {
  const [known] = inCollection(marketplace, group, company);
  if (known !== undefined) return known;
  const address = { billing: { city: group.city, country: group.country } };
  const fields = {
    name: group.name,
    email: { address: group.email },
    currency: group.currency,
    timezone: group.timeZone,
    address,
  };
  return createRecord(marketplace, group, company, fields, now);
}

export function shownRecord(record: ConnecRecord, view: IdView): Fields {
  return {
    ...(withReferences(record.fields, view) as Fields),
    id: shownId(record, view),
    group_id: view.group.uid,
    type: record.collection,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
  };
}

function writable(given: Fields): Fields {
  return Object.fromEntries(Object.entries(given).filter(([name]) => !own.has(name) && name !== '__proto__'));
}

function merge(old: unknown, given: unknown): unknown {
  if (!isObject(old) || !isObject(given)) return given;
  const names = new Set([...Object.keys(old), ...Object.keys(given)]);
  return Object.fromEntries(
    [...names].map((name) => [name, Object.hasOwn(given, name) ? merge(old[name], given[name]) : old[name]]),
  );
}

/** The value at a path such as `email.address` or `email/address`. */
export function valueAt(fields: Fields, path: string): unknown {
  let value: unknown = fields;
  for (const name of path.split(/[./]/))
    value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return value;
}
