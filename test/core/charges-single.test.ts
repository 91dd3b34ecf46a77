import {
  type AddChargeInput,
  addCharge,
  cancelCharge,
  chargeRefused,
  claimCharge,
  endSubscription,
  retryCharge,
  settleCharge,
} from '../../src/core/billing/index.js';
import { provisionInstance, terminateObject } from '../../src/core/provisioning/index.js';
import type { Unit } from '../../src/core/repositories.js';
import { day, minute, shift } from '../../src/core/shared/clock.js';
import { onEveryDatabase } from '../support/databases.js';
import { type Charging, makeCharging, shape } from './support/charging.js';
import { account, member, outcome, perform, traceOf } from './support/hub.js';

onEveryDatabase('single charges', (db) => {
  let world: Charging;
  beforeEach(async () => {
    world = await makeCharging(db);
  });
  const training = { amount: '700', description: 'Training' };
  const add = (input: AddChargeInput) => world.run((tx) => addCharge(tx, input));
  const charge = async (id: string) => (await world.run((tx) => tx.charges.find(id)))!;
  const refused = async () => {
    const { id } = await add({ ...training, subscriptionId: world.subscription.id });
    await world.run((tx) => claimCharge(tx, { id, owner: 'w', leaseMs: minute }));
    await world.run((tx) => chargeRefused(tx, { id, owner: 'w', reason: 'no group' }));
    return id;
  };

  it('are for a subscription, an instance or a tenant', async () => {
    const { id: subscriptionId, currency } = world.subscription;
    const [instanceId, channelId, tenantId] = [world.instance.id, world.channel.id, world.customer.id];
    const period = { periodStartsAt: '2026-01-01T00:00:00.000Z', periodEndsAt: '2026-02-01T00:00:00.000Z' };
    expect(await add({ ...training, subscriptionId, units: '2.50', ...period, thirdParty: true })).toMatchObject({
      ...{ kind: 'AD_HOC', status: 'DUE', subscriptionId, instanceId, channelId, tenantId, currency, ...period },
      ...{ priceMinor: 700n, units: '2.50', thirdParty: true, description: 'Training' },
    });
    const plain = { units: '1', thirdParty: false, periodStartsAt: null, channelId };
    expect(await add({ ...training, instanceId })).toMatchObject({ ...plain, subscriptionId, instanceId, currency });
    expect(await add({ ...training, tenantId, currency: 'USD' })).toMatchObject({
      ...{ ...plain, subscriptionId: '', instanceId: '', currency: 'USD' },
    });
    const own = await add({ ...training, tenantId: world.seller.id, currency: 'USD' });
    expect([own.channelId, (await traceOf(db, own.id)).events]).toEqual(['', [['charge.due', world.seller.id]]]);
  });

  it.each<[string, Partial<AddChargeInput>]>([
    ['nothing', { amount: '0' }],
    ['less than nothing', { amount: '-1' }],
    ['parts of a minor unit', { amount: '1.5' }],
    ['no units', { units: '0' }],
    ['units of three places', { units: '1.005' }],
    ['a currency of two letters', { currency: 'eu' }],
    ['no description', { description: '' }],
    ['a long description', { description: 'x'.repeat(201) }],
    ['half a period', { periodStartsAt: '2026-01-01' }],
    ['the other half', { periodEndsAt: '2026-01-01' }],
    ['a period that is none', { periodStartsAt: '2026-01-02', periodEndsAt: '2026-01-02' }],
    ['two objects', { tenantId: 'ten_1' }],
  ])('refuse %s', async (_, wrong) => {
    const input = { ...training, subscriptionId: world.subscription.id, ...wrong };
    expect(await outcome(add(input))).toBe('invalid_value');
    expect(await world.charges()).toEqual([]);
  });

  it('say what is missing, gone or ended', async () => {
    const { id } = world.subscription;
    expect(await outcome(add(training))).toBe('invalid_value');
    expect(await outcome(add({ ...training, tenantId: world.customer.id }))).toBe('invalid_value');
    expect(await outcome(add({ ...training, instanceId: 'ins_1' }))).toBe('not_found');
    const place = { tenantId: world.customer.id, applicationId: world.application.id, channelId: world.channel.id };
    const { instance: free } = await world.run((tx) => provisionInstance(tx, place));
    await world.run((tx) => endSubscription(tx, { id }));
    expect(await outcome(add({ ...training, subscriptionId: id }))).toBe('wrong_state');
    expect(await outcome(add({ ...training, instanceId: world.instance.id }))).toBe('wrong_state');
    await world.run((tx) => terminateObject(tx, { kind: 'instance', id: free.id }));
    const other = { ...training, currency: 'EUR' };
    await expect(add({ ...other, instanceId: free.id })).rejects.toThrow('instance is deleted');
    await world.run((tx) => terminateObject(tx, { kind: 'tenant', id: world.customer.id }));
    expect(await outcome(add({ ...other, tenantId: world.customer.id }))).toBe('terminated');
    const ended = 'subscription is ENDED: a charge is not allowed';
    await expect(add({ ...training, instanceId: world.instance.id })).rejects.toThrow(ended);
  });

  it('say it in words one can act on', async () => {
    const { id } = world.subscription;
    await world.seats(1);
    const [standing] = await world.standing();
    await expect(add(training)).rejects.toThrow('exactly one of subscriptionId, instanceId and tenantId must be given');
    const half = { ...training, subscriptionId: id, periodStartsAt: '2026-01-01' };
    await expect(add(half)).rejects.toThrow('periodEndsAt: periodStartsAt and periodEndsAt must both be given');
    const follows = 'charge is recurring and follows its subscription: cancel is not allowed';
    await expect(world.run((tx) => cancelCharge(tx, { id: standing!.id }))).rejects.toThrow(follows);
  });

  it('bill nothing of a trial', async () => {
    const { id } = world.subscription;
    const trialEndsAt = shift(db.clock.now(), 10 * day);
    await world.run(async (tx) => tx.subscriptions.save((await tx.subscriptions.lock(id))!, { trialEndsAt }));
    const during = { periodStartsAt: shift(trialEndsAt, -1), periodEndsAt: shift(trialEndsAt, day) };
    for (const wrong of [{}, { thirdParty: true }, during]) {
      expect(await outcome(add({ ...training, subscriptionId: id, ...wrong }))).toBe('wrong_state');
    }
    const refusal = `in its trial until ${trialEndsAt}: a charge for a period before then is not allowed`;
    await expect(add({ ...training, subscriptionId: id })).rejects.toThrow(refusal);
    const after = { periodStartsAt: trialEndsAt, periodEndsAt: shift(trialEndsAt, day) };
    expect(await outcome(add({ ...training, subscriptionId: id, ...after }))).toBe('done');
    db.clock.set(trialEndsAt);
    expect(await outcome(add({ ...training, subscriptionId: id }))).toBe('done');
  });

  it('are for the seller and the channel, not for who pays or others', async () => {
    const { id } = await add({ ...training, subscriptionId: world.subscription.id });
    const commands = [
      (tx: Unit) => addCharge(tx, { ...training, instanceId: world.instance.id }),
      (tx: Unit) => retryCharge(tx, { id }),
      (tx: Unit) => cancelCharge(tx, { id }),
    ];
    for (const command of commands) {
      const answer = (actor: Parameters<typeof perform>[1]) => outcome(perform(db, actor, command));
      expect([
        await answer(member(world.customer.id)),
        await answer(account('chn_other')),
        await answer(member(world.seller.id)),
        await answer(account(world.channel.id)),
      ]).toEqual(['forbidden', 'not_found', 'done', 'done']);
    }
    const settle = (tx: Unit) => settleCharge(tx, { id, externalId: 'x' });
    expect(await outcome(perform(db, member(world.customer.id), settle))).toBe('forbidden');
  });

  it('are canceled once, also in what the marketplace has', async () => {
    const [fresh, sent] = [
      await add({ ...training, subscriptionId: world.subscription.id }),
      await add({ ...training, subscriptionId: world.subscription.id }),
    ];
    await world.send(sent.id);
    for (const { id } of [fresh, sent, fresh, sent]) await world.run((tx) => cancelCharge(tx, { id }));
    expect([(await charge(fresh.id)).cancelDueAt, (await charge(sent.id)).cancelDueAt]).toEqual([null, db.clock.now()]);
    expect((await traceOf(db, fresh.id)).events.map(([type]) => type)).toEqual(['charge.due', 'charge.canceled']);
    expect((await traceOf(db, sent.id)).events.map(([type]) => type).at(-1)).toBe('charge.cancel_due');
    const stale = (tx: Unit) => cancelCharge(tx, { id: fresh.id, expectedVersion: 1 });
    expect(await outcome(world.run(stale))).toBe('version_conflict');
  });

  it('leave recurring ones to their subscription, and what is settled', async () => {
    await world.seats(1);
    const [standing] = await world.standing();
    const other = await add({ ...training, tenantId: world.seller.id, currency: 'EUR' });
    await world.run((tx) => settleCharge(tx, { id: other.id, externalId: 'invoice 1' }));
    for (const { id } of [standing!, other]) {
      expect(await outcome(world.run((tx) => cancelCharge(tx, { id })))).toBe('wrong_state');
    }
    expect(await outcome(world.run((tx) => settleCharge(tx, { id: standing!.id, externalId: 'x' })))).toBe(
      'wrong_state',
    );
  });

  it('that used credits give them back when they are canceled', async () => {
    await world.seats(3);
    await world.sendAll();
    db.clock.advance(11 * day);
    await world.seats(2);
    await world.seats(1);
    await world.seats(4);
    const parts = async () => shape(await world.charges('PRORATION'));
    const cost = (await world.charges('PRORATION'))[2]!;
    expect(await parts()).toEqual([
      'PRORATION SETTLED -2000 offset 2000 01-26/02-15',
      'PRORATION SETTLED -2000 offset 2000 01-26/02-15',
      'PRORATION DUE 6000 offset 4000 01-26/02-15',
    ]);
    await world.run((tx) => cancelCharge(tx, { id: cost.id }));
    expect((await parts()).slice(0, 2)).toEqual(Array(2).fill('PRORATION DUE -2000 01-26/02-15'));
    await world.seats(5);
    expect((await parts()).slice(0, 2)).toEqual([
      'PRORATION SETTLED -2000 offset 2000 01-26/02-15',
      'PRORATION DUE -2000 01-26/02-15',
    ]);
  });

  it('that were refused are tried again, and those that wait are woken', async () => {
    const id = await refused();
    await world.run((tx) => retryCharge(tx, { id }));
    expect(await charge(id)).toMatchObject({ status: 'DUE', failure: '' });
    await world.run((tx) => retryCharge(tx, { id }));
    await world.send(id);
    expect(await outcome(world.run((tx) => retryCharge(tx, { id })))).toBe('wrong_state');
    await world.run((tx) => cancelCharge(tx, { id }));
    await world.run((tx) => retryCharge(tx, { id }));
    expect((await traceOf(db, id)).events.map(([type]) => type)).toEqual([
      ...['charge.due', 'charge.refused', 'charge.due', 'charge.due', 'charge.submitted'],
      ...['charge.cancel_due', 'charge.cancel_due'],
    ]);
  });

  it('of every period that were refused begin when they are tried again', async () => {
    await world.seats(1);
    const { id } = (await world.standing())[0]!;
    await world.run((tx) => claimCharge(tx, { id, owner: 'w', leaseMs: minute }));
    await world.run((tx) => chargeRefused(tx, { id, owner: 'w', reason: 'no card' }));
    db.clock.advance(5 * day);
    await world.run((tx) => retryCharge(tx, { id }));
    expect(await charge(id)).toMatchObject({ status: 'DUE', startsAt: db.clock.now() });
  });

  it('that no marketplace bills are settled by hand, once', async () => {
    const own = await add({ ...training, tenantId: world.seller.id, currency: 'EUR' });
    const settle = (id: string, externalId: string) => world.run((tx) => settleCharge(tx, { id, externalId }));
    const settled = await settle(own.id, 'invoice 7');
    expect(settled).toMatchObject({ status: 'SETTLED', externalId: 'invoice 7' });
    expect(await settle(own.id, 'invoice 7')).toEqual(settled);
    expect(await outcome(settle(own.id, 'invoice 8'))).toBe('wrong_state');
    expect(await settle(await refused(), 'invoice 9')).toMatchObject({ status: 'SETTLED', externalId: 'invoice 9' });
    const due = await add({ ...training, subscriptionId: world.subscription.id });
    expect(await outcome(settle(due.id, 'invoice 10'))).toBe('wrong_state');
    expect(await outcome(settle(own.id, ''))).toBe('invalid_value');
    expect(await outcome(world.run((tx) => retryCharge(tx, { id: own.id })))).toBe('wrong_state');
  });

  it('asked for twice under one key are one', async () => {
    const command = {
      name: 'test.addCharge',
      requestId: 'req-1',
      idempotency: { scope: 'test', key: 'k', content: 'add' },
    };
    const ask = () =>
      db.persistence.uow.run(member(world.seller.id), command, async (tx) => ({
        id: (await addCharge(tx, { ...training, instanceId: world.instance.id })).id,
      }));
    const [one, two] = [await ask(), await ask()];
    expect([two, (await world.charges()).map(({ id }) => id)]).toEqual([one, [one.id]]);
  });
});
