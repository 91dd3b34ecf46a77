import type { SqlValue } from './sql.js';

/** The next power of two: lists of every length would make a prepared statement each. */
export function paddedLength(length: number): number {
  let size = 1;
  while (size < length) size *= 2;
  return size;
}

const marks = new Map<number, string>();

/** `?,?,?,?` for a list of so many values, padded. */
export function placeholders(length: number): string {
  const size = paddedLength(length);
  const known = marks.get(size);
  if (known !== undefined) return known;
  const made = new Array<string>(size).fill('?').join(',');
  marks.set(size, made);
  return made;
}

/** The values with the last one repeated up to the padded length. The list must not be empty. */
export function padded<T extends SqlValue>(values: readonly T[]): T[] {
  const size = paddedLength(values.length);
  if (size === values.length) return [...values];
  const last = values[values.length - 1]!;
  return [...values, ...new Array<T>(size - values.length).fill(last)];
}

const smallBlock = 16;
const largeBlock = 256;

/**
 * Splits rows into blocks: large ones of one size, then one text for each length up to 16, so that a unit writes a table at once.
 */
export function blocks<T>(rows: readonly T[]): T[][] {
  const out: T[][] = [];
  for (let at = 0; at < rows.length; ) {
    const size = rows.length - at >= largeBlock ? largeBlock : smallBlock;
    out.push(rows.slice(at, at + size));
    at += size;
  }
  return out;
}

/** A longer IN list makes MariaDB think of other plans. */
const longestList = 512;

/** Each value once, in lists of a length that statements take. */
export function listsOf<T>(values: readonly T[]): T[][] {
  const distinct = [...new Set(values)];
  const out: T[][] = [];
  for (let at = 0; at < distinct.length; at += longestList) out.push(distinct.slice(at, at + longestList));
  return out;
}
