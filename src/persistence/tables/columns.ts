/**
 * What a column holds. `id` and `ascii` compare as bytes, `text` and `long` as code points, instants and hashes are ascii;
 * `money` is a 64-bit integer that crosses the driver as decimal text; `json` and `sealed` are text to the database.
 */
export type ColumnKind =
  | 'id'
  | 'ascii'
  | 'instant'
  | 'text'
  | 'long'
  | 'int'
  | 'big'
  | 'bool'
  | 'money'
  | 'json'
  | 'sealed';

export interface Column {
  readonly kind: ColumnKind;
  readonly length: number;
  readonly nullable: boolean;
  /** Never shown in the journal. */
  readonly secret: boolean;
  /** A sealed column whose plain text is JSON. */
  readonly holdsJson: boolean;
  /** When the name made from the property is a reserved word. */
  readonly name?: string;
  /** What a row without a value is read as (`added`). */
  readonly absent?: string;
}

function column(kind: ColumnKind, length = 0): Column {
  return { kind, length, nullable: false, secret: false, holdsJson: false };
}

export const id = (): Column => column('id', 30);
export const instant = (): Column => column('instant', 24);
export const ascii = (length: number): Column => column('ascii', length);
export const text = (length = 200): Column => column('text', length);
export const long = (): Column => column('long');
export const int = (): Column => column('int');
export const big = (): Column => column('big');
export const bool = (): Column => column('bool');
export const money = (): Column => column('money');
export const json = (): Column => column('json');
export const sealed = (): Column => ({ ...column('sealed'), secret: true });
export const sealedJson = (): Column => ({ ...sealed(), holdsJson: true });

export const nullable = (of: Column): Column => ({ ...of, nullable: true });
export const secret = (of: Column): Column => ({ ...of, secret: true });
export const named = (name: string, of: Column): Column => ({ ...of, name });

/**
 * A column of a later migration: the database allows null there, so that a process of the version before can go on inserting.
 * Such a row gets `absent` (the text as stored) as the column's default; long texts have none and are read as that.
 */
export const added = (of: Column, absent: string): Column => ({ ...of, nullable: true, absent });
