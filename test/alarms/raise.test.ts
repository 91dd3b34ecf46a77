import {
  acknowledgeAlarm,
  alarmTrafficLocked,
  clearAlarm,
  clearCondition,
  clearEndedAlarms,
  clearTrafficLocked,
  createAlarmReporter,
  type RaisedAlarm,
  raiseAlarm,
} from '../../src/core/alarms/index.js';
import type { Unit } from '../../src/core/repositories.js';
import type { Actor } from '../../src/core/shared/actor.js';
import { minute, shift } from '../../src/core/shared/clock.js';
import { write } from '../persistence/support/world.js';
import { onEveryDatabase } from '../support/databases.js';
import { accountOf, operator } from './support/callers.js';

const blocked: RaisedAlarm = {
  type: 'sign_in_source_blocked',
  subject: '203.0.113.9',
  info: '30 wrong passwords',
};

onEveryDatabase('alarms of the hub', (db) => {
  const unit = <T>(work: (tx: Unit) => Promise<T>): Promise<T> => write(db.persistence, work);
  const as = <T>(actor: Actor, work: (tx: Unit) => Promise<T>): Promise<T> =>
    db.persistence.uow.run(actor, { name: 'test.write', requestId: 'test' }, work);
  const all = () => unit((tx) => tx.alarms.findMany({}));
  const events = async () =>
    (await db.raw.read.all<{ type: string }>('SELECT event_type AS type FROM outbox_events ORDER BY id')).map(
      ({ type }) => type,
    );
  const journal = async () =>
    Number(
      (
        await db.raw.read.all<{ n: number }>("SELECT COUNT(*) AS n FROM journal_entries WHERE object_kind = 'alarm'")
      )[0]!.n,
    );

  it('are raised once, counted while open, and raised anew after they were cleared', async () => {
    const first = await unit((tx) => raiseAlarm(tx, blocked));
    expect(first).toMatchObject({
      instanceNumber: 1n,
      typeNumber: 1005,
      severity: 'MINOR',
      source: 'identity',
      repeatCount: 1,
      occurredAt: db.clock.now(),
      lastAt: db.clock.now(),
      clearedAt: null,
    });
    const raisedAt = db.clock.now();
    db.clock.advance(minute);
    await unit((tx) => raiseAlarm(tx, { ...blocked, additionalInfo: 'again' }));
    expect(await all()).toEqual([
      expect.objectContaining({
        id: first.id,
        repeatCount: 2,
        occurredAt: raisedAt,
        lastAt: db.clock.now(),
        info: blocked.info,
        additionalInfo: 'again',
      }),
    ]);
    expect(await unit((tx) => clearCondition(tx, blocked))).toMatchObject({ id: first.id, clearedAt: db.clock.now() });
    expect(await unit((tx) => clearCondition(tx, blocked))).toBeUndefined();
    expect(await unit((tx) => raiseAlarm(tx, blocked))).toMatchObject({ instanceNumber: 2n, repeatCount: 1 });
    expect(await events()).toEqual(['alarm.raised', 'alarm.cleared', 'alarm.raised']);
    expect(await journal()).toBe(4);
  });

  it('tell conditions apart by type, channel, object and subject', async () => {
    const [channel, webhook] = [db.ids.next('channel'), db.ids.next('webhook')];
    const conditions: RaisedAlarm[] = [
      blocked,
      { ...blocked, subject: '203.0.113.10' },
      { ...blocked, type: 'token_source_blocked' },
      { ...blocked, channelId: channel },
      { ...blocked, objectId: webhook },
    ];
    for (const condition of conditions) await unit((tx) => raiseAlarm(tx, condition));
    const rows = await all();
    expect(rows.map(({ instanceNumber }) => instanceNumber)).toEqual([1n, 2n, 3n, 4n, 5n]);
    expect(rows.map(({ objectKind }) => objectKind)).toEqual(['', '', '', '', 'webhook']);
  });

  it('of one condition raised 20 times at once are one row counted 20 times', async () => {
    await Promise.all(Array.from({ length: 20 }, () => unit((tx) => raiseAlarm(tx, blocked))));
    expect(await all()).toEqual([expect.objectContaining({ repeatCount: 20, instanceNumber: 1n })]);
    expect(await events()).toEqual(['alarm.raised']);
  });

  it('of different conditions raised at once have numbers of their own, from two processes', async () => {
    const other = await db.open();
    await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        write(at % 2 === 0 ? db.persistence : other, (tx) => raiseAlarm(tx, { ...blocked, subject: `10.0.0.${at}` })),
      ),
    );
    const numbers = (await all()).map(({ instanceNumber }) => instanceNumber).sort((a, b) => Number(a - b));
    expect(numbers).toEqual(Array.from({ length: 20 }, (_, at) => BigInt(at + 1)));
  });

  it('that a unit raised in vain leave no number and no row', async () => {
    const failing = unit(async (tx) => {
      await raiseAlarm(tx, blocked);
      throw new Error('refused');
    });
    await expect(failing).rejects.toThrow('refused');
    expect(await all()).toEqual([]);
    expect(await unit((tx) => raiseAlarm(tx, blocked))).toMatchObject({ instanceNumber: 1n });
  });

  it('end by themselves when it is time, and later when it happened again', async () => {
    const now = db.clock.now();
    await unit((tx) => raiseAlarm(tx, { ...blocked, endsAt: shift(now, 15 * minute) }));
    await unit((tx) => raiseAlarm(tx, { ...blocked, subject: 'for good' }));
    db.clock.advance(10 * minute);
    await unit((tx) => raiseAlarm(tx, { ...blocked, endsAt: shift(now, 25 * minute) }));
    db.clock.advance(14 * minute);
    expect(await unit((tx) => clearEndedAlarms(tx, 10))).toBe(0);
    db.clock.advance(minute);
    const cleared = await Promise.all([1, 2].map(() => unit((tx) => clearEndedAlarms(tx, 10))));
    expect(cleared.sort()).toEqual([0, 1]);
    expect((await all()).map(({ subject, clearedAt, clearedBy }) => [subject, clearedAt, clearedBy])).toEqual([
      [blocked.subject, db.clock.now(), 'test'],
      ['for good', null, ''],
    ]);
  });

  it('name the server they were raised on, and carry no character XML cannot', async () => {
    const { openPersistence } = await import('../../src/persistence/index.js');
    const { createLogger } = await import('../../src/platform/logger.js');
    const here = await openPersistence({
      databaseUrl: db.url,
      secrets: db.keyring,
      clock: db.clock,
      ids: db.ids,
      logger: createLogger({ level: 'silent' }),
      server: '192.0.2.7',
    });
    const info = `bad \u0001 half \ud800 line\n${'ä'.repeat(3_000)}`;
    const raised = await write(here, (tx) => raiseAlarm(tx, { ...blocked, info }));
    await here.close();
    expect(raised.source).toBe('identity@192.0.2.7');
    expect(raised.info).toHaveLength(2_000);
    expect(raised.info.slice(0, 20)).toBe('bad \ufffd half \ufffd line\nää');
  });

  it('of a locked instance go with the lock', async () => {
    const instance = {
      id: db.ids.next('instance'),
      tenantId: db.ids.next('tenant'),
      channelId: db.ids.next('channel'),
    };
    const raised = await unit((tx) => alarmTrafficLocked(tx, instance, { failures: 5, address: '198.51.100.3' }));
    expect(raised).toMatchObject({
      typeNumber: 1003,
      severity: 'MAJOR',
      channelId: instance.channelId,
      tenantId: instance.tenantId,
      objectKind: 'instance',
      objectId: instance.id,
      info: 'locked after 5 wrong passwords in a row',
    });
    expect(await unit((tx) => clearTrafficLocked(tx, instance))).toMatchObject({ clearedAt: db.clock.now() });
  });

  describe('in the hands of people', () => {
    it('are acknowledged once, by the first, and stay so when it happens again', async () => {
      const { id } = await unit((tx) => raiseAlarm(tx, blocked));
      const first = await as(operator(666, 'a'), (tx) => acknowledgeAlarm(tx, { id, expectedVersion: 1 }));
      expect(first).toMatchObject({ acknowledgedAt: db.clock.now(), acknowledgedBy: 'a', clearedAt: null });
      await as(operator(666, 'b'), (tx) => acknowledgeAlarm(tx, { id }));
      await unit((tx) => raiseAlarm(tx, blocked));
      expect(await all()).toEqual([expect.objectContaining({ acknowledgedBy: 'a', repeatCount: 2 })]);
      const stale = as(operator(666), (tx) => clearAlarm(tx, { id, expectedVersion: 1 }));
      await expect(stale).rejects.toMatchObject({ code: 'version_conflict' });
    });

    it('are cleared once', async () => {
      const { id } = await unit((tx) => raiseAlarm(tx, blocked));
      const twice = [1, 2].map(() => as(operator(666, 'a'), (tx) => clearAlarm(tx, { id })));
      const outcomes = await Promise.allSettled(twice);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(outcomes).toContainEqual({ status: 'rejected', reason: expect.objectContaining({ code: 'wrong_state' }) });
      expect(await all()).toEqual([expect.objectContaining({ clearedBy: 'a', openKey: id })]);
      expect(await events()).toEqual(['alarm.raised', 'alarm.cleared']);
    });

    it('are for operators with the level, and for the operator’s accounts of their channel', async () => {
      const [own, other] = [db.ids.next('channel'), db.ids.next('channel')];
      const platform = await unit((tx) => raiseAlarm(tx, blocked));
      const mine = await unit((tx) => raiseAlarm(tx, { ...blocked, channelId: own }));
      const theirs = await unit((tx) => raiseAlarm(tx, { ...blocked, channelId: other }));
      const refusals: [Actor, string, string][] = [
        [operator(333), platform.id, 'forbidden'],
        [operator(1000, 'a', 333), platform.id, 'forbidden'],
        [accountOf(own, { level: 333 }), mine.id, 'forbidden'],
        [accountOf(own, { level: 1000 }), platform.id, 'forbidden'],
        [accountOf(own, { level: 1000 }), theirs.id, 'not_found'],
        [accountOf(own, { level: null }), mine.id, 'not_found'],
        [accountOf(own, { level: 1000, tenantId: db.ids.next('tenant') }), mine.id, 'not_found'],
        [{ kind: 'anonymous' }, platform.id, 'not_found'],
        [operator(666), 'alm_00000000000000000000000000', 'not_found'],
      ];
      for (const [actor, id, code] of refusals) {
        for (const command of [acknowledgeAlarm, clearAlarm]) {
          await expect(as(actor, (tx) => command(tx, { id }))).rejects.toMatchObject({ code });
        }
      }
      expect(await as(accountOf(own, { level: 666 }), (tx) => clearAlarm(tx, { id: mine.id }))).toMatchObject({
        clearedAt: db.clock.now(),
      });
    });
  });

  it('are reported from outside a unit, and a failure to do so goes nowhere else', async () => {
    const failures: unknown[] = [];
    const reporter = (uow = db.persistence.uow) =>
      createAlarmReporter({
        uow,
        lookups: db.persistence.lookups,
        ids: db.ids,
        onFailure: (error) => failures.push(error),
      });
    await reporter().raise({ ...blocked, once: true });
    await reporter().raise({ ...blocked, once: true });
    expect(await all()).toEqual([expect.objectContaining({ repeatCount: 1 })]);
    await reporter().clear(blocked);
    await reporter().clear(blocked);
    expect(await events()).toEqual(['alarm.raised', 'alarm.cleared']);
    expect(failures).toEqual([]);
    const down = { run: () => Promise.reject(new Error('the database is gone')) };
    await reporter(down).raise(blocked);
    expect(failures).toEqual([new Error('the database is gone')]);
  });
});
