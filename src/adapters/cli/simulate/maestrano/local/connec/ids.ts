import { isObject } from '../http.js';
import type { ConnecRecord, ExternalId, Group } from '../model.js';

/** Id objects of a value, without Connec!'s own; undefined when it is no id array. */
export function externalIdsOf(value: unknown): readonly ExternalId[] | undefined {
  if (!Array.isArray(value) || value.length === 0 || !value.every(isIdObject)) return undefined;
  return value
    .filter(({ provider }) => provider !== 'connec')
    .map(({ id, provider, realm }) => ({ id, provider, realm }));
}

/** Whether a text or an id array names a record by what Connec! calls it. */
export function connecIdOf(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') return value;
  if (!Array.isArray(value)) return undefined;
  return value.filter(isIdObject).find(({ provider }) => provider === 'connec')?.id;
}

function isIdObject(value: unknown): value is ExternalId {
  return isObject(value) && typeof value.id === 'string' && typeof value.provider === 'string';
}

export interface IdView {
  /** `CONNEC-EXTERNAL-IDS: true`: arrays instead of texts (spec Maestrano 1.8.3). */
  readonly arrays: boolean;
  readonly group: Group;
  readonly records: readonly ConnecRecord[];
}

export function shownId(record: ConnecRecord, { arrays, group }: IdView): unknown {
  if (!arrays) return record.id;
  return [{ id: record.id, provider: 'connec', realm: group.organizationUid }, ...record.externalIds];
}

/** The value with every reference in it (`…_id`) written as the caller asked. What refers to nothing known stays as it was written. */
export function withReferences(value: unknown, view: IdView): unknown {
  if (Array.isArray(value)) return value.map((item) => withReferences(item, view));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const record = name.endsWith('_id') ? referenced(inner, view.records) : undefined;
      return [name, record === undefined ? withReferences(inner, view) : shownId(record, view)];
    }),
  );
}

function referenced(value: unknown, records: readonly ConnecRecord[]): ConnecRecord | undefined {
  const connecId = connecIdOf(value);
  const external = externalIdsOf(value) ?? [];
  return records.find(
    (record) => record.id === connecId || external.some((id) => record.externalIds.some((known) => isSame(known, id))),
  );
}

export function isSame(one: ExternalId, other: ExternalId): boolean {
  return one.id === other.id && one.provider === other.provider && one.realm === other.realm;
}
