import { shift, toMilliseconds } from '../../core/shared/clock.js';
import { firstIdAt } from '../../core/shared/id-time.js';
import type { Condition } from '../../core/shared/reading.js';

/** Ids of records carry their instants: what a condition on these means for those. */
export interface IdRange {
  /** Not smaller than this. */
  readonly from: string | undefined;
  /** Smaller than this. */
  readonly to: string | undefined;
  /** Says all that the condition says. */
  readonly exact: boolean;
}

const after = (instant: string): string => shift(instant, 1);

export function idRangeOf(condition: Condition | undefined): IdRange {
  const { eq, gt, gte, lt, lte, ...others } = condition ?? {};
  const lows = [at(eq), at(gte), at(gt, after)].filter((id) => id !== undefined);
  const ends = [at(eq, after), at(lte, after), at(lt)].filter((id) => id !== undefined);
  const given = [eq, gt, gte, lt, lte].filter((value) => value !== undefined);
  return {
    from: lows.sort().at(-1),
    to: ends.sort()[0],
    exact: Object.keys(others).length === 0 && given.every((value) => at(value) !== undefined),
  };
}

/** undefined for what is no instant: then no record's is equal to it or beyond it in the way of instants. */
function at(value: unknown, of: (instant: string) => string = (instant) => instant): string | undefined {
  if (typeof value !== 'string' || Number.isNaN(toMilliseconds(value)) || value.length !== 24) return undefined;
  return firstIdAt('usageRecord', of(value));
}
