import { isMysqlReachable } from './mysql.js';

/** What scripts/prove.mjs gives a proof. */
export interface ProofContext {
  readonly short: boolean;
  readonly folder: string;
  resume<T>(key: string, work: () => Promise<T>): Promise<T>;
  progress(text: string): void;
}

/** Throws with what was seen when it does not hold. */
export function hold(condition: boolean, claim: string, seen?: unknown): asserts condition {
  if (!condition)
    throw new Error(`does not hold: ${claim}${seen === undefined ? '' : `; seen: ${JSON.stringify(seen)}`}`);
}

/** A proof is made on both databases or not at all. */
export async function proofDialects(): Promise<readonly ('sqlite' | 'mysql')[]> {
  hold(await isMysqlReachable(), 'MySQL is there for the proofs (MYSQL_URL)');
  return ['sqlite', 'mysql'];
}

/** Middle, 95th of a hundred and largest of some measurements, in whole units. */
export function spread(values: readonly number[]): { median: number; p95: number; max: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return { median: at(0.5), p95: at(0.95), max: Math.round(sorted.at(-1) ?? 0) };
}

export function tally(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
