import { type ListName, type ReaderField, readerFields } from '../../core/reader-fields.js';
import { decoderOf } from '../rows/codec.js';
import { columnText } from '../rows/statements.js';
import type { Secrets } from '../secrets.js';
import type { Row } from '../sql/sql.js';
import type { Table } from '../tables/define-table.js';
import type { ListField } from './conditions.js';
import type { Scope } from './scopes.js';

/** One list: where its rows come from, what a view of a row has, and who may see which. */
export interface ListSpec<T> {
  readonly list: ListName;
  readonly table: Table<T>;
  readonly scope: Scope;
  readonly omit?: readonly (keyof T & string)[];
  /** Fields of the view that are no columns of the table. */
  readonly extra?: readonly ExtraField[];
  /** Added after `FROM table t`. */
  readonly join?: string;
}

export interface ExtraField {
  readonly field: string;
  readonly sql: string;
  readonly decode?: (value: never) => unknown;
  /** Kept when the value is NULL: the field is undefined instead. */
  readonly absentWhenNull?: boolean;
}

/** A spec with everything that is made once. */
export interface CompiledList {
  readonly list: ListName;
  readonly from: string;
  readonly select: string;
  readonly fields: ReadonlyMap<string, ListField>;
  readonly scope: Scope;
  decode(row: Row): Row;
}

export function compileList<T>(spec: ListSpec<T>, secrets: Secrets): CompiledList {
  const { table } = spec;
  const shown = table.fields.filter((field) => !spec.omit?.includes(field));
  const columns = shown.map((field) => `${columnText(table, field)} AS \`${field}\``);
  const extras = (spec.extra ?? []).map((extra) => `${extra.sql} AS \`${extra.field}\``);
  const decoders: [string, (value: never) => unknown, boolean][] = [];
  for (const field of shown) {
    const decode = decoderOf(table.columns[field], secrets, `${table.name}.${table.column(field)}`);
    if (decode) decoders.push([field, decode, false]);
  }
  for (const { field, decode, absentWhenNull } of spec.extra ?? []) {
    if (decode) decoders.push([field, decode, absentWhenNull === true]);
  }
  return {
    list: spec.list,
    from: `FROM \`${table.name}\` t${spec.join ?? ''}`,
    select: [...columns, ...extras].join(', '),
    fields: new Map(
      (readerFields[spec.list] as readonly ReaderField[]).map((field) => [field.name, listField(spec, field)]),
    ),
    scope: spec.scope,
    decode(row) {
      for (const [field, decode, absentWhenNull] of decoders) {
        const value = row[field];
        if (value !== null) row[field] = decode(value as never);
        else if (absentWhenNull) row[field] = undefined;
      }
      return row;
    },
  };
}

function listField<T>({ table, extra }: ListSpec<T>, field: ReaderField): ListField {
  const joined = extra?.find((candidate) => candidate.field === field.name);
  if (joined) return { ...field, sql: joined.sql, ascii: field.type === 'id' || field.type === 'instant' };
  const column = table.columns[field.name as keyof T & string];
  return {
    ...field,
    sql: `t.\`${table.column(field.name)}\``,
    ascii: column.kind === 'id' || column.kind === 'ascii' || column.kind === 'instant',
  };
}
