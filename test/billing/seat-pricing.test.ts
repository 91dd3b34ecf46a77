import { createSeatPricing } from '../../src/adapters/billing/index.js';
import { removeMember } from '../../src/core/provisioning/index.js';
import { makeCharging } from '../core/support/charging.js';
import { onEveryDatabase } from '../support/databases.js';

onEveryDatabase('seats and what they cost', (db) => {
  const pricing = () => createSeatPricing({ uow: db.persistence.uow, lookups: db.persistence.lookups });
  const hear = () => db.persistence.outboxRelay({ subscribers: pricing() }).drain();
  const reprices = () =>
    db.raw.read.all<{ command: string; reason: string; actor: string }>(
      "SELECT command, reason, actor_id AS actor FROM journal_entries WHERE command = 'billing.reprice' ORDER BY id",
    );

  it('are counted anew when seats are given, moved and taken away', async () => {
    const world = await makeCharging(db);
    await hear();
    expect(await world.standing()).toEqual([]);
    const first = await world.addSeat();
    await world.addSeat();
    await hear();
    expect((await world.standing()).map(({ seats, priceMinor }) => [seats, priceMinor])).toEqual([[2, 6_200n]]);
    const [entry] = await reprices();
    expect(entry).toMatchObject({ actor: 'billing', reason: expect.stringMatching(/^license\.assigned evt_/) });
    const membership = await world.run(
      async (tx) => (await tx.memberships.findMany({ userId: first.userId, liveKey: '0' }))[0]!,
    );
    await world.run((tx) => removeMember(tx, { id: membership.id }));
    await hear();
    expect((await world.standing()).map(({ seats, priceMinor }) => [seats, priceMinor])).toEqual([[1, 3_100n]]);
  });

  it('say nothing to a subscription with one price for all', async () => {
    const world = await makeCharging(db);
    const { id } = world.subscription;
    await world.run(async (tx) => tx.subscriptions.save((await tx.subscriptions.lock(id))!, { seats: 'flat' }));
    await world.addSeat();
    await hear();
    expect(await world.charges()).toEqual([]);
  });

  it('are nobody’s matter where no marketplace bills', async () => {
    await makeCharging(db, { protocol: 'nec' });
    expect(await pricing()()).toEqual([]);
  });

  it('of a channel that does not bill open no unit of work', async () => {
    const world = await makeCharging(db, { protocol: 'nec' });
    const units: string[] = [];
    const uow = {
      run: (...[, { name }]: Parameters<typeof db.persistence.uow.run>) => Promise.reject(units.push(name)),
    };
    await world.run((tx) =>
      tx.channels.insert({ ...world.channel, id: tx.ids.next('channel'), name: 'bills', protocol: 'maestrano' }),
    );
    const [one] = await createSeatPricing({ uow: uow as never, lookups: db.persistence.lookups })();
    await world.addSeat();
    const heard: string[] = [];
    await db.persistence
      .outboxRelay({
        subscribers: [{ ...one!, deliver: (event) => one!.deliver(event).then(() => void heard.push(event.type)) }],
      })
      .drain();
    expect([heard, units]).toEqual([['license.assigned'], []]);
  });
});
