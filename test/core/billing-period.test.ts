import fc from 'fast-check';
import { inTrial, periodAt, periodContaining } from '../../src/core/billing/index.js';
import { intervals } from '../../src/core/catalog/index.js';

describe('billing periods', () => {
  it('stay anchored to the day they started: January 31 renews on February 28 and on March 31', () => {
    const anchor = '2026-01-31T10:00:00.000Z';
    expect([1, 2, 3, 4].map((n) => periodAt(anchor, 'month', n).startsAt.slice(0, 10))).toEqual([
      '2026-02-28',
      '2026-03-31',
      '2026-04-30',
      '2026-05-31',
    ]);
  });

  it('treat leap days likewise', () => {
    const anchor = '2024-02-29T00:00:00.000Z';
    expect([1, 2, 4].map((n) => periodAt(anchor, 'year', n).startsAt.slice(0, 10))).toEqual([
      '2025-02-28',
      '2026-02-28',
      '2028-02-29',
    ]);
  });

  it('cover time without gap or overlap, and the one that contains an instant contains it', () => {
    const instant = fc
      .date({ min: new Date('2020-01-01'), max: new Date('2035-12-31'), noInvalidDate: true })
      .map((d) => d.toISOString());
    fc.assert(
      fc.property(instant, instant, fc.constantFrom(...intervals), fc.nat(40), (a, b, interval, index) => {
        expect(periodAt(a, interval, index).endsAt).toBe(periodAt(a, interval, index + 1).startsAt);
        const [anchor, at] = a < b ? [a, b] : [b, a];
        const period = periodContaining(anchor, interval, at);
        expect(period.startsAt <= at && at < period.endsAt).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('bill nothing before the trial ends, and from that very instant on', () => {
    const subscription = { trialEndsAt: '2026-12-01T00:00:00.000Z' };
    expect(inTrial(subscription, '2026-11-30T23:59:59.999Z')).toBe(true);
    expect(inTrial(subscription, '2026-12-01T00:00:00.000Z')).toBe(false);
    expect(inTrial({ trialEndsAt: null }, '2026-11-30T00:00:00.000Z')).toBe(false);
  });
});
