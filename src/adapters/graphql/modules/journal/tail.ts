import type { JournalFeed } from '../../../../core/journal/index.js';

/** Tells streams when the sealed journal has grown; one look at the database for all streams of a process. */
export interface JournalTail {
  /** The sequence number of the last sealed entry. */
  head(): Promise<number>;
  /** Resolves once the head is beyond `sequence`, or the signal aborts; rejects when the database cannot be asked. */
  beyond(sequence: number, signal: AbortSignal): Promise<void>;
  /** Looks at once: for whoever knows that something was sealed. Entries of other processes are found without it. */
  kick(): void;
}

interface Waiter {
  readonly sequence: number;
  readonly resolve: () => void;
  readonly reject: (cause: unknown) => void;
}

/** `interval` is the longest an entry of another process goes unnoticed, in ms. Looks only while somebody waits. */
export function createJournalTail(feed: Pick<JournalFeed, 'head'>, interval = 200): JournalTail {
  const waiters = new Set<Waiter>();
  let timer: NodeJS.Timeout | undefined;
  let looking = false;
  let again = false;

  function schedule(): void {
    if (waiters.size === 0 || looking || timer !== undefined) return;
    timer = setTimeout(look, interval);
    timer.unref();
  }

  function look(): void {
    clearTimeout(timer);
    timer = undefined;
    if (looking) {
      again = true; // what was sealed meanwhile may be missing in the answer on its way
      return;
    }
    looking = true;
    feed
      .head()
      .then(
        (head) =>
          settle(
            (waiter) => waiter.sequence < head,
            (waiter) => waiter.resolve(),
          ),
        (cause) =>
          settle(
            () => true,
            (waiter) => waiter.reject(cause),
          ),
      )
      .finally(() => {
        looking = false;
        if (again && waiters.size > 0) look();
        again = false;
        schedule();
      });
  }

  function settle(which: (waiter: Waiter) => boolean, end: (waiter: Waiter) => void): void {
    for (const waiter of [...waiters].filter(which)) {
      waiters.delete(waiter);
      end(waiter);
    }
  }

  return {
    head: () => feed.head(),
    beyond: (sequence, signal) =>
      new Promise<void>((resolve, reject) => {
        if (signal.aborted) return resolve();
        const stop = (): void =>
          settle(
            (candidate) => candidate === waiter,
            (each) => each.resolve(),
          );
        const waiter: Waiter = {
          sequence,
          resolve: () => {
            signal.removeEventListener('abort', stop);
            resolve();
          },
          reject: (cause) => {
            signal.removeEventListener('abort', stop);
            reject(cause);
          },
        };
        signal.addEventListener('abort', stop, { once: true });
        waiters.add(waiter);
        schedule();
      }),
    kick: () => {
      if (waiters.size > 0) look();
    },
  };
}
