import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface LoadShedder {
  /** True while the event loop lags by more than the limit: the request should get 503. */
  overloaded(): boolean;
  stop(): void;
}

const sampleMs = 500;

/** @param maxDelayMs 0 never sheds. */
export function createLoadShedder(maxDelayMs: number): LoadShedder {
  if (maxDelayMs === 0) return { overloaded: () => false, stop: () => {} };
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  let overloaded = false;
  const timer = setInterval(() => {
    overloaded = delay.mean / 1e6 > maxDelayMs;
    delay.reset();
  }, sampleMs);
  timer.unref();
  return {
    overloaded: () => overloaded,
    stop() {
      clearInterval(timer);
      delay.disable();
    },
  };
}
