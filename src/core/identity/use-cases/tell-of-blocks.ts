import type { AlarmReporter } from '../../alarms/index.js';
import type { Throttles } from '../ports.js';

/** Throttles whose blocks are alarms where the caller says which: each ends with its block. */
export function tellOfBlocks(throttles: Throttles, alarms: AlarmReporter): Throttles {
  return {
    blockedUntil: (key) => throttles.blockedUntil(key),
    clear: (key) => throttles.clear(key),
    async fail(key, rule, told) {
      const endsAt = await throttles.fail(key, rule);
      if (endsAt !== null && told !== undefined) await alarms.raise({ ...told, endsAt });
      return endsAt;
    },
  };
}
