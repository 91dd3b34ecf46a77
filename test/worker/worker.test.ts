import { createWorker, runDueCommands } from '../../src/adapters/worker/index.js';
import { endSubscription, openSubscription } from '../../src/core/billing/index.js';
import { defineApplication, definePlan } from '../../src/core/catalog/index.js';
import type { Unit } from '../../src/core/repositories.js';
import { systemActor } from '../../src/core/shared/actor.js';
import { day, shift } from '../../src/core/shared/clock.js';
import { createTenant } from '../../src/core/tenancy/index.js';
import { createLogger } from '../../src/platform/logger.js';
import { createMetrics } from '../../src/platform/metrics.js';
import { alarmReporter } from '../support/alarms.js';
import { onEveryDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';

const actor = systemActor('test');
const logger = createLogger({ level: 'silent' });
const running = new AbortController().signal;

onEveryDatabase('the worker', (db) => {
  const write = <T>(work: (tx: Unit) => Promise<T>): Promise<T> =>
    db.persistence.uow.run(actor, { name: 'test.write', requestId: 'test' }, work);

  async function subscribe(key: string) {
    return write(async (tx) => {
      const tenant = await createTenant(tx, { kind: 'customer', name: key });
      const application = await defineApplication(tx, { key, name: key });
      const plan = await definePlan(tx, {
        applicationId: application.id,
        key: 'plan',
        amount: '100',
        currency: 'EUR',
        interval: 'month',
      });
      return openSubscription(tx, { tenantId: tenant.id, planId: plan.id });
    });
  }

  async function schedule(objectId: string, input: Record<string, unknown> = {}, command = 'endSubscription' as const) {
    return write((tx) =>
      tx.scheduledCommands.insert({
        id: tx.ids.next('scheduledCommand'),
        createdAt: tx.now,
        command,
        objectId,
        channelId: '',
        requestId: 'r',
        requestedBy: 'test',
        input,
        dueAt: shift(tx.now, day),
        doneAt: null,
        failure: '',
      }),
    );
  }

  const ports = () => ({ uow: db.persistence.uow, clock: db.clock, ids: db.ids, logger });
  const found = (id: string) => write((tx) => tx.scheduledCommands.find(id));

  it('carries out what is due, when it is due, once', async () => {
    const subscription = await subscribe('a');
    const scheduled = await schedule(subscription.id);
    await runDueCommands(ports(), new Map(), running);
    expect(await found(scheduled.id)).toMatchObject({ doneAt: null });
    db.clock.advance(2 * day);
    await Promise.all([1, 2, 3].map(() => runDueCommands(ports(), new Map(), running)));
    expect(await found(scheduled.id)).toMatchObject({ doneAt: db.clock.now(), failure: '' });
    expect(await write((tx) => tx.subscriptions.find(subscription.id))).toMatchObject({ status: 'ENDED' });
  });

  it('closes what the core refuses with its code, and goes on with the next', async () => {
    const lost = await schedule('sub_00000000000000000000000000');
    const subscription = await subscribe('b');
    const good = await schedule(subscription.id);
    db.clock.advance(2 * day);
    await runDueCommands(ports(), new Map(), running);
    expect(await found(lost.id)).toMatchObject({ failure: 'not_found', doneAt: db.clock.now() });
    expect(await found(good.id)).toMatchObject({ failure: '', doneAt: db.clock.now() });
  });

  it('tries what fails for other reasons again, and gives it up in the end', async () => {
    const poison = await schedule('ins_00000000000000000000000000');
    db.clock.advance(2 * day);
    const broken = { ...ports(), uow: breaking(db.persistence.uow) };
    const tries = new Map<string, number>();
    for (let round = 1; round < 5; round += 1) {
      await expect(runDueCommands(broken, tries, running)).rejects.toThrow('the disk is full');
    }
    await runDueCommands(broken, tries, running);
    expect(await found(poison.id)).toMatchObject({ failure: 'internal' });
  });

  it('relays, seals, sweeps and measures until it is stopped', async () => {
    const { persistence } = db;
    const metrics = createMetrics({ processMetrics: false });
    const told: string[] = [];
    let rounds = 0;
    const worker = createWorker({
      ...ports(),
      readers: persistence.readers,
      metrics,
      relay: persistence.outboxRelay({
        interval: 10,
        subscribers: [{ name: 'test', wants: () => true, deliver: async (event) => void told.push(event.type) }],
      }),
      tasks: { start: () => {}, kick: () => {}, stop: async () => {} },
      loops: [
        {
          name: 'test',
          interval: 10,
          run: async () => {
            rounds += 1;
          },
        },
      ],
      journal: persistence.journalChain,
      housekeeping: persistence.housekeeping,
      lookups: persistence.lookups,
      alarms: alarmReporter(db),
      troubles: persistence.deliveryTroubles,
      interval: 10,
    });
    await persistence.seen.add('test', 'h', shift(db.clock.now(), -day));
    worker.start();
    const subscription = await subscribe('c');
    try {
      const patient = { within: 20_000 };
      worker.kick();
      await eventually(() => told.includes('subscription.opened'), patient);
      await eventually(() => rounds > 1, patient);
      await eventually(async () => (await persistence.readers.journal.head()) > 0, patient);
      await eventually(async () => (await db.raw.read.all('SELECT 1 FROM seen_hashes')).length === 0, patient);
      await eventually(async () => (await metrics.text()).includes('mercator_outbox_parked_deliveries 0'), patient);
    } finally {
      await worker.stop();
    }
    told.length = 0;
    await write((tx) => endSubscription(tx, { id: subscription.id }));
    worker.kick();
    expect(told).toEqual([]);
    expect(await metrics.text()).toContain('mercator_journal_unsealed_entries');
  });
});

/** A database that fails in the middle of every command that is due. */
function breaking(uow: Parameters<typeof runDueCommands>[0]['uow']): typeof uow {
  return {
    run: (who, command, work) =>
      uow.run(who, command, async (tx) => {
        const answer = work(tx);
        if (command.name !== 'billing.runScheduled') return answer;
        const done = await answer.catch(() => 'refused');
        if (done === undefined) return answer;
        throw new Error('the disk is full');
      }),
  };
}
