import { DomainError } from '../../shared/errors.js';

/** Whom work is for, and how much of it may go on at once. */
export type Share = readonly [key: string, most: number];

/**
 * Runs work of which only so much may go on at once for each of its keys, in this process; what is more does not wait.
 * Throws `busy`.
 */
export function createFewAtOnce() {
  const running = new Map<string, number>();
  const change = (key: string, by: number): void => {
    const now = (running.get(key) ?? 0) + by;
    if (now > 0) running.set(key, now);
    else running.delete(key);
  };
  return async function fewAtOnce<T>(shares: readonly Share[], work: () => Promise<T>): Promise<T> {
    if (shares.some(([key, most]) => (running.get(key) ?? 0) >= most)) throw new DomainError('busy');
    for (const [key] of shares) change(key, 1);
    try {
      return await work();
    } finally {
      for (const [key] of shares) change(key, -1);
    }
  };
}
