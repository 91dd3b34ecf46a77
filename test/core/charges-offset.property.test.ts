import fc from 'fast-check';
import {
  type Charge,
  cancelCharge,
  changeSubscriptionPlan,
  changeTrial,
  resumeSubscription,
  suspendSubscription,
} from '../../src/core/billing/index.js';
import { hour, shift } from '../../src/core/shared/clock.js';
import { onEveryDatabase } from '../support/databases.js';
import { type Charging, makeCharging } from './support/charging.js';
import { outcome } from './support/hub.js';

type Step =
  | { readonly kind: 'seats'; readonly seats: number }
  | { readonly kind: 'plan'; readonly plan: keyof Charging['plans'] }
  | { readonly kind: 'suspend' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'send' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'trial'; readonly hours: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('seats' as const), seats: fc.integer({ min: 0, max: 5 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('plan' as const),
      plan: fc.constantFrom<keyof Charging['plans']>('seats', 'dear', 'flat', 'dollars'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom<Step>({ kind: 'suspend' }, { kind: 'resume' }, { kind: 'send' }, { kind: 'cancel' }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('trial' as const), hours: fc.integer({ min: -200, max: 200 }) }),
  },
);
const history = fc.array(fc.record({ step, hours: fc.integer({ min: 0, max: 300 }) }), { minLength: 8, maxLength: 16 });

onEveryDatabase('charges of any history', (db) => {
  it('are one standing at most, nothing of a trial, and use up no more credit than there is', async () => {
    let games = 0;
    const game = fc.asyncProperty(history, fc.integer({ min: 0, max: 100 }), async (steps, trial) => {
      games += 1;
      const trialEndsAt = trial === 0 ? null : shift(db.clock.now(), trial * hour);
      const world = await makeCharging(db, { trialEndsAt, mark: `game-${games}` });
      await world.seats(1);
      for (const { step: one, hours } of steps) {
        db.clock.advance(hours * hour);
        await play(world, one);
        await check(world);
      }
    });
    await fc.assert(game, { numRuns: db.dialect === 'sqlite' ? 15 : 3, endOnFailure: true });
  });

  async function play(world: Charging, one: Step): Promise<void> {
    const { id } = world.subscription;
    if (one.kind === 'seats') await world.seats(one.seats);
    else if (one.kind === 'plan') {
      await world.run((tx) => changeSubscriptionPlan(tx, { id, planId: world.plans[one.plan].id }));
    } else if (one.kind === 'suspend') await world.run((tx) => suspendSubscription(tx, { id }));
    else if (one.kind === 'resume') await world.run((tx) => resumeSubscription(tx, { id }));
    else if (one.kind === 'send') await world.sendAll();
    else if (one.kind === 'cancel') await cancelLast(world);
    else {
      const trialEndsAt = shift(db.clock.now(), one.hours * hour);
      expect(['done', 'wrong_state']).toContain(await outcome(world.run((tx) => changeTrial(tx, { id, trialEndsAt }))));
    }
  }

  /** The last cost of a part of a period, so that credits come back. */
  async function cancelLast(world: Charging): Promise<void> {
    const costs = (await world.charges('PRORATION')).filter(
      ({ priceMinor, status }) => priceMinor > 0n && status !== 'SETTLED',
    );
    const last = costs.at(-1);
    if (last !== undefined) await world.run((tx) => cancelCharge(tx, { id: last.id }));
  }

  async function check(world: Charging): Promise<void> {
    const charges = await world.charges();
    const subscription = (await world.run((tx) => tx.subscriptions.find(world.subscription.id)))!;
    const standing = await world.standing();
    const seats = new Set(
      (await world.run((tx) => tx.licenses.findMany({ instanceId: world.instance.id, liveKey: '0' }))).map(
        (l) => l.userId,
      ),
    ).size;
    const wanted = subscription.priceMinor * BigInt(subscription.seats === 'flat' ? 1 : seats);
    const due = subscription.status === 'ACTIVE' && wanted > 0n ? [wanted] : [];
    expect(standing.map(({ priceMinor }) => priceMinor)).toEqual(due);
    for (const one of charges.filter(billed)) {
      expect((one.startsAt ?? one.periodStartsAt!) >= (subscription.trialEndsAt ?? '')).toBe(true);
    }
    for (const currency of ['EUR', 'USD']) {
      const parts = charges.filter((one) => one.kind === 'PRORATION' && one.currency === currency);
      const costs = parts.filter(({ priceMinor, status }) => priceMinor > 0n && status !== 'CANCELED');
      const credits = parts.filter(({ priceMinor }) => priceMinor < 0n);
      const offset = (rows: readonly Charge[]) => rows.reduce((sum, { offsetMinor }) => sum + offsetMinor, 0n);
      expect(offset(costs)).toBe(offset(credits));
      for (const { priceMinor, offsetMinor, status } of [...costs, ...credits]) {
        const size = priceMinor < 0n ? -priceMinor : priceMinor;
        expect(offsetMinor >= 0n && offsetMinor <= size).toBe(true);
        expect(status === 'SETTLED').toBe(offsetMinor === size);
      }
    }
  }

  /** Not what was withdrawn before it began. */
  function billed({ kind, status, startsAt, canceledAt, attemptedAt, priceMinor }: Charge): boolean {
    if (priceMinor <= 0n) return false;
    if (status !== 'CANCELED' || canceledAt === null) return true;
    return kind === 'RECURRING' && attemptedAt !== null && startsAt !== null && startsAt <= canceledAt;
  }
});
