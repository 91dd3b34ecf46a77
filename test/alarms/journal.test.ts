import { runCli } from '../../src/adapters/cli/index.js';
import { reportJournal } from '../../src/core/alarms/index.js';
import { createTenant } from '../../src/core/tenancy/index.js';
import { cliHub, terminalPorts } from '../cli/support.js';
import { write } from '../persistence/support/world.js';
import { alarmReporter } from '../support/alarms.js';
import { onEveryDatabase } from '../support/databases.js';

onEveryDatabase('alarms of the journal', (db) => {
  const alarms = () => write(db.persistence, (tx) => tx.alarms.findMany({}));
  const verify = async () => {
    const { ports } = terminalPorts({ openHub: async () => cliHub(db) });
    return runCli(['journal', 'verify', '--json'], ports, new AbortController().signal);
  };
  const check = async (atLeast = 2) => {
    const broken = await db.persistence.journalChain.checkNext(atLeast);
    await reportJournal(alarmReporter(db), { broken, whole: false });
    return broken;
  };
  /** Ten entries under five seals. */
  async function entries() {
    for (let seal = 0; seal < 5; seal += 1) {
      for (const name of ['a', 'b']) await write(db.persistence, (tx) => createTenant(tx, { kind: 'reseller', name }));
      await db.persistence.journalChain.seal(1_000);
    }
  }
  const tamper = (sequence: number, command: string) =>
    db.raw.execute('UPDATE journal_entries SET command = ? WHERE sequence = ?', [command, sequence]);

  it('verify raises one that names the entry, and clears it when the chain holds again', async () => {
    await entries();
    expect(await verify()).toBe(0);
    expect(await alarms()).toEqual([]);
    await tamper(5, 'forged');
    expect(await verify()).toBe(1);
    expect(await verify()).toBe(1);
    expect(await alarms()).toEqual([
      expect.objectContaining({
        typeNumber: 3001,
        severity: 'CRITICAL',
        repeatCount: 1,
        info: expect.stringMatching(/^entry 5 \(jrn_\w+\): was changed or inserted$/),
        clearedAt: null,
      }),
    ]);
    await tamper(5, 'test.write');
    expect(await verify()).toBe(0);
    expect(await alarms()).toEqual([expect.objectContaining({ clearedAt: db.clock.now() })]);
  });

  it('the rounds of the hub find what is broken wherever it is, and stay there', async () => {
    await entries();
    await tamper(8, 'forged');
    for (const part of [1, 2, 3]) expect([part, await check()]).toEqual([part, null]);
    expect(await alarms()).toEqual([]);
    expect(await check()).toMatchObject({ sequence: 8, problem: 'was changed or inserted' });
    expect(await check()).toMatchObject({ sequence: 8 });
    expect(await alarms()).toEqual([expect.objectContaining({ typeNumber: 3001, repeatCount: 1 })]);
    await tamper(8, 'test.write');
    // a part that holds does not say that all of it does
    expect(await check()).toBeNull();
    expect(await alarms()).toEqual([expect.objectContaining({ clearedAt: null })]);
  });

  it('the rounds begin again behind the end, also in another process', async () => {
    await entries();
    for (let part = 1; part <= 3; part += 1) expect(await check(4)).toBeNull();
    await tamper(1, 'forged');
    const other = await db.open();
    expect(await other.journalChain.checkNext(4)).toMatchObject({ sequence: 1 });
  });

  it.each([
    ['a missing entry', 'DELETE FROM journal_entries WHERE sequence = 6'],
    [
      'a changed payload',
      "UPDATE journal_payloads SET after_json = '{}' WHERE entry_id = (SELECT id FROM journal_entries WHERE sequence = 6)",
    ],
    ['a seal that was taken away', 'DELETE FROM journal_seals WHERE last_sequence = 4'],
    ['a changed seal', "UPDATE journal_seals SET head = 'x' WHERE last_sequence = 4"],
    ['a head that was set back', 'UPDATE journal_heads SET sequence = 8'],
    ['a changed head', "UPDATE journal_heads SET hash = 'x'"],
    ['a missing end', 'DELETE FROM journal_entries WHERE sequence > 8'],
  ])('the rounds find %s', async (_, statement) => {
    await entries();
    // the second round begins behind the seal of entry 4
    for (let part = 0; part < 2; part += 1) expect(await check()).toBeNull();
    await db.raw.execute(statement);
    const found: unknown[] = [];
    for (let part = 0; part < 12 && found.length === 0; part += 1) {
      const broken = await db.persistence.journalChain.checkNext(2);
      if (broken !== null) found.push(broken);
    }
    expect(found).toHaveLength(1);
  });

  it('doctor names critical alarms that are open', async () => {
    const { checkAlarms } = await import('../../src/adapters/cli/doctor/inside.js');
    expect(await checkAlarms(cliHub(db))).toMatchObject({ state: 'ok' });
    const broken = { sequence: 3, entryId: '', problem: 'the entry is missing' };
    await reportJournal(alarmReporter(db), { broken, whole: true });
    expect(await checkAlarms(cliHub(db))).toMatchObject({
      state: 'failed',
      detail: '1 critical: journal_broken from journal: entry 3: the entry is missing',
    });
  });
});
