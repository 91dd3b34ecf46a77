import { toInstant } from '../../../src/core/shared/clock.js';
import type { TestClock } from '../../support/clock.js';

/**
 * Real time that a test can move. The OpenID library stamps its tokens with the machine's own clock, so a clock that stands
 * still would fall behind them.
 */
export function tickingClock(): TestClock {
  let ahead = 0;
  return {
    now: () => toInstant(Date.now() + ahead),
    set: (instant) => {
      ahead = Date.parse(instant) - Date.now();
    },
    advance: (milliseconds) => {
      ahead += milliseconds;
    },
  };
}
