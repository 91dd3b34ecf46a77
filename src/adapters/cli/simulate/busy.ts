import { second } from '../../../core/shared/clock.js';

/** The hub answered 503: it did nothing, and asks to be asked again. */
export class HubBusy extends Error {}

const patience = 20 * second;
const pause = 500;

/** Asks again while the hub is busy, as whoever calls one does; gives up with its last answer. */
export async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + patience;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof HubBusy) || performance.now() >= deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
