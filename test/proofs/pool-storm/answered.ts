import { setTimeout as pause } from 'node:timers/promises';
import type { GraphqlAnswer } from '../../support/graphql-call.js';

/**
 * Until the hub has an answer: one that is too busy says so, before it has done anything, and is asked again, which `onBusy` is told
 * each time.
 */
export async function answered(
  send: () => Promise<GraphqlAnswer>,
  onBusy: () => void = () => undefined,
): Promise<GraphqlAnswer> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const answer = await send();
      if (answer.errors?.[0]?.extensions?.code !== 'UNAVAILABLE' || attempt > 600) return answer;
    } catch (error) {
      if (!(error instanceof SyntaxError) || attempt > 600) throw error; // the refusal is text, not JSON
    }
    onBusy();
    await pause(50);
  }
}
