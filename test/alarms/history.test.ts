import { type AlarmFilter, ingestAlarms, raiseAlarm } from '../../src/core/alarms/index.js';
import { configureChannel } from '../../src/core/marketplace/index.js';
import type { Actor } from '../../src/core/shared/actor.js';
import { minute, shift } from '../../src/core/shared/clock.js';
import { checkWindow } from '../../src/core/shared/window.js';
import { write } from '../persistence/support/world.js';
import { onEveryDatabase } from '../support/databases.js';
import { accountOf, operator } from './support/callers.js';

onEveryDatabase('alarms by position', (db) => {
  const everything = checkWindow(0n, 10_000);
  const history = () => db.persistence.readers.alarmHistory;
  const infos = async (actor: Actor, filter: AlarmFilter = {}, window = everything) =>
    (await history().list(actor, filter, window)).map(({ info }) => info);

  /** Two channels and the hub, one alarm a minute; reported in another order than they occurred. */
  async function world() {
    const start = db.clock.now();
    return write(db.persistence, async (tx) => {
      const [one, two] = [
        await configureChannel(tx, { name: 'one', protocol: 'prm', settings: {} }),
        await configureChannel(tx, { name: 'two', protocol: 'prm', settings: {} }),
      ];
      const report = (at: number, typeNumber: number, severity?: 'CRITICAL') => ({
        typeNumber,
        source: 'gw',
        info: `${at}`,
        occurredAt: shift(start, at * minute),
        ...(severity === undefined ? {} : { severity }),
      });
      await ingestAlarms(tx, { channelId: one.id, alarms: [report(3, 5002), report(1, 5001, 'CRITICAL')] });
      await ingestAlarms(tx, { channelId: two.id, alarms: [report(2, 5001), report(4, 5002)] });
      await raiseAlarm(tx, { type: 'journal_broken', info: 'hub' });
      return { one: one.id, two: two.id, at: (minutes: number) => shift(start, minutes * minute) };
    });
  }

  it('come in the order they occurred in, ties in the order they were made in', async () => {
    await world();
    expect(await infos(operator(333))).toEqual(['hub', '1', '2', '3', '4']);
    const twins = Array.from({ length: 5 }, (_, at) => ({ typeNumber: 5006, source: 'gw', info: `t${at}` }));
    await write(db.persistence, (tx) => ingestAlarms(tx, { channelId: '', alarms: twins }));
    expect(await infos(operator(333), { typeNumber: 5006 })).toEqual(['t0', 't1', 't2', 't3', 't4']);
  });

  it('are filtered by type, severity and time, each and together', async () => {
    const { at } = await world();
    const cases: [AlarmFilter, string[]][] = [
      [{ typeNumber: 5001 }, ['1', '2']],
      [{ severity: 'CRITICAL' }, ['hub', '1']],
      [{ severity: 'WARNING' }, []],
      [{ from: at(2) }, ['2', '3', '4']],
      [{ to: at(2) }, ['hub', '1']],
      [{ from: at(1), to: at(4) }, ['1', '2', '3']],
      [{ typeNumber: 5001, severity: 'MINOR', from: at(0), to: at(9) }, ['2']],
    ];
    for (const [filter, expected] of cases) {
      expect(await infos(operator(333), filter)).toEqual(expected);
      expect(await history().count(operator(333), filter)).toBe(BigInt(expected.length));
    }
  });

  it('are cut at both ends', async () => {
    await world();
    expect(await infos(operator(333), {}, checkWindow(1n, 2))).toEqual(['1', '2']);
    expect(await infos(operator(333), {}, checkWindow(4n, 10))).toEqual(['4']);
    expect(await infos(operator(333), {}, checkWindow(5n, 10))).toEqual([]);
    expect(await infos(operator(333), {}, checkWindow(2n ** 63n - 1n, 10_000))).toEqual([]);
  });

  it('show what is cleared too, and all of an alarm', async () => {
    const { one } = await world();
    const [, first] = await history().list(operator(333), {}, everything);
    expect(first).toMatchObject({ instanceNumber: 2n, typeNumber: 5001, channelId: one, externalId: null });
  });

  it('are seen by operators, and by the operator’s accounts of a channel with what is the hub’s own', async () => {
    const { one, two } = await world();
    const cases: [Actor, string[]][] = [
      [operator(333), ['hub', '1', '2', '3', '4']],
      [accountOf(one, { level: 333 }), ['hub', '1', '3']],
      [accountOf(two, { level: 1000 }), ['hub', '2', '4']],
      [operator(0), []],
      [operator(1000, 'a', 0), []],
      [accountOf(one, { level: 0 }), []],
      [accountOf(one, { level: null }), []],
      [accountOf(one, { level: 1000, tenantId: db.ids.next('tenant') }), []],
      [{ kind: 'anonymous' }, []],
      [{ kind: 'client', clientId: 'c', level: 333, tenantId: null, ceiling: 333 }, ['hub', '1', '2', '3', '4']],
      [{ kind: 'client', clientId: 'c', level: null, tenantId: db.ids.next('tenant'), ceiling: 1000 }, []],
    ];
    for (const [actor, expected] of cases) {
      expect(await infos(actor)).toEqual(expected);
      expect(await history().count(actor, {})).toBe(BigInt(expected.length));
      const page = await db.persistence.readers.alarms.page(actor, {
        first: 10,
        orderBy: { field: 'occurredAt', direction: 'ASC' },
      });
      expect(page.nodes.map(({ info }) => info)).toEqual(expected);
    }
  });

  it('are counted and passed over in the index alone', async () => {
    const explain = async (text: string) =>
      JSON.stringify(await db.raw.read.all(`${db.dialect === 'mysql' ? 'EXPLAIN' : 'EXPLAIN QUERY PLAN'} ${text}`));
    await world();
    const plan = await explain(
      "SELECT t.id AS id FROM alarms t WHERE t.severity = 'MINOR' ORDER BY t.occurred_at, t.id LIMIT 10 OFFSET 2",
    );
    expect(plan).toContain('ix_alarms_occurred_at_id_type_number_severity_channel_id');
    expect(plan).toMatch(/COVERING INDEX|Using index/);
    expect(plan).not.toMatch(/TEMP B-TREE|filesort/);
  });
});
