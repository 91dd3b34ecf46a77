import { setTimeout as pause } from 'node:timers/promises';
import { DomainError } from '../../core/shared/errors.js';

const tries = 3;

/** Runs `attempt` up to three times while it fails with something that `isTransient`; then throws `busy`. */
export async function withRetry<T>(attempt: () => Promise<T>, isTransient: (error: unknown) => boolean): Promise<T> {
  for (let count = 1; ; count += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!isTransient(error)) throw error;
      if (count === tries) throw new DomainError('busy', {}, { cause: error });
      await pause(Math.random() * 20 * count); // two that met once should not meet again
    }
  }
}
