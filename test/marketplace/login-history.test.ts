import { day, hour, minute, second, shift } from '../../src/core/shared/clock.js';
import { onEveryDatabase } from '../support/databases.js';
import { listed, makeScene, rightPassword, type Scene, stranger, system } from './support/interface-users.js';

onEveryDatabase('the login history', (db) => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await makeScene(db);
  });
  const add = (address: string, outcome: 'addressNotListed' | 'wrongPassword' | 'succeeded' = 'addressNotListed') =>
    scene.run((tx) => tx.accountLogins.add({ serviceAccountId: scene.accountId, outcome, address }));

  it('tells each outcome with where, when and how often', async () => {
    const desk = scene.desk();
    const start = db.clock.now();
    await desk.login(rightPassword);
    await desk.login(rightPassword); // remembered: not told again
    db.clock.advance(second);
    for (let count = 0; count < 3; count += 1) await desk.login('guess', { address: stranger });
    db.clock.advance(minute);
    await desk.login('guess', { address: stranger });
    db.clock.advance(second);
    await desk.login('wrong');
    db.clock.advance(second);
    await desk.login(rightPassword);
    db.clock.advance(second);
    await scene.unlock();
    const line = (outcome: string, after: number, rest: object = {}) => {
      const at = shift(start, after);
      return { outcome, address: listed, by: '', firstAt: at, lastAt: at, times: 1, ...rest };
    };
    expect(await scene.history()).toEqual([
      line('unlocked', minute + 4 * second, { address: '', by: 'Olga' }),
      line('accountLocked', minute + 3 * second),
      line('wrongPassword', minute + 2 * second),
      line('addressNotListed', minute + second, { address: stranger }),
      line('addressNotListed', second, { address: stranger, times: 3 }),
      line('succeeded', 0),
    ]);
  });

  it('keeps one line for what is alike within a minute, for successes within an hour', async () => {
    for (let count = 0; count < 50; count += 1) await add(stranger);
    expect(await scene.history()).toMatchObject([{ times: 50, firstAt: db.clock.now() }]);
    db.clock.advance(59 * second);
    await add(stranger);
    expect(await scene.history()).toMatchObject([{ times: 51, lastAt: db.clock.now() }]);
    db.clock.advance(second);
    await add(stranger);
    expect(await scene.history()).toMatchObject([{ times: 1 }, { times: 51 }]);
    await add(stranger, 'succeeded');
    db.clock.advance(59 * minute - second);
    await add(stranger, 'succeeded');
    expect((await scene.history()).filter(({ outcome }) => outcome === 'succeeded')).toMatchObject([{ times: 2 }]);
  });

  it('is one line when forty write it at once', async () => {
    const other = await db.open();
    const login = { serviceAccountId: scene.accountId, outcome: 'wrongPassword', address: listed } as const;
    await Promise.all(
      Array.from({ length: 40 }, (_, at) =>
        (at % 2 === 0 ? db.persistence : other).uow.run(system, { name: 't', requestId: 't' }, (tx) =>
          tx.accountLogins.add(login),
        ),
      ),
    );
    expect(await scene.history()).toMatchObject([{ times: 40 }]);
  });

  it('writes nothing into the journal', async () => {
    const entries = () => db.raw.read.all('SELECT id FROM journal_entries');
    const before = (await entries()).length;
    await scene.desk().login(rightPassword);
    await scene.desk().login('guess', { address: stranger });
    expect(await entries()).toHaveLength(before);
  });

  it('stays short: of each outcome the newest lines, whatever strangers cause', async () => {
    await add(listed, 'wrongPassword');
    await scene.run(async (tx) => {
      for (let at = 0; at < 1_200; at += 1) {
        const address = `2001:db8:${at.toString(16)}::1`;
        await tx.accountLogins.add({ serviceAccountId: scene.accountId, outcome: 'addressNotListed', address });
        await tx.accountLogins.add({ serviceAccountId: '', outcome: 'addressNotListed', address });
      }
    });
    db.clock.advance(minute);
    await add(stranger);
    expect(await db.persistence.housekeeping.sweep()).toBe(1_201 - 140 + 1_200 - 140);
    const kept = await scene.history();
    expect(kept).toHaveLength(141);
    expect(kept[0]).toMatchObject({ address: stranger, lastAt: db.clock.now() });
    expect(kept.filter(({ outcome }) => outcome === 'wrongPassword')).toHaveLength(1);
    expect(await db.persistence.housekeeping.sweep()).toBe(0);
  });

  it('forgets after ninety days all but the newest of each outcome', async () => {
    for (let count = 0; count < 3; count += 1) {
      await add(listed, 'succeeded');
      await add(listed, 'wrongPassword');
      db.clock.advance(hour);
    }
    db.clock.advance(90 * day - 2 * hour);
    expect(await db.persistence.housekeeping.sweep()).toBe(4);
    expect((await scene.history()).map(({ outcome }) => outcome).sort()).toEqual(['succeeded', 'wrongPassword']);
    db.clock.advance(900 * day);
    await db.persistence.housekeeping.sweep();
    expect(await scene.history()).toHaveLength(2);
  });
});
