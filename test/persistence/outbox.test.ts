import type { Unit } from '../../src/core/repositories.js';
import { minute, second } from '../../src/core/shared/clock.js';
import type { PublishedEvent } from '../../src/core/shared/events.js';
import type { Subscriber } from '../../src/persistence/index.js';
import { onEveryDatabase, type TestDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { makeLicense, system, write } from './support/world.js';

/** Makes the row at its first version and relies on it at every later one. */
async function touch(tx: Unit, id: string, version: number): Promise<void> {
  if (version > 1) await tx.licenses.rely(id);
  else await makeLicense(tx, 'pol_1', id, { tenantId: 'ten_1', applicationId: 'app_1', licenseTypeId: 'lty_1' }, id);
}

/** Emits `count` events of one aggregate, each in a unit of its own. */
async function emit(db: TestDatabase, id: string, count: number, from = 1): Promise<void> {
  for (let version = from; version < from + count; version += 1) {
    await write(db.persistence, async (tx) => {
      await touch(tx, id, version);
      tx.emit({
        type: 'thing.changed',
        aggregate: { kind: 'license', id, version },
        tenantId: '',
        payload: { version },
      });
    });
  }
}

function collector(name = 'collector', fail: (event: PublishedEvent) => boolean = () => false) {
  const events: PublishedEvent[] = [];
  const subscriber: Subscriber = {
    name,
    wants: () => true,
    async deliver(event) {
      if (fail(event)) throw new Error('not now');
      events.push(event);
    },
  };
  return {
    events,
    subscriber,
    versions: (id: string) => events.filter((e) => e.aggregate.id === id).map((e) => e.aggregate.version),
  };
}

onEveryDatabase('the outbox', (db) => {
  it('delivers what was committed, in order per aggregate, with public sequences without gaps', async () => {
    const { events, subscriber, versions } = collector();
    await emit(db, 'lic_a', 3);
    await write(db.persistence, async (tx) => {
      await touch(tx, 'lic_b', 1);
      for (const place of [1, 2, 3]) {
        const aggregate = { kind: 'license', id: 'lic_b', version: 1 } as const;
        tx.emit({ type: `thing.${place}`, aggregate, tenantId: 'ten_1', payload: { place } });
      }
    });
    await db.persistence.outboxRelay({ subscribers: [subscriber] }).drain();
    expect(versions('lic_a')).toEqual([1, 2, 3]);
    expect(events.filter((e) => e.aggregate.id === 'lic_b').map((e) => e.type)).toEqual([
      'thing.1',
      'thing.2',
      'thing.3',
    ]);
    expect(events.map((event) => event.sequence).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(events.find((e) => e.type === 'thing.2')).toMatchObject({ tenantId: 'ten_1', payload: { place: 2 } });
  });

  it('asks each subscriber what it wants', async () => {
    const wanted = collector('wanted');
    const other = collector('other');
    await emit(db, 'lic_a', 1);
    const subscribers = [wanted.subscriber, { ...other.subscriber, wants: () => false }];
    await db.persistence.outboxRelay({ subscribers: () => subscribers }).drain();
    expect([wanted.events.length, other.events.length]).toEqual([1, 0]);
  });

  it('delivers within a second of the commit once started', async () => {
    const { events, subscriber } = collector();
    const relay = db.persistence.outboxRelay({ subscribers: [subscriber] });
    relay.start();
    const stop = db.persistence.onCommit(() => relay.kick());
    await emit(db, 'lic_a', 2);
    await eventually(() => events.length === 2, { within: 1_000 });
    stop();
    await relay.stop();
  });

  it('tries again later and later, and parks in the end, without holding up anybody else', async () => {
    let broken = true;
    const failing = collector('failing', (event) => broken && event.aggregate.id === 'lic_a');
    const healthy = collector('healthy');
    const relay = db.persistence.outboxRelay({
      subscribers: [failing.subscriber, healthy.subscriber],
      maxAttempts: 3,
    });
    await emit(db, 'lic_a', 2);
    await emit(db, 'lic_b', 2);
    await relay.drain();
    expect(healthy.events).toHaveLength(4);
    expect(failing.versions('lic_b')).toEqual([1, 2]);
    const first = () =>
      db.persistence.readers.deliveries
        .page(system, { first: 10, filter: { subscriber: { eq: 'failing' }, aggregateId: { eq: 'lic_a' } } })
        .then((page) => page.nodes[0]!);
    expect(await first()).toMatchObject({ attempts: 1, lastError: 'not now', parkedAt: null });
    await relay.drain();
    expect(await first()).toMatchObject({ attempts: 1 });
    db.clock.advance(second);
    await relay.drain();
    expect(await first()).toMatchObject({ attempts: 2 });
    db.clock.advance(second);
    await relay.drain();
    expect(await first()).toMatchObject({ attempts: 2 });
    db.clock.advance(second);
    await relay.drain();
    const parked = await first();
    expect(parked).toMatchObject({ attempts: 3, parkedAt: db.clock.now() });
    await emit(db, 'lic_a', 1, 3);
    db.clock.advance(60 * minute);
    broken = false;
    await relay.drain();
    expect(failing.versions('lic_a')).toEqual([]);
    expect(await relay.unpark('dlv_missing')).toBe(false);
    expect(await relay.unpark(parked.id)).toBe(true);
    await relay.drain();
    expect(failing.versions('lic_a')).toEqual([1, 2, 3]);
    expect(await first()).toMatchObject({ parkedAt: null, lastError: '', deliveredAt: db.clock.now() });
  });

  it('delivers again what a relay had delivered when it died', async () => {
    const { events, subscriber } = collector();
    await emit(db, 'lic_a', 2);
    const dying = await db.open();
    const relay = dying.outboxRelay({
      lease: 15 * second,
      subscribers: [
        {
          ...subscriber,
          async deliver(event) {
            await subscriber.deliver(event);
            await dying.close(); // before it can say so
          },
        },
      ],
    });
    await relay.drain().catch(() => undefined);
    expect(events).toHaveLength(1);
    const other = db.persistence.outboxRelay({ subscribers: [subscriber] });
    await other.drain();
    db.clock.advance(15 * second - 1);
    await other.drain();
    expect(events).toHaveLength(1);
    db.clock.advance(1);
    await other.drain();
    expect(events.map((event) => event.aggregate.version)).toEqual([1, 1, 2]);
  });

  it('shares the work between two relays: everything once, in order', async () => {
    const { events, subscriber, versions } = collector();
    const second = await db.open();
    const relays = [db.persistence, second].map((one) => one.outboxRelay({ subscribers: [subscriber], interval: 5 }));
    for (const relay of relays) relay.start();
    const aggregates = Array.from({ length: 8 }, (_, at) => `lic_${at}`);
    await Promise.all(aggregates.map((id) => emit(db, id, 6)));
    await eventually(() => events.length >= 48, { within: 15_000 });
    for (const relay of relays) await relay.stop();
    for (const id of aggregates) expect(versions(id)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(new Set(events.map((event) => event.sequence)).size).toBe(48);
    expect(Math.max(...events.map((event) => event.sequence))).toBe(48);
  });

  it('refuses an event for an object the unit did not save', async () => {
    const stray = write(db.persistence, async (tx) => {
      tx.emit({
        type: 'thing.changed',
        aggregate: { kind: 'license', id: 'lic_a', version: 1 },
        tenantId: '',
        payload: {},
      });
    });
    await expect(stray).rejects.toThrow('did not save');
  });
});
