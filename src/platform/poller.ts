import type { Logger } from './logger.js';

export interface PollerOptions {
  readonly name: string;
  /** Milliseconds between the end of one round and the begin of the next. */
  readonly interval: number;
  /** One round; true says there is more to do at once. It should give up soon after the signal. */
  readonly work: (signal: AbortSignal) => Promise<boolean | undefined> | Promise<void>;
  readonly logger: Pick<Logger, 'error'>;
  /** Longest pause after repeated failures, in milliseconds. Default 30,000. */
  readonly longestPause?: number;
}

export interface Poller {
  start(): void;
  /** Begins the next round now, or, when one is running, another right after it. */
  kick(): void;
  /** Resolves when the running round has ended; no other begins. */
  stop(): Promise<void>;
}

/** A loop that never runs twice at once, logs failures and waits longer after each one in a row. */
export function createPoller({ name, interval, work, logger, longestPause = 30_000 }: PollerOptions): Poller {
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  let wake: (() => void) | undefined;
  let kicked = false;
  let failures = 0;

  async function round(): Promise<boolean> {
    try {
      const more = await work(stopping.signal);
      failures = 0;
      return more === true;
    } catch (error) {
      if (stopping.signal.aborted) return false;
      failures += 1;
      logger.error({ err: error, poller: name, failures }, 'a background round failed');
      return false;
    }
  }

  function pause(): Promise<void> {
    const backoff = failures === 0 ? interval : Math.min(longestPause, interval * 2 ** Math.min(failures, 16));
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, backoff);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      kicked = false;
      const more = await round();
      if (stopping.signal.aborted || more || kicked) continue;
      await pause();
      wake = undefined;
    }
  }

  return {
    start() {
      running ??= loop();
    },
    kick() {
      kicked = true;
      wake?.();
    },
    async stop() {
      stopping.abort();
      wake?.();
      await running;
    },
  };
}
