import { billBeforeEnd } from '../../../src/adapters/rest/maestrano/account/index.js';
import { placeOf } from '../../../src/adapters/rest/maestrano/account/place.js';
import { changeSubscriptionPlan, endSubscription, repriceSubscription } from '../../../src/core/billing/index.js';
import { definePlan } from '../../../src/core/catalog/index.js';
import { createMember } from '../../../src/core/identity/index.js';
import { assignLicense, releaseLicense } from '../../../src/core/licensing/index.js';
import { day, minute, second } from '../../../src/core/shared/clock.js';
import { onEveryDatabase } from '../../support/databases.js';
import { type AccountApiServer, startAccountApi } from '../support/account-api.js';
import { openScene, type Scene } from './support.js';

onEveryDatabase('subscriptions at a marketplace', (db) => {
  let server: AccountApiServer;
  beforeAll(async () => {
    server = await startAccountApi({ now: () => db.clock.now() });
  });
  beforeEach(() => server.reset());
  afterAll(() => server.close());

  const standing = () =>
    server
      .standing('')
      .map(({ recurring, priceCents }) => [recurring, priceCents] as const)
      .toSorted(([, a], [, b]) => b - a);

  it('begins a recurring bill when the trial ends, not before', async () => {
    const scene = await openScene(db, server, { amount: '1000', trialDays: 14 });
    await scene.deliver();
    const [bill] = server.bills;
    expect(bill!.fields).toEqual({
      group_id: 'cld-9f8e',
      price_cents: '1000',
      currency: 'EUR',
      period: 'Month',
      start_date: '2026-01-29T09:00:00Z',
      description: expect.stringMatching(/^Orchid, Team \[chg_\w{26}\]$/),
    });
  });

  it('begins at once without a trial, also when it is sent late', async () => {
    const scene = await openScene(db, server, { amount: '1000', trialDays: 1 });
    server.plan('POST', 'failBefore');
    await scene.deliver();
    await scene.after(2 * day);
    expect(server.bills).toHaveLength(1);
    expect(server.bills[0]!.fields.start_date).toBeUndefined();
  });

  it('waits a little when the marketplace takes the start for past', async () => {
    const scene = await openScene(db, server, { amount: '1000', trialDays: 1 });
    db.clock.advance(day - minute);
    server.plan('POST', 'ok');
    server.onCall(({ form }) => {
      // their clock is two minutes ahead
      if (form.has('start_date')) form.set('start_date', '2026-01-01T00:00:00Z');
    });
    await scene.deliver();
    expect(server.bills).toHaveLength(0);
    const [charge] = await db.persistence.lookups.charges.findMany({ subscriptionId: scene.subscription.id });
    expect(charge!.status).toBe('DUE');
    await scene.after(2 * minute);
    expect(server.bills).toHaveLength(1);
    expect(await scene.alarms()).toEqual([]);
  });

  it('replaces the recurring bill when the price changes, and takes it back at the end', async () => {
    const scene = await openScene(db, server, { amount: '1000', trialDays: 14 });
    await scene.deliver();
    const planId = await scene.perform(async (tx) => {
      const { applicationId } = (await tx.plans.find(scene.planId))!;
      const dearer = { applicationId, key: 'more', currency: 'EUR', interval: 'month', amount: '2000' } as const;
      return (await definePlan(tx, dearer)).id;
    });
    server.plan('POST', 'silentAfter');
    server.plan('DELETE', 'failAfter', 'failBefore');
    await scene.perform((tx) => changeSubscriptionPlan(tx, { id: scene.subscription.id, planId }));
    await scene.deliver();
    await scene.after(2 * second);
    await scene.after(4 * second);
    expect(standing()).toEqual([[true, 2_000]]);
    await scene.perform((tx) => endSubscription(tx, { id: scene.subscription.id }));
    await scene.deliver();
    expect(standing()).toEqual([]);
  });

  describe('of seats', () => {
    async function withSeats(
      count: number,
    ): Promise<Scene & { seats: readonly { id: string }[]; assign(): Promise<void> }> {
      const scene = await openScene(db, server, { amount: '1000', seats: 'perSeat' });
      const { tenant, instance, seat } = scene;
      const place = { tenantId: tenant.id, licenseTypeId: seat.id, instanceId: instance.id };
      const assign = () =>
        scene.perform(async (tx) => {
          const membership = { tenantId: tenant.id, roles: ['MEMBER'] as const };
          const { user } = await createMember(tx, { givenName: 'P', membership });
          return assignLicense(tx, { ...place, userId: user.id });
        });
      const seats = [];
      for (let index = 0; index < count; index += 1) seats.push(await assign());
      await scene.perform((tx) => repriceSubscription(tx, { subscriptionId: scene.subscription.id }));
      await scene.deliver();
      return { ...scene, seats, assign: async () => void (await assign()) };
    }
    async function end({ ports, channel: { id }, instance }: Scene, budgetMs: number): Promise<void> {
      const { channel, connection } = (await placeOf(ports, id))!;
      await billBeforeEnd(ports, channel, connection, instance.id, budgetMs);
    }

    it('bills what a seat costs that came in the middle of a period, without what a credit offset', async () => {
      const scene = await withSeats(2);
      expect(standing()).toEqual([[true, 2_000]]);
      db.clock.set('2026-01-31T00:00:00.000Z');
      const reprice = () => scene.perform((tx) => repriceSubscription(tx, { subscriptionId: scene.subscription.id }));
      await scene.perform((tx) => releaseLicense(tx, { id: scene.seats[0]!.id }));
      await reprice();
      await scene.deliver();
      expect(standing()).toEqual([[true, 1_000]]);
      await scene.assign();
      await scene.assign();
      await reprice();
      await scene.deliver();
      // two seats more of which one is paid for: a seat for the rest of the period
      expect(standing()).toEqual([
        [true, 3_000],
        [false, expect.any(Number)],
      ]);
      const [proration] = server.standing('part of a period');
      expect(proration!.priceCents).toBeGreaterThan(450);
      expect(proration!.priceCents).toBeLessThan(600);
      expect(proration!.fields.start_date ?? proration!.fields.period_ended_at).toBe('2026-02-15T09:00:00Z');
    });

    it('sends the last bills of a group before it ends, also of seats nobody has counted yet', async () => {
      const scene = await withSeats(1);
      db.clock.advance(10 * day);
      await scene.assign();
      await scene.charge({ amount: '99' });
      await end(scene, 5_000);
      expect(standing()).toEqual([
        [true, 1_000],
        [false, expect.any(Number)],
        [false, 99],
      ]);
      server.groups.get('cld-9f8e')!.status = 'terminated';
      await scene.perform((tx) => endSubscription(tx, { id: scene.subscription.id }));
      await scene.deliver();
      expect(server.standing('').filter(({ recurring }) => recurring)).toEqual([]);
      expect(server.bills.filter(({ recurring }) => !recurring)).toHaveLength(2);
    });

    it('ends in its time when the marketplace does not answer, and leaves the rest to be sent later', async () => {
      const scene = await withSeats(1);
      const charges = [];
      for (let index = 0; index < 6; index += 1) charges.push(await scene.charge());
      server.disturb(({ method }) => (method === 'POST' ? 'silentAfter' : 'ok'));
      await end({ ...scene, ports: { ...scene.ports, fetch: globalThis.fetch } }, 100);
      // no more than four were begun, however slow the machine
      const begun = await Promise.all(charges.map(async ({ id }) => (await scene.now(id)).attemptedAt !== null));
      expect(begun.filter(Boolean).length).toBeLessThanOrEqual(4);
      const sent = server.bills.filter(({ recurring }) => !recurring).length;
      server.disturb(() => 'ok');
      server.groups.get('cld-9f8e')!.status = 'terminated';
      await scene.after(second);
      const states = await Promise.all(charges.map(async ({ id }) => (await scene.now(id)).status));
      // what arrived is found, what did not cannot be billed any more
      expect(states.toSorted()).toEqual([...Array(sent).fill('SUBMITTED'), ...Array(6 - sent).fill('UNCOLLECTABLE')]);
      expect(server.bills.filter(({ recurring }) => !recurring)).toHaveLength(sent);
      expect(await scene.alarms()).toHaveLength(6 - sent);
    });
  });
});
