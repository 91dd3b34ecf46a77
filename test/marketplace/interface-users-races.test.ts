import { createPasswords } from '../../src/platform/passwords.js';
import { onEveryDatabase } from '../support/databases.js';
import {
  accepted,
  type Desk,
  isLocked,
  locksNow,
  makeScene,
  type Outcome,
  refused,
  rightPassword,
  type Scene,
} from './support/interface-users.js';

const times = (outcomes: readonly Outcome[], wanted: Outcome): number =>
  outcomes.filter((outcome) => JSON.stringify(outcome) === JSON.stringify(wanted)).length;

onEveryDatabase('attempts at once, at two processes', (db) => {
  let scene: Scene;
  let desks: readonly [Desk, Desk];
  beforeEach(async () => {
    scene = await makeScene(db);
    desks = [scene.desk(), scene.desk(await db.open())];
  });
  const all = (passwords: readonly string[]) =>
    Promise.all(passwords.map((password, at) => desks[at % 2]!.login(password)));
  const looked = () => desks.flatMap(({ hashed }) => hashed.map(({ password }) => password));
  const alarms = () => scene.run((tx) => tx.alarms.findMany({ objectId: scene.accountId }));

  it.each([1, 2, 3])('of forty wrong passwords one is looked at, and one locks (%i)', async () => {
    const outcomes = await all(Array.from({ length: 40 }, (_, at) => `guess ${at}`));
    expect(looked()).toHaveLength(1);
    expect(times(outcomes, locksNow)).toBe(1);
    expect(times(outcomes, isLocked)).toBe(39);
    expect((await scene.account()).version).toBe(2);
    expect((await alarms()).map(({ repeatCount }) => repeatCount)).toEqual([1]);
  });

  it('the same wrong password forty times is looked at once, and locks once', async () => {
    const outcomes = await all(Array.from({ length: 40 }, () => 'guess'));
    expect(looked()).toHaveLength(1);
    expect(times(outcomes, locksNow)).toBe(1);
    expect(times(outcomes, isLocked)).toBe(39);
    const counted = (await scene.history()).map(({ outcome, times: count }) => [outcome, count]).sort();
    expect(counted).toEqual([
      ['accountLocked', 39],
      ['wrongPassword', 1],
    ]);
  });

  it.each([1, 2, 3])('twenty of both: what comes after the first wrong one is not looked at (%i)', async () => {
    const outcomes = await all(Array.from({ length: 20 }, (_, at) => (at % 4 < 2 ? rightPassword : `guess ${at}`)));
    expect(looked().filter((password) => password !== rightPassword).length).toBe(1);
    expect(looked().length).toBeLessThanOrEqual(3); // the right one once at each process, at most
    expect(times(outcomes, locksNow)).toBe(1);
    expect(times(outcomes, accepted) + times(outcomes, isLocked)).toBe(19);
    expect(await desks[0].login(rightPassword)).toEqual(isLocked);
    await scene.unlock();
    expect(await Promise.all(desks.map((desk) => desk.login(rightPassword)))).toEqual([accepted, accepted]);
  });

  it('forty right ones are hashed once at each process and all let in', async () => {
    expect(times(await all(Array.from({ length: 40 }, () => rightPassword)), accepted)).toBe(40);
    expect(looked().length).toBeLessThanOrEqual(2);
    expect((await scene.account()).version).toBe(1);
  });

  it.each([
    ['locked', { locked: true }, isLocked],
    ['switched off', { disabled: true }, refused],
  ])('one that is %s after it was looked up is refused without a look at the password', async (_, change, outcome) => {
    const desk = scene.desk(db.persistence, { lookedUp: () => scene.change(change) });
    expect(await desk.login(rightPassword)).toEqual(outcome);
    expect(desk.hashed).toEqual([]);
  });

  it('a unit that has to run again hashes nothing again, and locks and tells once', async () => {
    const desk = scene.desk(db.persistence, { everythingTwice: true });
    expect(await desk.login(rightPassword)).toEqual(accepted);
    expect(await desk.login('wrong')).toEqual(locksNow);
    expect(desk.hashed).toHaveLength(2);
    expect((await alarms()).map(({ repeatCount }) => repeatCount)).toEqual([1]);
    expect((await scene.history()).map(({ times: count }) => count)).toEqual([1, 1]);
  });

  it('strangers who keep the hashing busy do not keep out who is on the list', async () => {
    const strength = { memoryCost: 1_024, timeCost: 2, parallelism: 1 };
    const passwords = createPasswords({ concurrency: 1, queue: 2, strength });
    let over = false;
    const stranger = async () => {
      while (!over) await passwords.verify(null, 'guess').catch(() => new Promise(setImmediate));
    };
    const strangers = Array.from({ length: 5 }, stranger);
    const outcomes: Outcome[] = [];
    for (let at = 0; at < 5; at += 1) {
      outcomes.push(await scene.desk(db.persistence, { passwords }).login(rightPassword));
    }
    over = true;
    await Promise.all(strangers);
    expect(outcomes).toEqual(Array(5).fill(accepted));
  });

  it('unlocking while others fail leaves an account that is locked by a failure after it, or open', async () => {
    await desks[0].login('wrong');
    const [outcomes] = await Promise.all([all(Array.from({ length: 10 }, (_, at) => `guess ${at}`)), scene.unlock()]);
    const lockedAgain = times(outcomes, locksNow);
    expect(lockedAgain).toBeLessThanOrEqual(1);
    expect((await scene.account()).lockedAt === null).toBe(lockedAgain === 0);
    const open = (await alarms()).filter(({ clearedAt }) => clearedAt === null);
    expect(open).toHaveLength(lockedAgain);
  });
});
