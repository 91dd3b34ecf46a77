import { describe, expect, it } from '@jest/globals';
import type { RecordedCall } from '../../src/adapters/marketplace.js';
import { createRequestInspector } from '../../src/bootstrap/request-inspector.js';
import type { RequestRecordView } from '../../src/core/readers.js';
import { systemClock } from '../../src/platform/clock.js';
import { createIds } from '../../src/platform/ids.js';
import { createMetrics } from '../../src/platform/metrics.js';

const call = (length: number): RecordedCall => ({
  direction: 'in',
  protocol: 'nec',
  channelId: 'chan_1',
  operation: 'GetUsers',
  requestId: 'req_1',
  status: 200,
  durationMs: 1,
  request: 'q'.repeat(length),
  response: 'r'.repeat(length),
});

function inspected() {
  const kept: RequestRecordView[] = [];
  const clock = systemClock();
  const metrics = createMetrics();
  const inspector = createRequestInspector({
    add: async (records) => void kept.push(...records),
    clock,
    ids: createIds(clock),
    logger: { warn: () => undefined },
    metrics,
  });
  return { kept, inspector, metrics };
}

describe('the request inspector under load', () => {
  it('keeps texts whole up to a bound, of the calls after it the beginnings', async () => {
    const { kept, inspector } = inspected();
    for (let at = 0; at < 100; at += 1) inspector.record(call(10_000));
    await inspector.stop();
    expect(kept).toHaveLength(100);
    expect(kept[0]).toMatchObject({ request: 'q'.repeat(10_000), response: 'r'.repeat(10_000) });
    expect(kept[99]).toMatchObject({ request: `${'q'.repeat(512)}...`, response: `${'r'.repeat(512)}...` });
    const characters = kept.reduce((sum, { request, response }) => sum + request.length + response.length, 0);
    expect(characters).toBeLessThan(400_000);
  });

  it('leaves short texts as they are', async () => {
    const { kept, inspector } = inspected();
    for (let at = 0; at < 1_000; at += 1) inspector.record(call(400));
    await inspector.stop();
    expect(kept.every(({ request }) => request === 'q'.repeat(400))).toBe(true);
  });

  it('counts what it loses', async () => {
    const { kept, inspector, metrics } = inspected();
    for (let at = 0; at < 2_010; at += 1) inspector.record(call(10));
    await inspector.stop();
    expect(kept).toHaveLength(2_000);
    expect(await metrics.text()).toMatch(/request_records_dropped_total\S* 10\n/);
  });
});
