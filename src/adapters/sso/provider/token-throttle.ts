import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RaisedAlarm } from '../../../core/alarms/index.js';
import { minute, toMilliseconds } from '../../../core/shared/clock.js';
import type { SsoPorts } from '../ports.js';
import { sourceOf } from '../signin/source.js';

/** Wrong client secrets from one address; it slows guessing and locks nobody out (docs/design.md 10.10). */
const rule = { limit: 30, windowMs: 5 * minute, blockMs: 5 * minute };

const keyOf = (source: string): string => `token/source/${source}`;

function toldOf(source: string): RaisedAlarm {
  const { limit, windowMs, blockMs } = rule;
  const info = `${source} sent ${limit} wrong client secrets in ${windowMs / minute} minutes and is refused for ${blockMs / minute} minutes`;
  return { type: 'token_source_blocked', subject: source, info };
}

export type TokenThrottle = ReturnType<typeof createTokenThrottle>;

export function createTokenThrottle({
  throttles,
  addressOf,
  clock,
  logger,
}: Pick<SsoPorts, 'throttles' | 'addressOf' | 'clock' | 'logger'>) {
  /** Taken at the door: the provider is not shown what a proxy says of the caller. */
  const sources = new WeakMap<IncomingMessage, string>();

  /** Undefined while the source is not blocked. */
  async function secondsLeft(source: string): Promise<number | undefined> {
    const until = await throttles.blockedUntil(keyOf(source));
    if (until === null) return undefined;
    return Math.max(1, Math.ceil((toMilliseconds(until) - toMilliseconds(clock.now())) / 1_000));
  }

  async function count(source: string): Promise<void> {
    await throttles.fail(keyOf(source), rule, toldOf(source));
  }

  return {
    secondsLeft,
    count,
    /** Answers 429 and true while the caller's address is blocked. */
    async refuse(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
      const source = sourceOf(addressOf(request));
      sources.set(request, source);
      const seconds = await secondsLeft(source);
      if (seconds === undefined) return false;
      response.writeHead(429, {
        'content-type': 'application/json',
        'cache-control': 'no-store',
        'retry-after': String(seconds),
      });
      response.end(JSON.stringify({ error: 'temporarily_unavailable', error_description: 'too many failures' }));
      return true;
    },
    failed(request: IncomingMessage, error: { error?: string }): void {
      const source = sources.get(request);
      if (error.error !== 'invalid_client' || source === undefined) return;
      count(source).catch((err: unknown) => logger.error({ err }, 'a failure could not be counted'));
    },
  };
}
