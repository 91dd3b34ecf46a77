import type { Clock, Instant } from '../../src/core/shared/clock.js';
import { shift, toInstant } from '../../src/core/shared/clock.js';

export interface TestClock extends Clock {
  set(instant: Instant): void;
  /** Moves by milliseconds; see `second`, `minute`, `hour`, `day` of core/shared/clock. */
  advance(milliseconds: number): void;
}

/** A clock that stands still until the test moves it. */
export function testClock(start: Instant = '2026-01-15T09:00:00.000Z'): TestClock {
  let current = toInstant(Date.parse(start));
  return {
    now: () => current,
    set: (instant) => {
      current = toInstant(Date.parse(instant));
    },
    advance: (milliseconds) => {
      current = shift(current, milliseconds);
    },
  };
}
