import type { RecordedCall } from '../adapters/marketplace.js';
import type { RequestRecordView } from '../core/readers.js';
import type { Clock } from '../core/shared/clock.js';
import type { Ids } from '../core/shared/ids.js';
import type { Logger } from '../platform/logger.js';
import type { Metrics } from '../platform/metrics.js';

export interface RequestInspector {
  /** Returns at once; drops (and counts) when too many wait. */
  record(call: RecordedCall): void;
  flush(): Promise<void>;
  stop(): Promise<void>;
}

/** Calls that may wait in memory; a burst beyond it is lost on purpose (docs/design.md 10.17). */
const mostWaiting = 2_000;
const flushEveryMs = 500;
const batch = 200;
/** Characters of texts kept whole between two writes; of the calls after that, only the beginnings are. */
const wholePerFlush = 262_144;
const beginning = 512;

/** Keeps calls in and out for the operator, off the hot path. Under load texts are shortened, which shows, before calls are lost. */
export function createRequestInspector(ports: {
  readonly add: (records: readonly RequestRecordView[]) => Promise<void>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Pick<Logger, 'warn'>;
  readonly metrics: Metrics;
}): RequestInspector {
  const dropped = ports.metrics.counter(
    'request_records_dropped_total',
    'Recorded calls lost because too many waited.',
  );
  let waiting: RequestRecordView[] = [];
  let whole = 0;
  let writing: Promise<void> | undefined;

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const some = waiting.slice(0, batch);
      waiting = waiting.slice(batch);
      try {
        await ports.add(some);
      } catch (error) {
        dropped.inc(some.length);
        ports.logger.warn({ error, lost: some.length }, 'recorded calls could not be stored');
      }
    }
  }

  const flush = (): Promise<void> => {
    writing ??= write().finally(() => {
      writing = undefined;
    });
    return writing;
  };
  const timer = setInterval(() => {
    whole = 0;
    void flush();
  }, flushEveryMs);
  timer.unref();

  return {
    record(call) {
      if (waiting.length >= mostWaiting) return dropped.inc();
      whole += call.request.length + call.response.length;
      const shown = whole <= wholePerFlush ? call : shortened(call);
      waiting.push({ ...shown, id: ports.ids.next('request'), at: ports.clock.now() });
    },
    flush,
    async stop() {
      clearInterval(timer);
      await flush();
    },
  };
}

function shortened(call: RecordedCall): RecordedCall {
  return { ...call, request: beginningOf(call.request), response: beginningOf(call.response) };
}

function beginningOf(text: string): string {
  return text.length > beginning ? `${text.slice(0, beginning)}...` : text;
}
