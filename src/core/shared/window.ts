import { invalid } from './errors.js';

/** Most entries one window hands out; who wants more asks for the next one (the counts tell the total). */
export const maxWindow = 10_000;

const largestInt64 = 2n ** 63n - 1n;

/** A stretch of an ordered list by position. */
export interface Window {
  /** Position of the first entry, from 0. */
  readonly start: bigint;
  /** How many entries at most, 1 to `maxWindow`. */
  readonly size: number;
}

/**
 * The window a caller asked for: more than `maxWindow` entries are capped. Throws `invalid_value` when `startIndex` is
 * below 0 (or no int64) or `maxEntries` is below 1 (or no whole number).
 */
export function checkWindow(startIndex: bigint, maxEntries: number): Window {
  if (startIndex < 0n || startIndex > largestInt64) throw invalid('startIndex', 'must be a position from 0');
  if (!Number.isInteger(maxEntries) || maxEntries < 1) throw invalid('maxEntries', 'must be a whole number from 1');
  return { start: startIndex, size: Math.min(maxEntries, maxWindow) };
}
