/** Column notation of the migrations. Apart from src on purpose: a migration must not change when the model does. */
export interface ColumnSpec {
  readonly kind: 'char' | 'ascii' | 'text' | 'long' | 'int' | 'bigint' | 'bool';
  readonly length?: number;
  readonly nullable?: boolean;
}

export const id: ColumnSpec = { kind: 'char', length: 30 };
export const instant: ColumnSpec = { kind: 'char', length: 24 };
export const ascii = (length: number): ColumnSpec => ({ kind: 'ascii', length });
export const text = (length: number): ColumnSpec => ({ kind: 'text', length });
export const long: ColumnSpec = { kind: 'long' };
export const int: ColumnSpec = { kind: 'int' };
export const bigint: ColumnSpec = { kind: 'bigint' };
export const bool: ColumnSpec = { kind: 'bool' };
export const orNull = (column: ColumnSpec): ColumnSpec => ({ ...column, nullable: true });
