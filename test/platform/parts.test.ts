import { describe, expect, it, jest } from '@jest/globals';
import { createBoundedCache } from '../../src/platform/bounded-cache.js';
import { reasonOf } from '../../src/platform/failure-cause.js';
import { createHealth } from '../../src/platform/health.js';
import { createMetrics } from '../../src/platform/metrics.js';
import { createPoller } from '../../src/platform/poller.js';
import { constantTimeEqual, hashToken, randomToken } from '../../src/platform/secrets.js';
import { eventually } from '../support/eventually.js';

describe('the reason of a failure', () => {
  it('is what went wrong at the bottom', () => {
    const refused = new Error('connect ECONNREFUSED');
    expect(reasonOf(new TypeError('fetch failed', { cause: new Error('socket', { cause: refused }) }))).toBe(
      'connect ECONNREFUSED',
    );
    expect([reasonOf(new TypeError('', { cause: 'a text' })), reasonOf('no error')]).toEqual(['TypeError', 'no error']);
  });
});

describe('bounded cache', () => {
  it('keeps the most recently used, each for its time', () => {
    let now = 0;
    const dropped: string[] = [];
    const cache = createBoundedCache<string, number>({ max: 2, ttl: 100, now: () => now }, (key) => dropped.push(key));
    cache.set('a', 1);
    cache.set('b', 2);
    expect(cache.get('a')).toBe(1);
    cache.set('c', 3);
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3]);
    cache.set('short', 4, 10);
    now = 10;
    expect(cache.get('short')).toBeUndefined();
    now = 100;
    expect(cache.get('c')).toBeUndefined();
    expect(dropped).toEqual(['b', 'a', 'short', 'c']);
    cache.set('long', 5, 1_000);
    now = 200;
    expect(cache.get('long')).toBeUndefined();
  });
});

describe('secrets', () => {
  it('makes tokens of 256 bits and keeps only their hash', () => {
    expect(Buffer.from(randomToken(8), 'base64url')).toHaveLength(32);
    expect(new Set(Array.from({ length: 100 }, () => randomToken())).size).toBe(100);
    expect(hashToken('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0');
  });

  it('compares any lengths', () => {
    expect(constantTimeEqual('a', 'a')).toBe(true);
    expect(constantTimeEqual('a', Buffer.from('a'))).toBe(true);
    expect(constantTimeEqual('a', 'ab')).toBe(false);
    expect(constantTimeEqual('', '')).toBe(true);
  });
});

describe('health', () => {
  it('is ready when every check is, and says which one is not', async () => {
    const health = createHealth({ timeout: 30 });
    health.add('fine', () => undefined);
    expect(await health.ready()).toMatchObject({ ok: true, checks: [{ name: 'fine', ok: true }] });
    health.add('broken', () => {
      throw new Error('no database');
    });
    health.add('slow', () => new Promise(() => {}));
    const { ok, checks } = await health.ready();
    expect(ok).toBe(false);
    expect(checks).toMatchObject([
      { ok: true },
      { ok: false, problem: 'no database' },
      { ok: false, problem: 'no answer within 30 ms' },
    ]);
    expect(health.live()).toBe(true);
  });

  it('is not ready while the process drains, but alive', async () => {
    const health = createHealth();
    health.drain();
    expect([(await health.ready()).ok, health.live()]).toEqual([false, true]);
  });
});

describe('metrics', () => {
  it('live in a registry of their own', async () => {
    const [one, two] = [createMetrics({ processMetrics: false }), createMetrics({ processMetrics: false })];
    one.counter('calls_total', 'Calls.', ['protocol']).inc({ protocol: 'nec' });
    one.histogram('call_seconds', 'Time of a call.').observe(0.003);
    two.gauge('open', 'Open things.').set(4);
    expect(await one.text()).toContain('mercator_calls_total{protocol="nec"} 1');
    expect(await one.text()).toContain('mercator_call_seconds_bucket{le="0.005"} 1');
    expect(await two.text()).not.toContain('calls_total');
    expect(await createMetrics().text()).toContain('process_cpu_seconds_total');
  });
});

describe('poller', () => {
  const quiet = { error: jest.fn() };

  it('goes round by its interval, at once when kicked or when there is more, never twice at once', async () => {
    let rounds = 0;
    let inside = 0;
    let most = 0;
    const poller = createPoller({
      name: 'test',
      interval: 60_000,
      logger: quiet,
      async work() {
        most = Math.max(most, ++inside);
        rounds += 1;
        await new Promise(setImmediate);
        inside -= 1;
        return rounds < 3;
      },
    });
    poller.start();
    poller.start();
    await eventually(() => rounds === 3);
    poller.kick();
    await eventually(() => rounds === 4);
    await poller.stop();
    poller.kick();
    expect([rounds, most]).toEqual([4, 1]);
  });

  it('does not lose a kick that comes during a round', async () => {
    let rounds = 0;
    let release = () => {};
    const poller = createPoller({
      name: 'test',
      interval: 60_000,
      logger: quiet,
      work: () =>
        new Promise<void>((resolve) => {
          rounds += 1;
          release = resolve;
        }),
    });
    poller.start();
    await eventually(() => rounds === 1);
    poller.kick();
    release();
    await eventually(() => rounds === 2);
    const stopped = poller.stop();
    release();
    await stopped;
  });

  it('logs a failure, waits longer, and goes on', async () => {
    const logger = { error: jest.fn() };
    let rounds = 0;
    const poller = createPoller({
      name: 'relay',
      interval: 1,
      logger,
      async work() {
        rounds += 1;
        if (rounds < 3) throw new Error('database away');
      },
    });
    poller.start();
    await eventually(() => rounds > 3);
    await poller.stop();
    expect(logger.error).toHaveBeenCalledTimes(2);
    expect(logger.error.mock.calls[1]).toEqual([
      expect.objectContaining({ poller: 'relay', failures: 2 }),
      expect.any(String),
    ]);
  });

  it('tells the running round to stop and waits for it', async () => {
    let ended = false;
    const poller = createPoller({
      name: 'test',
      interval: 1,
      logger: quiet,
      work: (signal) =>
        new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => {
            ended = true;
            resolve();
          });
        }),
    });
    poller.start();
    await poller.stop();
    expect(ended).toBe(true);
  });
});
