import { setTimeout as pause } from 'node:timers/promises';

export interface EventuallyOptions {
  /** Milliseconds until it is a failure. Default 5,000. */
  within?: number;
  /** Milliseconds between two looks. Default 10. */
  every?: number;
  /** What was awaited, for the failure's text. */
  what?: string;
}

/**
 * Looks again and again until `look` answers something truthy (and throws nothing), and returns that answer.
 * At the deadline it throws what the last look threw, or says what it last answered.
 */
export async function eventually<T>(
  look: () => T | Promise<T>,
  options: EventuallyOptions = {},
): Promise<Exclude<T, undefined | null | false>> {
  const { within = 5_000, every = 10, what = 'the condition' } = options;
  const deadline = performance.now() + within;
  for (;;) {
    let last: unknown;
    let thrown = false;
    try {
      const answer = await look();
      if (answer) return answer as Exclude<T, undefined | null | false>;
      last = answer;
    } catch (error) {
      last = error;
      thrown = true;
    }
    if (performance.now() >= deadline) {
      if (thrown) throw last;
      throw new Error(`${what} did not come true within ${within} ms; last seen: ${String(last)}`);
    }
    await pause(every);
  }
}
