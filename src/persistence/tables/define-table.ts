import type { ObjectKind } from '../../core/shared/ids.js';
import type { Column } from './columns.js';

/** How changes of a row appear in the journal. */
export interface Journaling<T> {
  readonly kind: ObjectKind;
  /** The tenant an entry belongs to; '' = none. */
  readonly tenantId: (row: T) => string;
}

export interface TableOptions<T> {
  /** Default: id. */
  readonly primaryKey?: readonly (keyof T & string)[];
  readonly unique?: readonly (readonly (keyof T & string)[])[];
  readonly indexes?: readonly (readonly (keyof T & string)[])[];
  /** Absent = not journaled. */
  readonly journal?: Journaling<T>;
}

/** One stored thing: the only place that says which columns it has. Entities, statements and the drift check come from it. */
export interface Table<T> {
  readonly name: string;
  readonly columns: { readonly [K in keyof T & string]: Column };
  readonly fields: readonly (keyof T & string)[];
  readonly primaryKey: readonly (keyof T & string)[];
  readonly unique: readonly (readonly (keyof T & string)[])[];
  readonly indexes: readonly (readonly (keyof T & string)[])[];
  readonly journal: Journaling<T> | undefined;
  /** The SQL name of a field. */
  column(field: string): string;
}

export function defineTable<T>(
  name: string,
  columns: { readonly [K in keyof T & string]: Column },
  options: TableOptions<T> = {},
): Table<T> {
  const fields = Object.keys(columns) as (keyof T & string)[];
  const names = new Map<string, string>(fields.map((field) => [field, columns[field].name ?? snakeCase(field)]));
  return {
    name,
    columns,
    fields,
    primaryKey: options.primaryKey ?? (['id'] as (keyof T & string)[]),
    unique: options.unique ?? [],
    indexes: options.indexes ?? [],
    journal: options.journal,
    column(field) {
      const found = names.get(field);
      if (found === undefined) throw new Error(`${name} has no field ${field}`);
      return found;
    },
  };
}

function snakeCase(field: string): string {
  return field.replaceAll(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
}
