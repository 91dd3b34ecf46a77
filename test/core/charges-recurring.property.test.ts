import fc from 'fast-check';
import { type Difference, planRecurring, type Rate } from '../../src/core/billing/charges/plan-recurring.js';
import { type Charge, divideHalfEven, periodOf } from '../../src/core/billing/index.js';
import { day, hour, type Instant, shift, toMilliseconds } from '../../src/core/shared/clock.js';

/** Of a length that does not change, so that what was used can be counted without asking the code. */
const lengths = { day, week: 7 * day } as const;
type Length = keyof typeof lengths;

type Step =
  | { readonly kind: 'seats'; readonly seats: number }
  | { readonly kind: 'plan'; readonly price: number; readonly interval: Length }
  | { readonly kind: 'send' }
  | { readonly kind: 'extend'; readonly hours: number }
  | { readonly kind: 'nothing' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('seats' as const), seats: fc.integer({ min: 0, max: 9 }) }),
  fc.record({
    kind: fc.constant('plan' as const),
    price: fc.integer({ min: 0, max: 5_000 }),
    interval: fc.constantFrom<Length>('day', 'week'),
  }),
  fc.record({ kind: fc.constant('send' as const) }),
  fc.record({ kind: fc.constant('extend' as const), hours: fc.integer({ min: 1, max: 200 }) }),
  fc.record({ kind: fc.constant('nothing' as const) }),
);
const timed = fc.record({ step, hours: fc.integer({ min: 0, max: 120 }) });
const start: Instant = '2026-01-15T09:00:00.000Z';

/** A subscription with its charges in memory, brought in line after every step. */
class Game {
  now = start;
  seats = 1;
  price = 1_000;
  interval: Length = 'week';
  trialEndsAt: Instant | null;
  active = true;
  charges: Charge[] = [];
  readonly differences: Difference[] = [];
  /** What was used until now, in minor units times milliseconds times both lengths: no rounding. */
  #used = 0n;

  constructor(trialHours: number) {
    this.trialEndsAt = trialHours === 0 ? null : shift(start, trialHours * hour);
  }

  wait(hours: number): void {
    const next = shift(this.now, hours * hour);
    const from = this.trialEndsAt !== null && this.trialEndsAt > this.now ? this.trialEndsAt : this.now;
    if (next > from) this.#used += this.rate() * BigInt(toMilliseconds(next) - toMilliseconds(from));
    this.now = next;
  }

  play(one: Step): void {
    if (one.kind === 'seats') this.seats = one.seats;
    if (one.kind === 'plan') [this.price, this.interval] = [one.price, one.interval];
    if (one.kind === 'send') {
      this.charges = this.charges.map((charge) =>
        charge.status === 'DUE' ? { ...charge, status: 'SUBMITTED', attemptedAt: this.now, externalId: 'b' } : charge,
      );
    }
    // as `changeTrial` allows it: nothing was billed for the time
    if (
      one.kind === 'extend' &&
      this.charges.every(({ attemptedAt, startsAt }) => attemptedAt === null || startsAt! > this.now)
    ) {
      if (this.differences.length === 0) this.extend(one.hours);
    }
    this.reprice();
  }

  extend(hours: number): void {
    const end = shift(this.now, hours * hour);
    if (this.trialEndsAt !== null && end <= this.trialEndsAt) return;
    this.trialEndsAt = end;
    this.#used = 0n;
  }

  reprice(): void {
    const plan = this.plan();
    const withdrawn = plan.withdraw;
    if (withdrawn !== null) {
      this.charges = this.charges.map((charge) =>
        charge.id === withdrawn.id ? { ...charge, status: 'CANCELED', canceledAt: this.now } : charge,
      );
    }
    this.differences.push(...plan.differences);
    if (plan.create !== null) {
      const settled = plan.create.priceMinor === 0n;
      this.charges.push(charge(this.charges.length, { ...plan.create, status: settled ? 'SETTLED' : 'DUE' }));
    }
  }

  plan() {
    const { charges, trialEndsAt, now } = this;
    return planRecurring({ charges, wanted: this.active ? this.wanted() : null, trialEndsAt, now });
  }

  wanted(): Rate {
    const { seats, interval } = this;
    return { priceMinor: BigInt(this.price * seats), seats, interval, currency: 'EUR' };
  }

  /** Minor units per millisecond, times both lengths. */
  rate(): bigint {
    const other: Length = this.interval === 'day' ? 'week' : 'day';
    return BigInt(this.price * this.seats) * BigInt(lengths[other]);
  }

  used(): bigint {
    return divideHalfEven(this.#used, BigInt(lengths.day) * BigInt(lengths.week));
  }

  /** What was billed, or will be, for the time until now: all periods begun, all differences, without what is paid ahead. */
  billed(): bigint {
    let sum = this.differences.reduce((total, { minor }) => total + minor, 0n);
    let paidUntil = this.now;
    for (const one of this.charges.filter(({ status }) => status !== 'SETTLED')) {
      const until = one.canceledAt ?? this.now;
      const length = lengths[one.interval as Length];
      if (one.startsAt! > until) continue;
      const passed = toMilliseconds(until) - toMilliseconds(one.startsAt!);
      if (one.attemptedAt === null) {
        if (one.status === 'DUE') sum += divideHalfEven(one.priceMinor * BigInt(passed), BigInt(length));
        continue;
      }
      sum += one.priceMinor * BigInt(Math.floor(passed / length) + 1);
      const end = periodOf(one, until)!.endsAt;
      if (end > paidUntil) paidUntil = end;
    }
    const ahead = BigInt(toMilliseconds(paidUntil) - toMilliseconds(this.now));
    return sum - divideHalfEven(this.rate() * ahead, BigInt(lengths.day) * BigInt(lengths.week));
  }

  check(): void {
    const standing = this.charges.filter(({ status }) => status === 'DUE' || status === 'SUBMITTED');
    expect(standing.length).toBeLessThanOrEqual(1);
    if (this.active) expect(standing.length).toBe(this.price * this.seats > 0 ? 1 : 0);
    for (const one of standing) expect(one.priceMinor).toBe(BigInt(this.price * this.seats));
    const begun = this.charges.filter(
      ({ startsAt, canceledAt, attemptedAt, status }) =>
        status !== 'SETTLED' && (canceledAt === null || (attemptedAt !== null && startsAt! <= canceledAt)),
    );
    const trial = this.trialEndsAt ?? start;
    for (const { startsAt } of [...begun, ...this.differences]) expect(startsAt! >= trial).toBe(true);
    expect(this.plan()).toEqual({ withdraw: null, differences: [], create: null });
  }
}

function charge(index: number, of: Rate & { readonly startsAt: Instant; readonly status: Charge['status'] }): Charge {
  return {
    ...{ version: 1, createdAt: start, kind: 'RECURRING', tenantId: '', subscriptionId: '', instanceId: '' },
    ...{ channelId: 'c', description: '', units: '1', offsetMinor: 0n, periodStartsAt: null, periodEndsAt: null },
    ...{ thirdParty: false, canceledAt: null, cancelDueAt: null, externalId: '', attemptedAt: null, failure: '' },
    ...{ leaseOwner: '', leasedUntil: null, ...of },
    id: String(index).padStart(6, '0'),
  } as Charge;
}

describe('the recurring charge of a subscription', () => {
  it('with its differences bills what was used, within rounding, and nothing of a trial', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.array(timed, { maxLength: 30 }), (trial, steps) => {
        const game = new Game(trial);
        game.reprice();
        game.check();
        for (const { step: one, hours } of steps) {
          game.wait(hours);
          game.play(one);
          game.check();
          const apart = game.billed() - game.used();
          const rounded = BigInt(game.differences.length + 2);
          expect({ apart, fits: (apart < 0n ? -apart : apart) <= rounded }).toEqual({ apart, fits: true });
        }
      }),
      { numRuns: 500 },
    );
  });

  it('rests while the subscription does, and is one at most', () => {
    const resting = fc.record({ step, hours: fc.integer({ min: 0, max: 120 }), active: fc.boolean() });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.array(resting, { maxLength: 30 }), (trial, steps) => {
        const game = new Game(trial);
        for (const { step: one, hours, active } of steps) {
          game.wait(hours);
          game.active = active;
          game.play(one);
          game.check();
          if (!active)
            expect(game.charges.every(({ status }) => status === 'CANCELED' || status === 'SETTLED')).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});
