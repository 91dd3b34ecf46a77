import { repriceSubscription } from '../../src/core/billing/index.js';
import { second, shift } from '../../src/core/shared/clock.js';
import type { Persistence } from '../../src/persistence/index.js';
import { testClock } from '../support/clock.js';
import { onEveryDatabase } from '../support/databases.js';
import { makeCharging, shape } from './support/charging.js';
import { system } from './support/hub.js';

onEveryDatabase('a recurring charge in two processes whose clocks differ', (db) => {
  it('is compared with the one made last', async () => {
    const world = await makeCharging(db);
    const ahead = testClock(shift(db.clock.now(), 5 * second));
    const other = await db.open({ clock: ahead });
    const reprice = ({ uow }: Persistence) =>
      uow.run(system, { name: 'test', requestId: 'test' }, (tx) =>
        repriceSubscription(tx, { subscriptionId: world.subscription.id }),
      );
    const seat = await world.addSeat();
    await reprice(other);
    await world.sendAll();
    db.clock.advance(second);
    ahead.advance(second);
    await world.dropSeat(seat.id);
    await reprice(db.persistence);
    db.clock.advance(second);
    ahead.advance(second);
    await world.addSeat();
    await reprice(other);
    await reprice(db.persistence);
    expect(shape(await world.charges()).toSorted()).toEqual([
      'PRORATION SETTLED -3100 offset 3100 01-15/02-15',
      'PRORATION SETTLED 3100 offset 3100 01-15/02-15',
      'RECURRING CANCELED 3100 1 seats 01-15',
      'RECURRING DUE 3100 1 seats 02-15',
      'RECURRING SETTLED 0 0 seats 02-15',
    ]);
  });
});
