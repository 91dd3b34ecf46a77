import {
  changeSubscriptionPlan,
  changeTrial,
  endSubscription,
  repriceSubscription,
  resumeSubscription,
  runDueCommand,
  suspendSubscription,
} from '../../src/core/billing/index.js';
import { terminateObject } from '../../src/core/provisioning/index.js';
import { day } from '../../src/core/shared/clock.js';
import { onEveryDatabase } from '../support/databases.js';
import { makeCharging, shape } from './support/charging.js';
import { account, member, outcome, perform, traceOf } from './support/hub.js';

/** The clock begins on January 15; a month has 31 days and a seat costs 100 a day. */
onEveryDatabase('recurring charges', (db) => {
  it('begin with the first seat, and are told of', async () => {
    const world = await makeCharging(db);
    expect(await world.charges()).toEqual([]);
    await world.seats(2);
    expect(shape(await world.charges())).toEqual(['RECURRING DUE 6200 2 seats 01-15']);
    const [charge] = await world.charges();
    expect(charge).toMatchObject({
      description: 'CRM, Team, 2 seats',
      interval: 'month',
      currency: 'EUR',
      units: '1',
      startsAt: db.clock.now(),
      tenantId: world.customer.id,
      instanceId: world.instance.id,
      channelId: world.channel.id,
    });
    expect(await traceOf(db, charge!.id)).toMatchObject({
      entries: [{ tenant: world.customer.id }],
      events: [['charge.due', world.customer.id]],
    });
  });

  it('end when the subscription was to end', async () => {
    const world = await makeCharging(db);
    const { id } = world.subscription;
    await world.seats(1);
    await world.run((tx) => endSubscription(tx, { id, endsAt: '2026-01-20T00:00:00.000Z' }));
    expect(await world.standing()).toHaveLength(1);
    db.clock.advance(5 * day);
    await world.run(async (tx) => runDueCommand(tx, (await tx.scheduledCommands.claimDue(tx.now))!));
    expect(await world.standing()).toEqual([]);
  });

  it('count a person with two seats once', async () => {
    const world = await makeCharging(db);
    const one = await world.addSeat();
    await world.run(async (tx) => {
      const pool = (await tx.licensePools.findMany({ instanceId: world.instance.id }))[0]!;
      const type = { ...world.seat, id: tx.ids.next('licenseType'), code: 'Second' };
      const second = await tx.licenseTypes.insert(type);
      const other = await tx.licensePools.insert({ ...pool, id: tx.ids.next('licensePool'), licenseTypeId: second.id });
      const held = { ...one, id: tx.ids.next('license'), poolId: other.id, licenseTypeId: second.id };
      await tx.licenses.insert(held);
    });
    await world.reprice();
    expect((await world.standing()).map(({ seats }) => seats)).toEqual([1]);
  });

  it('write nothing when there is nothing to do', async () => {
    const world = await makeCharging(db);
    await world.seats(2);
    await world.sendAll();
    const entries = async () => (await db.raw.read.all('SELECT id FROM journal_entries')).length;
    const before = [await entries(), await world.charges()];
    await world.reprice();
    db.clock.advance(40 * day);
    await world.reprice();
    expect([await entries(), await world.charges()]).toEqual(before);
  });

  it('are for marketplaces that bill, and for nobody else', async () => {
    const world = await makeCharging(db, { protocol: 'nec' });
    await world.seats(2);
    await world.run((tx) => changeSubscriptionPlan(tx, { id: world.subscription.id, planId: world.plans.flat.id }));
    await world.run((tx) => suspendSubscription(tx, { id: world.subscription.id }));
    await world.run((tx) => endSubscription(tx, { id: world.subscription.id }));
    expect(await world.charges()).toEqual([]);
  });

  it('that the marketplace has change from the next period on, with what the rest of this one costs', async () => {
    const world = await makeCharging(db);
    await world.seats(1);
    await world.sendAll();
    db.clock.advance(10 * day);
    await world.seats(3);
    expect(shape(await world.charges())).toEqual([
      'RECURRING CANCELED 3100 1 seats 01-15',
      'PRORATION DUE 4200 01-25/02-15',
      'RECURRING DUE 9300 3 seats 02-15',
    ]);
    const [first, part] = await world.charges();
    expect(first!.cancelDueAt).toBe(db.clock.now());
    expect((await traceOf(db, first!.id)).events.map(([type]) => type)).toEqual([
      'charge.due',
      'charge.submitted',
      'charge.cancel_due',
    ]);
    expect(part!.description).toBe('CRM, Team, part of a period 2026-01-25 to 2026-02-15');
  });

  it('that never left are replaced, and what they were worth is billed by itself', async () => {
    const world = await makeCharging(db);
    await world.seats(1);
    await world.seats(2);
    db.clock.advance(3 * day);
    await world.seats(1);
    expect(shape(await world.charges())).toEqual([
      'RECURRING CANCELED 3100 1 seats 01-15',
      'RECURRING CANCELED 6200 2 seats 01-15',
      'PRORATION DUE 600 01-15/01-18',
      'RECURRING DUE 3100 1 seats 01-18',
    ]);
    const [first] = await world.charges();
    expect([first!.cancelDueAt, (await traceOf(db, first!.id)).events.map(([type]) => type)]).toEqual([
      null,
      ['charge.due', 'charge.canceled'],
    ]);
  });

  it('keep credits of seats that went for seats that come later', async () => {
    const world = await makeCharging(db);
    await world.seats(3);
    await world.sendAll();
    db.clock.advance(11 * day); // 20 days are left
    await world.seats(1);
    const credit = (await world.charges('PRORATION'))[0]!;
    expect([credit.priceMinor, credit.status]).toEqual([-4_000n, 'DUE']);
    expect((await traceOf(db, credit.id)).events.map(([type]) => type)).toEqual(['charge.credited']);
    db.clock.advance(10 * day); // 10 days are left
    await world.seats(2);
    await world.seats(6);
    expect(shape(await world.charges('PRORATION'))).toEqual([
      'PRORATION SETTLED -4000 offset 4000 01-26/02-15',
      'PRORATION SETTLED 1000 offset 1000 02-05/02-15',
      'PRORATION DUE 4000 offset 3000 02-05/02-15',
    ]);
    const wholly = (await world.charges('PRORATION'))[1]!;
    expect((await traceOf(db, wholly.id)).events.map(([type]) => type)).toEqual(['charge.settled']);
  });

  it('stop without seats, and know what was paid when one comes back', async () => {
    const world = await makeCharging(db);
    await world.seats(1);
    await world.sendAll();
    db.clock.advance(11 * day);
    await world.seats(0);
    expect([await world.standing(), shape(await world.charges())]).toEqual([
      [],
      ['RECURRING CANCELED 3100 1 seats 01-15', 'PRORATION DUE -2000 01-26/02-15', 'RECURRING SETTLED 0 0 seats 02-15'],
    ]);
    db.clock.advance(10 * day);
    await world.seats(1);
    expect(shape(await world.charges()).slice(3)).toEqual([
      'PRORATION SETTLED 1000 offset 1000 02-05/02-15',
      'RECURRING DUE 3100 1 seats 02-15',
    ]);
  });

  it('move with the plan; a credit of one currency pays nothing in another', async () => {
    const world = await makeCharging(db);
    const move = (planId: string) =>
      world.run((tx) => changeSubscriptionPlan(tx, { id: world.subscription.id, planId }));
    await world.seats(2);
    await world.sendAll();
    db.clock.advance(11 * day);
    await move(world.plans.dear.id);
    await world.sendAll();
    await move(world.plans.dollars.id);
    expect((await world.charges()).map(({ currency, priceMinor }) => `${currency} ${priceMinor}`)).toEqual([
      'EUR 6200',
      'EUR 4000',
      'EUR 12400',
      'EUR -8000',
      'USD 4000',
      'USD 6200',
    ]);
    expect(shape(await world.charges()).slice(3)).toEqual([
      'PRORATION DUE -8000 01-26/02-15',
      'PRORATION DUE 4000 01-26/02-15',
      'RECURRING DUE 6200 1 seats 02-15',
    ]);
  });

  it('rest while the subscription is suspended and go on where the paid period ends', async () => {
    const world = await makeCharging(db);
    const { id } = world.subscription;
    await world.seats(1);
    await world.sendAll();
    db.clock.advance(11 * day);
    await world.run((tx) => suspendSubscription(tx, { id }));
    expect(await world.standing()).toEqual([]);
    await world.seats(2);
    db.clock.advance(10 * day);
    await world.run((tx) => resumeSubscription(tx, { id }));
    expect(shape(await world.charges())).toEqual([
      'RECURRING CANCELED 3100 1 seats 01-15',
      'PRORATION DUE 1000 02-05/02-15',
      'RECURRING DUE 6200 2 seats 02-15',
    ]);
    await world.run((tx) => suspendSubscription(tx, { id }));
    db.clock.advance(60 * day);
    await world.run((tx) => resumeSubscription(tx, { id }));
    expect((await world.standing()).map(({ startsAt }) => startsAt)).toEqual([db.clock.now()]);
  });

  it.each(['endSubscription', 'the end of the instance', 'the end of the tenant'] as const)(
    'stop with %s; what else is due stays due',
    async (how) => {
      const world = await makeCharging(db);
      await world.seats(1);
      await world.sendAll();
      db.clock.advance(11 * day);
      await world.seats(2);
      await world.run(async (tx) => {
        if (how === 'endSubscription') await endSubscription(tx, { id: world.subscription.id });
        else if (how === 'the end of the instance')
          await terminateObject(tx, { kind: 'instance', id: world.instance.id });
        else await terminateObject(tx, { kind: 'tenant', id: world.customer.id });
      });
      expect(shape(await world.charges())).toEqual([
        'RECURRING CANCELED 3100 1 seats 01-15',
        'PRORATION DUE 2000 01-26/02-15',
        'RECURRING CANCELED 6200 2 seats 02-15',
      ]);
    },
  );

  it('begin when the trial ends, wherever that moves before anything is billed', async () => {
    const world = await makeCharging(db, { trialEndsAt: '2026-01-20T00:00:00.000Z' });
    const { id } = world.subscription;
    await world.seats(1);
    await world.sendAll();
    const move = (trialEndsAt: string | null) => outcome(world.run((tx) => changeTrial(tx, { id, trialEndsAt })));
    const starts = async () => (await world.standing()).map(({ startsAt }) => startsAt);
    expect(await starts()).toEqual(['2026-01-20T00:00:00.000Z']);
    expect([await move('2026-01-25T00:00:00.000Z'), await starts()]).toEqual(['done', ['2026-01-25T00:00:00.000Z']]);
    await world.seats(2);
    expect(await starts()).toEqual(['2026-01-25T00:00:00.000Z']);
    expect(await world.charges('PRORATION')).toEqual([]);
    expect([await move('2026-01-16T00:00:00.000Z'), await starts()]).toEqual(['done', ['2026-01-16T00:00:00.000Z']]);
    await world.sendAll();
    db.clock.advance(2 * day);
    expect([await move('2026-01-18T00:00:00.000Z'), await starts()]).toEqual([
      'wrong_state',
      ['2026-01-16T00:00:00.000Z'],
    ]);
    expect([await move('2026-01-10T00:00:00.000Z'), await starts()]).toEqual(['done', ['2026-01-16T00:00:00.000Z']]);
    const before = await world.run((tx) => tx.subscriptions.find(id));
    expect(await move('2026-01-10T00:00:00.000Z')).toBe('done');
    expect(await world.run((tx) => tx.subscriptions.find(id))).toEqual(before);
    await world.run((tx) => endSubscription(tx, { id }));
    expect(await move(null)).toBe('wrong_state');
  });

  it('let only the seller and the channel move a trial', async () => {
    const world = await makeCharging(db, { trialEndsAt: '2026-01-20T00:00:00.000Z' });
    const { id } = world.subscription;
    const move = (actor: Parameters<typeof perform>[1], trialEndsAt: string) =>
      outcome(perform(db, actor, (tx) => changeTrial(tx, { id, trialEndsAt })));
    expect([
      await move(member(world.customer.id), '2026-02-01T00:00:00.000Z'),
      await move(account('chn_other'), '2026-02-01T00:00:00.000Z'),
      await move(member(world.seller.id), '2026-02-01T00:00:00.000Z'),
      await move(account(world.channel.id), '2026-02-02T00:00:00.000Z'),
    ]).toEqual(['forbidden', 'not_found', 'done', 'done']);
  });

  it('are one at the right price when twenty seats change at once', async () => {
    const world = await makeCharging(db);
    await world.seats(4);
    await world.sendAll();
    db.clock.advance(11 * day);
    const [gone] = await world.run((tx) => tx.licenses.findMany({ instanceId: world.instance.id, liveKey: '0' }));
    const change = async (place: number) => {
      if (place === 0) await world.dropSeat(gone!.id);
      else await world.addSeat();
      await world.run((tx) => repriceSubscription(tx, { subscriptionId: world.subscription.id }));
    };
    await Promise.all(Array.from({ length: 20 }, (_, place) => change(place)));
    expect((await world.standing()).map(({ seats, priceMinor }) => [seats, priceMinor])).toEqual([[22, 68_200n]]);
    const parts = await world.charges('PRORATION');
    const open = parts.reduce((sum, { priceMinor }) => sum + priceMinor, 0n);
    expect(open).toBe(18n * 2_000n);
  });
});
