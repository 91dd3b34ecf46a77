import type { Clock } from '../core/shared/clock.js';
import { toInstant } from '../core/shared/clock.js';

/** The wall clock. Nothing else in the hub reads it; tests put their own clock in this place. */
export function systemClock(): Clock {
  let millisecond = Number.NaN;
  let text = '';
  return {
    now() {
      const now = Date.now();
      // one call asks several times within a millisecond
      if (now !== millisecond) {
        millisecond = now;
        text = toInstant(now);
      }
      return text;
    },
  };
}
