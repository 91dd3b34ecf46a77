import { type CliHub, exitCodes, runCli } from '../../src/adapters/cli/index.js';
import { makeScene, type Scene, stranger } from '../marketplace/support/interface-users.js';
import { onEveryDatabase } from '../support/databases.js';
import { cliHub, terminalPorts } from './support.js';

onEveryDatabase('mercator account', (db) => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await makeScene(db);
  });

  async function run(...argv: string[]) {
    const terminal = terminalPorts({ openHub: async (): Promise<CliHub> => cliHub(db) });
    const code = await runCli(['account', ...argv], terminal.ports, new AbortController().signal);
    return { code, out: terminal.out(), err: terminal.err() };
  }
  const json = async (...argv: string[]) => {
    const { code, out } = await run(...argv, '--json');
    return { code, ...(JSON.parse(out) as Record<string, unknown>) };
  };
  const who = ['unity', 'api@op.example'] as const;

  it('unlocks, says since when it was locked, and clears the alarm', async () => {
    const desk = scene.desk();
    await desk.login('wrong');
    const { code, out } = await run('unlock', ...who);
    expect(code).toBe(exitCodes.ok);
    expect(out).toContain(`"api@op.example" is unlocked; it was locked since ${db.clock.now()}.`);
    expect(await desk.login('wrong')).toMatchObject({ byThisAttempt: true });
    expect(await json('unlock', ...who)).toEqual({
      code: 0,
      ok: true,
      channel: 'unity',
      username: 'api@op.example',
      wasLocked: true,
      lockedAt: db.clock.now(),
    });
    expect(await scene.run((tx) => tx.alarms.count({ typeNumber: 1002, openKey: '0' }))).toBe(0);
    const entries = await db.raw.read.all(
      "SELECT actor_name AS actor FROM journal_entries WHERE command = 'cli.unlockAccount' AND object_id = ?",
      [scene.accountId],
    );
    expect(entries).toEqual([{ actor: 'account' }, { actor: 'account' }]);
  });

  it('that it was not locked is no failure, and changes nothing', async () => {
    expect(await run('unlock', ...who)).toEqual({ code: 0, out: '"api@op.example" was not locked.\n', err: '' });
    expect(await json('unlock', ...who)).toMatchObject({ ok: true, wasLocked: false, lockedAt: null });
    expect((await scene.account()).version).toBe(1);
    expect(await scene.history()).toEqual([]);
  });

  it.each(['unlock', 'history'])('%s says what to do when there is no such account or channel', async (verb) => {
    const account = await run(verb, 'unity', 'API@op.example');
    expect(account.code).toBe(exitCodes.usage);
    expect(account.err).toContain('There is no account "API@op.example" on channel "unity".');
    expect(account.err).toContain('mercator account list unity');
    const channel = await run(verb, 'kakapo', 'api@op.example');
    expect(channel.code).toBe(exitCodes.usage);
    expect(channel.err).toContain('There is no channel "kakapo".\nThere are: "unity".');
    expect(await json(verb, 'kakapo', 'x')).toMatchObject({ code: 2, ok: false });
    expect((await run(verb, 'unity')).code).toBe(exitCodes.usage);
  });

  it('lists accounts with what stops them and their last log-ins', async () => {
    expect((await run('list')).out).toBe('unity api@op.example\n');
    await scene.desk().login('wrong');
    const now = db.clock.now();
    expect((await run('list', 'unity')).out).toBe(`unity api@op.example  LOCKED since ${now}  last refused ${now}\n`);
    expect(await json('list')).toEqual({
      code: 0,
      ok: true,
      accounts: [
        {
          channel: 'unity',
          username: 'api@op.example',
          lockedAt: now,
          disabledAt: null,
          lastSuccessfulLogin: null,
          lastFailedLogin: now,
        },
      ],
    });
    expect((await run('list', 'nowhere')).code).toBe(exitCodes.usage);
  });

  it('tells the history, the newest first', async () => {
    expect((await run('history', ...who)).out).toContain('Nothing is in its login history.');
    const desk = scene.desk();
    const now = db.clock.now();
    await desk.login('guess', { address: stranger });
    await desk.login('guess', { address: stranger });
    db.clock.advance(1_000);
    await desk.login('wrong');
    expect((await run('history', ...who)).out).toBe(
      `"api@op.example" is LOCKED since ${db.clock.now()}.\n` +
        `  wrong password: locked from 192.0.2.7 ${db.clock.now()}\n` +
        `  refused: address not listed from ${stranger} ${now} to ${now}, 2 times\n`,
    );
    expect(await json('history', ...who)).toMatchObject({
      lockedAt: db.clock.now(),
      logins: [
        { outcome: 'wrongPassword', times: 1 },
        { outcome: 'addressNotListed', times: 2, firstAt: now },
      ],
    });
    db.clock.advance(1_000);
    await run('unlock', ...who);
    expect((await run('history', ...who)).out).toContain('"api@op.example" is not locked.\n  unlocked by account ');
  });
});
