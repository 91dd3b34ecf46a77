import {
  addCharge,
  type Charge,
  cancelCharge,
  chargeCancelTold,
  chargeFailed,
  chargeRefused,
  chargeSubmitted,
  chargeUncollectable,
  claimCharge,
  endSubscription,
  repriceSubscription,
} from '../../src/core/billing/index.js';
import type { Unit } from '../../src/core/repositories.js';
import { day, minute, shift } from '../../src/core/shared/clock.js';
import { onEveryDatabase } from '../support/databases.js';
import { type Charging, makeCharging, shape } from './support/charging.js';
import { outcome, traceOf } from './support/hub.js';

/** What whoever sends charges to a marketplace may count on. */
onEveryDatabase('charges on their way to a marketplace', (db) => {
  let world: Charging;
  let id: string;
  const events = async (of = id) => (await traceOf(db, of)).events.map(([type]) => type);
  const charge = async (of = id) => (await world.run((tx) => tx.charges.find(of)))!;
  const claim = (owner = 'one', of = id) => world.run((tx) => claimCharge(tx, { id: of, owner, leaseMs: minute }));
  const cancel = () => world.run((tx) => cancelCharge(tx, { id }));
  const told = (of = id) => world.run((tx) => chargeCancelTold(tx, { id: of }));
  const submitted = (externalId = 'bill-1', of = id) =>
    world.run((tx) => chargeSubmitted(tx, { id: of, owner: 'one', externalId }));
  const reason = 'a reason';
  beforeEach(async () => {
    world = await makeCharging(db);
    const of = { subscriptionId: world.subscription.id, amount: '700', description: 'Training' };
    ({ id } = await world.run((tx) => addCharge(tx, of)));
  });

  it('are taken by one at a time', async () => {
    const answers = await Promise.all(
      ['one', 'two'].map((owner) =>
        claim(owner).then(
          (taken) => taken?.lookFirst,
          (error: Error) => error.message,
        ),
      ),
    );
    expect(answers.sort()).toEqual([false, 'the hub is busy: try again']);
  });

  it('are taken over when the lease ends, and looked for first', async () => {
    expect(await claim('one')).toMatchObject({
      lookFirst: false,
      charge: { id, leaseOwner: 'one', attemptedAt: db.clock.now() },
    });
    db.clock.advance(minute - 1);
    expect(await outcome(claim('two'))).toBe('busy');
    expect((await claim('one'))?.lookFirst).toBe(true);
    db.clock.advance(minute);
    expect(await claim('two')).toMatchObject({ lookFirst: true, charge: { leaseOwner: 'two' } });
    const late = [
      await world.run((tx) => chargeFailed(tx, { id, owner: 'one', reason })),
      await world.run((tx) => chargeRefused(tx, { id, owner: 'one', reason })),
      await world.run((tx) => chargeUncollectable(tx, { id, owner: 'one', reason })),
    ];
    expect(late.map(({ status, leaseOwner }) => [status, leaseOwner])).toEqual(Array(3).fill(['DUE', 'two']));
  });

  it('wait for the next try when no answer came', async () => {
    await claim();
    await world.run((tx) => chargeFailed(tx, { id, owner: 'one', reason: `${'é'.repeat(600)}` }));
    expect(await charge()).toMatchObject({
      status: 'DUE',
      failure: 'é'.repeat(500),
      leaseOwner: '',
      leasedUntil: null,
    });
    expect((await claim('two'))?.lookFirst).toBe(true);
  });

  it('are there once the marketplace has them, under one id', async () => {
    await claim();
    await submitted();
    const before = await charge();
    expect(before).toMatchObject({ status: 'SUBMITTED', externalId: 'bill-1', leaseOwner: '', failure: '' });
    await submitted();
    expect(await charge()).toEqual(before);
    expect(await outcome(submitted('bill-2'))).toBe('wrong_state');
    expect(await claim()).toBeUndefined();
    expect(await events()).toEqual(['charge.due', 'charge.submitted']);
  });

  it.each([
    ['REFUSED', chargeRefused, 'charge.refused'],
    ['UNCOLLECTABLE', chargeUncollectable, 'charge.uncollectable'],
  ] as const)('are %s when the marketplace says so', async (status, tell, event) => {
    await claim();
    await world.run((tx) => tell(tx, { id, owner: 'one', reason }));
    expect(await charge()).toMatchObject({ status, failure: reason, attemptedAt: null, leaseOwner: '' });
    expect(await claim()).toBeUndefined();
    expect(await events()).toEqual(['charge.due', event]);
  });

  it('are nothing to send: unknown ones, those no marketplace bills, credits', async () => {
    expect(await claim('one', 'chg_00000000000000000000000000')).toBeUndefined();
    const other = await world.run((tx) =>
      addCharge(tx, { tenantId: world.seller.id, amount: '1', currency: 'EUR', description: 'Here' }),
    );
    expect([other.channelId, await claim('one', other.id)]).toEqual(['', undefined]);
    await world.seats(2);
    await world.sendAll();
    db.clock.advance(day);
    await world.seats(1);
    const credit = (await world.charges('PRORATION'))[0]!;
    expect([credit.priceMinor < 0n, await claim('one', credit.id)]).toEqual([true, undefined]);
  });

  it('withdrawn while they are sent are taken back', async () => {
    await claim();
    await cancel();
    expect(await outcome(claim('two'))).toBe('busy');
    await submitted();
    expect(await charge()).toMatchObject({ status: 'CANCELED', externalId: 'bill-1', cancelDueAt: db.clock.now() });
    expect(await claim('two')).toMatchObject({ lookFirst: true, charge: { status: 'CANCELED', externalId: 'bill-1' } });
    await told();
    expect(await charge()).toMatchObject({ status: 'CANCELED', cancelDueAt: null, leaseOwner: '' });
    expect(await claim('two')).toBeUndefined();
    expect(await events()).toEqual(['charge.due', 'charge.cancel_due', 'charge.cancel_due', 'charge.canceled']);
  });

  it('withdrawn and then refused need not be taken back', async () => {
    await claim();
    await cancel();
    await world.run((tx) => chargeRefused(tx, { id, owner: 'one', reason }));
    expect(await charge()).toMatchObject({ status: 'CANCELED', cancelDueAt: null });
    expect(await events()).toEqual(['charge.due', 'charge.cancel_due', 'charge.canceled']);
  });

  it('whose bill turns up after all are taken back then', async () => {
    await claim();
    await cancel();
    await told();
    await submitted('late');
    expect(await charge()).toMatchObject({ externalId: 'late', cancelDueAt: db.clock.now() });
    expect(await events()).toEqual([...['charge.due', 'charge.cancel_due', 'charge.canceled', 'charge.cancel_due']]);
  });

  it('of every period that are taken at the very moment the price changes count as on their way', async () => {
    await world.seats(1);
    const [first] = await world.standing();
    db.clock.advance(day);
    await world.addSeat();
    let read: () => void = () => undefined;
    const wasRead = new Promise<void>((resolve) => {
      read = resolve;
    });
    const taken = wasRead.then(() => claim('one', first!.id));
    if (db.dialect === 'sqlite') {
      read(); // units never overlap there
      await taken;
    }
    const of = { subscriptionId: world.subscription.id };
    await world.run((tx) =>
      repriceSubscription(
        afterReading(tx, async () => {
          read();
          await taken;
        }),
        of,
      ),
    );
    expect((await taken)?.lookFirst).toBe(false);
    expect(await charge(first!.id)).toMatchObject({ status: 'CANCELED', cancelDueAt: db.clock.now() });
    expect((await world.standing()).map(({ startsAt }) => startsAt?.slice(0, 10))).toEqual(['2026-02-15']);
  });

  describe('of every period', () => {
    let standing: Charge;
    beforeEach(async () => {
      await world.seats(1);
      standing = (await world.standing())[0]!;
      await claim('one', standing.id);
      await world.run((tx) => chargeFailed(tx, { id: standing.id, owner: 'one', reason: 'no answer' }));
      db.clock.advance(11 * day);
    });
    const parts = async () => shape(await world.charges('PRORATION'));

    it('that turn out never to have arrived are billed by themselves for the period', async () => {
      await world.seats(2);
      await told(standing.id);
      expect(await parts()).toEqual(['PRORATION DUE 2000 01-26/02-15', 'PRORATION DUE 3100 01-15/02-15']);
      await told(standing.id);
      expect(await parts()).toHaveLength(2);
    });

    it('that had arrived are not', async () => {
      await world.seats(2);
      await submitted('found', standing.id);
      await told(standing.id);
      expect(await parts()).toEqual(['PRORATION DUE 2000 01-26/02-15']);
    });

    it('are billed for what was used when the subscription has ended', async () => {
      await world.run((tx) => endSubscription(tx, { id: world.subscription.id }));
      await told(standing.id);
      expect(await parts()).toEqual(['PRORATION DUE 1100 01-15/01-26']);
    });

    it('that had not begun are not billed', async () => {
      await world.seats(2);
      const next = (await world.standing())[0]!;
      await claim('one', next.id);
      await world.run((tx) => chargeFailed(tx, { id: next.id, owner: 'one', reason: 'no answer' }));
      await world.seats(3);
      await told(next.id);
      expect(await parts()).toEqual(['PRORATION DUE 2000 01-26/02-15', 'PRORATION DUE 2000 01-26/02-15']);
    });

    it('that were refused are tried anew when the price changes, and nothing is billed until then', async () => {
      await claim('one', standing.id);
      await world.run((tx) => chargeRefused(tx, { id: standing.id, owner: 'one', reason }));
      await world.reprice();
      expect(await world.standing()).toMatchObject([{ id: standing.id, status: 'REFUSED' }]);
      await world.seats(2);
      expect(await world.standing()).toMatchObject([
        { status: 'DUE', seats: 2, startsAt: shift(standing.startsAt!, 11 * day) },
      ]);
      expect(await parts()).toEqual([]);
    });
  });
});

/** A unit in which something happens elsewhere right after charges were read. */
function afterReading(tx: Unit, happens: () => Promise<unknown>): Unit {
  const bound = (target: object, name: string | symbol): unknown => {
    const value: unknown = Reflect.get(target, name, target);
    return typeof value === 'function' ? value.bind(target) : value;
  };
  const charges = new Proxy(tx.charges, {
    get: (target, name) =>
      name === 'findAll'
        ? async (match: Parameters<typeof target.findAll>[0]) => {
            const rows = await target.findAll(match);
            await happens();
            return rows;
          }
        : bound(target, name),
  });
  return new Proxy(tx, { get: (target, name) => (name === 'charges' ? charges : bound(target, name)) });
}
