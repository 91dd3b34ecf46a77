import type { AlarmReporter } from '../core/alarms/index.js';

const condition = { type: 'signing_keys_unusable' } as const;

/** Takes up keys other processes added or retired; as long as that fails, sign-in lives on the keys of this process's memory. */
export async function reloadSigningKeys(reload: () => Promise<void>, alarms: AlarmReporter): Promise<void> {
  try {
    await reload();
  } catch (error) {
    const additionalInfo = error instanceof Error ? error.message : String(error);
    await alarms.raise({ ...condition, once: true, info: 'the signing keys cannot be read', additionalInfo });
    throw error;
  }
  await alarms.clear(condition);
}
