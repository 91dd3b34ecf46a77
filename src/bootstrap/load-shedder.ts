import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface LoadShedder {
  /** True while the event loop lags by more than the limit: the request should get 503. */
  overloaded(): boolean;
  /** From here on lag counts: loading what serves is none that a request waits for. */
  start(): void;
  stop(): void;
}

const sampleMs = 500;

/** @param maxDelayMs 0 never sheds. */
export function createLoadShedder(maxDelayMs: number): LoadShedder {
  if (maxDelayMs === 0) return { overloaded: () => false, start: () => {}, stop: () => {} };
  const delay = monitorEventLoopDelay({ resolution: 20 });
  let overloaded = false;
  let timer: NodeJS.Timeout | undefined;
  return {
    overloaded: () => overloaded,
    start() {
      delay.enable();
      timer = setInterval(() => {
        overloaded = delay.mean / 1e6 > maxDelayMs;
        delay.reset();
      }, sampleMs);
      timer.unref();
    },
    stop() {
      clearInterval(timer);
      delay.disable();
    },
  };
}
