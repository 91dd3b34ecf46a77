import { type AlarmReporter, createAlarmReporter } from '../../src/core/alarms/index.js';
import type { TestDatabase } from './databases.js';

/** Reports into the test's database; what cannot be reported fails the test that waits for it. */
export function alarmReporter({ persistence: { uow, lookups }, ids }: TestDatabase): AlarmReporter {
  return createAlarmReporter({
    uow,
    lookups,
    ids,
    onFailure: (error) => {
      throw error;
    },
  });
}
