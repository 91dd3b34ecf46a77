import { invalid } from '../../core/shared/errors.js';
import type { Secrets } from '../secrets.js';
import type { Row, SqlValue } from '../sql/sql.js';
import type { Column } from '../tables/columns.js';
import type { Table } from '../tables/define-table.js';

/** Between the model's values and the database's, per column; the database's rows already carry the model's field names. */
export interface Codec<T> {
  encode<K extends keyof T & string>(field: K, value: unknown): SqlValue;
  /** Changes the row in place into the model's object. */
  decode(row: Row): T;
}

type Decode = (value: never) => unknown;

export function createCodec<T>(table: Table<T>, secrets: Secrets): Codec<T> {
  const encoders = new Map<string, (value: unknown) => SqlValue>();
  const decoders: [string, Decode][] = [];
  for (const field of table.fields) {
    const purpose = `${table.name}.${table.column(field)}`;
    encoders.set(field, encoderOf(field, table.columns[field], secrets, purpose));
    const decode = decoderOf(table.columns[field], secrets, purpose);
    if (decode) decoders.push([field, decode]);
  }
  return {
    encode(field, value) {
      if (value === null || value === undefined) {
        if (table.columns[field].nullable) return null;
        throw new TypeError(`${table.name}.${field} must have a value`);
      }
      return encoders.get(field)!(value);
    },
    decode(row) {
      for (const [field, decode] of decoders) {
        const value = row[field];
        if (value !== null && value !== undefined) row[field] = decode(value as never);
      }
      return row as T;
    },
  };
}

function encoderOf(field: string, column: Column, secrets: Secrets, purpose: string): (value: unknown) => SqlValue {
  switch (column.kind) {
    case 'bool':
      return (value) => (value === true ? 1 : 0);
    case 'money':
      return (value) => (value as bigint).toString();
    case 'json':
      return (value) => JSON.stringify(value);
    case 'sealed':
      return (value) => sealText(column.holdsJson ? JSON.stringify(value) : (value as string), secrets, purpose);
    case 'text':
      return (value) => checkLength(field, value as string, column.length);
    default:
      return (value) => value as SqlValue;
  }
}

/** How the database's value becomes the model's; undefined when it is the same already. */
export function decoderOf(column: Column, secrets: Secrets, purpose: string): Decode | undefined {
  switch (column.kind) {
    case 'bool':
      return (value: number) => value === 1;
    case 'money':
      return (value: string) => BigInt(value);
    case 'json':
      return (value: string) => JSON.parse(value) as unknown;
    case 'sealed':
      return (value: string) => {
        const text = value === '' ? '' : secrets.open(purpose, value);
        return column.holdsJson ? (JSON.parse(text) as unknown) : text;
      };
    default:
      return undefined;
  }
}

/** '' stays '': an absent secret is no secret, and statements may ask for it. */
function sealText(plain: string, secrets: Secrets, purpose: string): string {
  return plain === '' ? '' : secrets.seal(purpose, plain);
}

/** SQLite would take any length, MySQL would fail: the answer is the same on both. */
function checkLength(field: string, value: string, limit: number): string {
  if (value.length > limit && [...value].length > limit)
    throw invalid(field, `must not be longer than ${limit} characters`);
  return value;
}
