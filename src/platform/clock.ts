import type { Clock } from '../core/shared/clock.js';
import { toInstant } from '../core/shared/clock.js';

/** The wall clock. Nothing else in the hub reads it; tests put their own clock in this place. */
export function systemClock(): Clock {
  return { now: () => toInstant(Date.now()) };
}
