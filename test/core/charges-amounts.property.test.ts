import fc from 'fast-check';
import { amountOf, checkUnits, collects, divideHalfEven, prorate, worth } from '../../src/core/billing/index.js';
import { intervals } from '../../src/core/catalog/index.js';
import { toInstant } from '../../src/core/shared/clock.js';

const begin = Date.parse('2026-01-01T00:00:00.000Z');
const instant = fc.integer({ min: 0, max: 3 * 365 * 86_400_000 }).map((after) => toInstant(begin + after));
const period = fc
  .tuple(instant, instant)
  .filter(([a, b]) => a !== b)
  .map(([a, b]) => (a < b ? { startsAt: a, endsAt: b } : { startsAt: b, endsAt: a }));
const minor = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n });
const distance = (a: bigint, b: bigint) => (a > b ? a - b : b - a);

describe('amounts of charges', () => {
  it('round half to even, on both sides of nothing', () => {
    const rounded = [-25n, -15n, -14n, -5n, 0n, 5n, 14n, 15n, 16n, 25n].map((tenths) => divideHalfEven(tenths, 10n));
    expect(rounded).toEqual([-2n, -2n, -1n, 0n, 0n, 0n, 1n, 2n, 2n, 2n]);
  });

  it('are the price times the units, rounded once, without what was offset', () => {
    const amount = (priceMinor: bigint, units: string, offsetMinor = 0n) =>
      amountOf({ priceMinor, units, offsetMinor });
    expect([amount(1_500n, '3'), amount(5n, '0.5'), amount(15n, '0.50'), amount(1n, '99999999.99')]).toEqual([
      4_500n,
      2n,
      8n,
      100_000_000n,
    ]);
    expect([amount(900n, '1', 400n), amount(900n, '1', 900n), amount(-900n, '1', 400n)]).toEqual([500n, 0n, -500n]);
  });

  it.each(['1', '0.01', '3.5', '3.50', '99999999.99'])('take %s units', (units) => {
    expect(checkUnits('units', units)).toBe(units);
  });

  it.each(['0', '0.00', '-1', '1.234', '01', '100000000', '1e3', '', '.5', '1.', ' 1'])('refuse %p units', (units) => {
    expect(() => checkUnits('units', units)).toThrow(/units: must be a decimal above 0/);
  });

  it('for a part of a period are never more than the whole, all at its start and nothing at its end', () => {
    fc.assert(
      fc.property(minor, period, instant, (whole, span, from) => {
        const part = prorate(whole, span, from);
        expect(whole < 0n ? part <= 0n && part >= whole : part >= 0n && part <= whole).toBe(true);
        expect([prorate(whole, span, span.startsAt), prorate(whole, span, span.endsAt)]).toEqual([whole, 0n]);
        expect(prorate(-whole, span, from)).toBe(-part);
      }),
    );
  });

  it('split at an instant add up within one unit', () => {
    fc.assert(
      fc.property(minor, period, fc.double({ min: 0, max: 1, noNaN: true }), (whole, { startsAt, endsAt }, where) => {
        const [from, until] = [Date.parse(startsAt), Date.parse(endsAt)];
        const at = toInstant(from + Math.floor((until - from) * where));
        const later = prorate(whole, { startsAt, endsAt }, at);
        const earlier = whole - later;
        const measured = worthOf(whole, from, until, Date.parse(at));
        expect(distance(earlier, measured) <= 1n).toBe(true);
        expect(distance(earlier + later, whole)).toBe(0n);
      }),
    );
  });

  it('for a time of several periods are those of its parts within one unit each', () => {
    fc.assert(
      fc.property(
        minor,
        fc.constantFrom(...intervals),
        instant,
        fc.nat(400),
        fc.nat(86_399_999),
        (whole, unit, from, days, rest) => {
          const until = toInstant(Date.parse(from) + days * 86_400_000 + rest);
          const all = worth(whole, unit, from, until);
          expect(worth(whole, unit, from, from)).toBe(0n);
          expect(whole < 0n ? all <= 0n : all >= 0n).toBe(true);
          if (unit === 'day' || unit === 'week') {
            const length = BigInt(unit === 'day' ? 86_400_000 : 7 * 86_400_000);
            expect(all).toBe(divideHalfEven(whole * BigInt(Date.parse(until) - Date.parse(from)), length));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('count months as they are', () => {
    const from = '2026-01-01T00:00:00.000Z';
    expect(worth(3_100n, 'month', from, '2026-01-11T00:00:00.000Z')).toBe(1_000n);
    expect(worth(3_100n, 'month', from, '2026-03-01T00:00:00.000Z')).toBe(6_200n);
    expect(worth(2_800n, 'month', from, '2026-02-08T00:00:00.000Z')).toBe(3_500n);
  });
});

/** The part before an instant, counted by itself. */
function worthOf(whole: bigint, from: number, until: number, at: number): bigint {
  return divideHalfEven(whole * BigInt(at - from), BigInt(until - from));
}

it('only marketplaces of one protocol bill for the hub', () => {
  expect(['maestrano', 'prm', 'nec', 'kakapo', ''].map(collects)).toEqual([true, false, false, false, false]);
});
