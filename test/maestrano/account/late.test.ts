import { createBillLoop } from '../../../src/adapters/rest/maestrano/account/index.js';
import { changeSubscriptionPlan, endSubscription } from '../../../src/core/billing/index.js';
import { definePlan } from '../../../src/core/catalog/index.js';
import { day, hour, minute, second } from '../../../src/core/shared/clock.js';
import { onEveryDatabase } from '../../support/databases.js';
import { type AccountApiServer, startAccountApi } from '../support/account-api.js';
import { openScene, type Scene } from './support.js';

onEveryDatabase('a marketplace that hears late, or bills late', (db) => {
  let server: AccountApiServer;
  beforeAll(async () => {
    server = await startAccountApi({ now: () => db.clock.now() });
  });
  beforeEach(() => server.reset());
  afterAll(() => server.close());

  /** A month for 10.00 from January 15 at nine on, billed there. */
  async function sold(): Promise<Scene> {
    const scene = await openScene(db, server, { amount: '1000' });
    await scene.deliver();
    return scene;
  }
  /** When it billed a period the last time, as the marketplace says. */
  function hasBilled(at: string | null): void {
    server.bills[0]!.lastExecutionAt = at;
  }
  async function moveToDearer(scene: Scene): Promise<void> {
    const planId = await scene.perform(async (tx) => {
      const { applicationId } = (await tx.plans.find(scene.planId))!;
      const dearer = { applicationId, key: 'more', currency: 'EUR', interval: 'month', amount: '2000' } as const;
      return (await definePlan(tx, dearer)).id;
    });
    await scene.perform((tx) => changeSubscriptionPlan(tx, { id: scene.subscription.id, planId }));
  }
  const end = (scene: Scene) => scene.perform((tx) => endSubscription(tx, { id: scene.subscription.id }));
  const differences = async ({ subscription }: Scene) => {
    const all = await db.persistence.lookups.charges.findMany({ subscriptionId: subscription.id, kind: 'PRORATION' });
    return all.map((one) => `${one.priceMinor} ${one.periodStartsAt?.slice(0, 10)} ${one.periodEndsAt?.slice(0, 10)}`);
  };

  it('credits a period that was billed after the bill had been withdrawn', async () => {
    const scene = await sold();
    db.clock.set('2026-02-14T09:00:00.000Z');
    server.disturb(() => 'failBefore');
    await end(scene);
    await scene.deliver();
    db.clock.set('2026-02-15T11:00:00.000Z');
    hasBilled('2026-02-15T09:00:00Z');
    server.disturb(() => 'ok');
    await scene.deliver();
    expect(server.standing('')).toEqual([]);
    expect(await differences(scene)).toEqual(['-1000 2026-02-15 2026-03-15']);
  });

  it('bills by itself a period that had begun and was never billed', async () => {
    const scene = await sold();
    db.clock.advance(hour);
    hasBilled(null);
    await moveToDearer(scene);
    await scene.deliver();
    const [change, ...rest] = await differences(scene);
    expect(change).toMatch(/^999 /);
    expect(rest).toEqual(['1000 2026-01-15 2026-02-15']);
  });

  it('bills no more than was used of it when the subscription has ended', async () => {
    const scene = await sold();
    db.clock.set('2026-02-25T09:00:00.000Z');
    hasBilled('2026-01-16T02:00:00Z');
    await end(scene);
    await scene.deliver();
    // 10 of 28 days
    expect(await differences(scene)).toEqual(['357 2026-02-15 2026-02-25']);
  });

  it('believes that what had begun is billed, where the marketplace says so, or nothing', async () => {
    const scene = await sold();
    db.clock.set('2026-02-25T09:00:00.000Z');
    hasBilled('2026-02-15T08:59:00Z'); // their clock is a minute behind
    await end(scene);
    await scene.deliver();
    expect(await differences(scene)).toEqual([]);
  });

  it('tells the operator of a duplicate that billed a period before it was found', async () => {
    const scene = await openScene(db, server, { amount: '1000' });
    server.plan('POST', 'late');
    await scene.deliver();
    await scene.after(2 * second);
    server.applyLate();
    server.bills[1]!.lastExecutionAt = db.clock.now();
    await scene.after(2 * minute);
    expect(server.standing('')).toHaveLength(1);
    expect(await scene.alarms()).toEqual([expect.stringMatching(/^4003 rbill-2: .* billed a period at/)]);
  });

  it('is told of what nobody told it of for longer than events are tried', async () => {
    const scene = await sold();
    const loop = createBillLoop(scene.ports);
    const round = () => loop.run(new AbortController().signal);
    server.disturb(() => 'failBefore');
    const { id } = await scene.charge();
    await end(scene);
    for (let hours = 0; hours < 12; hours += 1) await scene.after(hour);
    server.disturb(() => 'ok');
    await scene.after(day);
    expect(server.standing('')).toHaveLength(1); // the one of the ended subscription
    await round();
    expect(await scene.now(id)).toMatchObject({ status: 'SUBMITTED' });
    expect(server.standing('').map(({ recurring }) => recurring)).toEqual([false]);
    const calls = server.calls.length;
    await round();
    expect(server.calls).toHaveLength(calls);
  });

  it('that cannot be asked is asked three times a round, and about others the next time', async () => {
    const scene = await openScene(db, server);
    server.disturb(() => 'failBefore');
    const charges: string[] = [];
    for (let count = 0; count < 5; count += 1) charges.push((await scene.charge()).id);
    db.clock.advance(2 * hour);
    const loop = createBillLoop(scene.ports);
    await loop.run(new AbortController().signal);
    expect(server.calls).toHaveLength(3);
    server.disturb(() => 'ok');
    await loop.run(new AbortController().signal);
    expect(server.bills).toHaveLength(2);
    await loop.run(new AbortController().signal);
    for (const id of charges) expect(server.standing(id)).toHaveLength(1);
  });
});
