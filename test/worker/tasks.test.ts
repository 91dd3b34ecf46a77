import { ChannelTaskImpossible } from '../../src/adapters/marketplace.js';
import {
  createTaskWorker,
  mostTries,
  pauseAfter,
  type TaskWorkerPorts,
  watchAlarms,
} from '../../src/adapters/worker/index.js';
import { type ChannelTask, configureChannel } from '../../src/core/marketplace/index.js';
import type { Unit } from '../../src/core/repositories.js';
import { systemActor } from '../../src/core/shared/actor.js';
import { hour, minute, second, shift, toMilliseconds } from '../../src/core/shared/clock.js';
import { createLogger } from '../../src/platform/logger.js';
import { alarmReporter } from '../support/alarms.js';
import { onEveryDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';

const actor = systemActor('test');
const patienceMs = 10 * second;

onEveryDatabase('tasks of channels', (db) => {
  const write = <T>(work: (tx: Unit) => Promise<T>): Promise<T> =>
    db.persistence.uow.run(actor, { name: 'test.write', requestId: 'test' }, work);

  let channelId: string;
  beforeEach(async () => {
    channelId = (await write((tx) => configureChannel(tx, { name: 'acme', protocol: 'maestrano', settings: {} }))).id;
  });

  const add = (kind = 'import', subjectId = '') =>
    write((tx) => tx.channelTasks.add({ channelId, kind, subjectId, data: { page: 1, secret: 'hidden' } }));
  const queued = async () => (await db.persistence.readers.channelTasks.page(actor, { first: 100 })).nodes;

  async function working(
    work: TaskWorkerPorts['work'],
    look: () => Promise<unknown> | unknown,
    change: Partial<TaskWorkerPorts> = {},
  ): Promise<void> {
    const worker = createTaskWorker({
      tasks: db.persistence.taskQueue,
      work,
      clock: db.clock,
      logger: createLogger({ level: 'silent' }),
      patienceMs,
      graceMs: 5_000,
      interval: 10,
      ...change,
    });
    worker.start();
    try {
      await eventually(look, { within: 15_000 });
    } finally {
      await worker.stop();
    }
  }

  it('carries out what is due with what it was queued with, and takes it out', async () => {
    await add('import', 'ins_1');
    await write((tx) =>
      tx.channelTasks.add({ channelId, kind: 'later', subjectId: '', data: {}, dueAt: shift(tx.now, hour) }),
    );
    const done: ChannelTask[] = [];
    await working(
      async (task) => void done.push(task),
      async () => (await queued()).length === 1,
    );
    expect(done).toMatchObject([{ kind: 'import', channelId, subjectId: 'ins_1', data: { page: 1 }, attempts: 0 }]);
    expect(await queued()).toMatchObject([{ kind: 'later' }]);
  });

  it.each([3, 5, 7])('takes up %d at once', async (count) => {
    for (let tasks = 0; tasks < count; tasks += 1) await add();
    expect(await db.persistence.taskQueue.claim(8, minute)).toHaveLength(count);
  });

  it('a channel whose marketplace answers nothing leaves room for the others', async () => {
    const silent = channelId;
    for (let tasks = 0; tasks < 6; tasks += 1) await add();
    channelId = (await write((tx) => configureChannel(tx, { name: 'lotus', protocol: 'maestrano', settings: {} }))).id;
    for (let tasks = 0; tasks < 3; tasks += 1) await add();
    const begun: string[] = [];
    const ends: (() => void)[] = [];
    await working(
      (task) => {
        begun.push(task.channelId);
        if (task.channelId !== silent) return Promise.resolve();
        return new Promise((resolve) => ends.push(() => resolve()));
      },
      () => {
        if (begun.filter((id) => id === channelId).length < 3) return false;
        expect(begun.filter((id) => id === silent)).toHaveLength(2);
        for (const end of ends) end();
        return true;
      },
    );
  });

  it('takes over what a worker that died had begun, once its lease is over, and not before', async () => {
    await add();
    const [lost] = await db.persistence.taskQueue.claim(1, minute);
    const done: string[] = [];
    expect(await db.persistence.taskQueue.claim(1, minute)).toEqual([]);
    db.clock.advance(minute);
    await working(
      async (task) => void done.push(task.id),
      () => done.length === 1,
    );
    expect(done).toEqual([lost!.id]);
    // whoever comes back from the dead changes nothing
    await add();
    await db.persistence.taskQueue.done(lost!);
    expect(await db.persistence.taskQueue.renew(lost!, minute)).toBe(false);
    expect(await queued()).toHaveLength(1);
  });

  it('keeps what it works on for itself, however long that takes', async () => {
    await add();
    let end = (): void => undefined;
    const begun: string[] = [];
    const renewed: string[] = [];
    const tasks: TaskWorkerPorts['tasks'] = {
      ...db.persistence.taskQueue,
      async renew(task, lease) {
        renewed.push(task.id);
        return db.persistence.taskQueue.renew(task, lease);
      },
    };
    const work = (task: ChannelTask) => {
      begun.push(task.id);
      return new Promise<void>((resolve) => {
        end = resolve;
      });
    };
    // a lease of 30 s and twice a negative patience is a lease that is renewed every 10 ms
    await working(
      work,
      () => {
        if (renewed.length < 3) return false;
        end();
        return true;
      },
      { tasks, patienceMs: -15 * second + 15 },
    );
    expect(begun).toHaveLength(1);
    expect(await queued()).toEqual([]);
  });

  it('tries again later and later, and parks in the end', async () => {
    await add('import', 'ins_1');
    const pauses: number[] = [];
    for (let tries = 1; tries <= mostTries; tries += 1) {
      await working(
        async () => {
          throw new Error(`no answer ${tries}`);
        },
        async () => (await queued())[0]!.attempts === tries,
      );
      const [task] = await queued();
      expect(task).toMatchObject({ lastError: `no answer ${tries}` });
      if (tries === mostTries) break;
      expect(task!.parkedAt).toBeNull();
      pauses.push(toMilliseconds(task!.dueAt) - toMilliseconds(db.clock.now()));
      db.clock.set(task!.dueAt);
    }
    expect(pauses).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 1_280].map((seconds) => seconds * second));
    expect(pauseAfter(100)).toBe(hour);
    expect(await queued()).toMatchObject([{ attempts: mostTries, parkedAt: db.clock.now() }]);
    db.clock.advance(30 * 24 * hour);
    expect(await db.persistence.taskQueue.claim(1, minute)).toEqual([]);
  });

  it('parks what can never be done at once, raises an alarm, and clears it when it was let go and done', async () => {
    await add('nonsense');
    await working(
      async ({ kind }) => {
        throw new ChannelTaskImpossible(`there is no task named "${kind}"`);
      },
      async () => (await queued())[0]!.parkedAt !== null,
    );
    const { uow, readers, lookups, deliveryTroubles: troubles } = db.persistence;
    const look = () => watchAlarms({ uow, readers, lookups, ids: db.ids, troubles, alarms: alarmReporter(db) });
    const open = () => lookups.alarms.findMany({ openKey: '0' });
    await look();
    await look();
    expect(await open()).toMatchObject([
      {
        typeNumber: 2005,
        channelId,
        subject: 'nonsense',
        additionalInfo: 'there is no task named "nonsense"',
        repeatCount: 1,
      },
    ]);
    const [task] = await queued();
    expect(await db.persistence.taskQueue.unpark(task!.id)).toBe(true);
    expect(await db.persistence.taskQueue.unpark(task!.id)).toBe(false);
    await working(
      async () => undefined,
      async () => (await queued()).length === 0,
    );
    await look();
    expect(await open()).toEqual([]);
  });

  it('does several side by side, and no more than a few', async () => {
    for (let n = 0; n < 4; n += 1) await add();
    channelId = (await write((tx) => configureChannel(tx, { name: 'lotus', protocol: 'maestrano', settings: {} }))).id;
    for (let n = 0; n < 4; n += 1) await add();
    let now = 0;
    let most = 0;
    let done = 0;
    const ends: (() => void)[] = [];
    await working(
      async () => {
        now += 1;
        most = Math.max(most, now);
        await new Promise<void>((resolve) => ends.push(resolve));
        now -= 1;
        done += 1;
      },
      () => {
        if (now === 4) ends.shift()?.();
        else if (done >= 3) ends.shift()?.();
        return done === 8;
      },
    );
    expect(most).toBe(4);
    expect(await queued()).toEqual([]);
  });

  it('shows operators everything but what a task is done with, and others nothing', async () => {
    await add();
    expect(JSON.stringify(await queued())).not.toContain('hidden');
    const person = { kind: 'user', userId: 'usr_1', name: 'Mina', grants: [], ceiling: 1_000 } as const;
    expect(await db.persistence.readers.channelTasks.count(person, {})).toBe(0);
  });
});
