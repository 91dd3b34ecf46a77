import { readFileSync } from 'node:fs';
import { type CliHub, type CliPorts, exitCodes, runCli } from '../../src/adapters/cli/index.js';
import { createOutput } from '../../src/adapters/cli/output.js';
import type { RaisedAlarm } from '../../src/core/alarms/index.js';
import { DomainError } from '../../src/core/shared/errors.js';
import { readConfig } from '../../src/platform/config.js';
import { terminalPorts } from './support.js';

const never = new AbortController().signal;

async function run(argv: readonly string[], ports: Partial<CliPorts> = {}) {
  const terminal = terminalPorts(ports);
  const code = await runCli(argv, terminal.ports, never);
  return { code, out: terminal.out(), err: terminal.err() };
}

function hubThat(part: Partial<CliHub>): Partial<CliPorts> {
  return { openHub: async () => ({ close: async () => undefined, ...part }) as CliHub };
}

function failing(error: unknown): Partial<CliPorts> {
  return { openHub: () => Promise.reject(error) };
}

describe('arguments', () => {
  it('helps, and names its version', async () => {
    const help = await run(['--help']);
    expect(help.code).toBe(exitCodes.ok);
    for (const name of [
      'start',
      'migrate',
      'apply',
      'export',
      'import',
      'doctor',
      'simulate',
      'account',
      'journal',
      'keys',
      'schema',
    ]) {
      expect(help.out).toContain(`  ${name}`);
    }
    expect(help.out).toContain('Exit codes: 0 all is well');
    expect(await run(['--version'])).toEqual({ code: 0, out: '1.2.3\n', err: '' });
  });

  it.each([
    [['fly']],
    [['apply']],
    [['migrate', 'sideways']],
    [['simulate', 'nec', 'dance']],
    [['simulate', 'prm', 'dance']],
    [['simulate', 'kakapo', 'dance']],
    [['simulate', 'kakapo', 'license-storm', '--count', '3']],
    [['simulate', 'maestrano', 'dance']],
    [['simulate', 'maestrano', 'all', '--recheck', '0']],
    [['simulate', 'someone', 'all']],
    [['simulate', 'nec', 'all', '--app-port', '99999']],
    [['doctor', '--loudly']],
    [['simulate', 'nec', 'all', '--url', 'http://localhost:1/ncbs/c/NcbsIsvService']],
    [['simulate', 'prm', 'all', '--url', 'http://localhost:1']],
    [['simulate', 'kakapo', 'all', '--url', 'http://localhost:1', '--username', 'api', '--password', 'secret']],
    [['simulate', 'prm', 'all', '--url', 'nowhere', '--username', 'op', '--password', 'secret']],
  ])('refuses %j with exit code 2', async (argv) => {
    const { code, err } = await run(argv);
    expect(code).toBe(exitCodes.usage);
    expect(err).not.toBe('');
  });

  it('every command offers --json and says what it does', () => {
    const docs = readFileSync('docs/cli.md', 'utf8');
    for (const name of [
      'start',
      'migrate up',
      'migrate down',
      'migrate status',
      'apply',
      'export',
      'import cdr',
      'account list',
      'account unlock',
      'account history',
      'doctor',
    ]) {
      expect(docs).toContain(`\`${name}`);
    }
  });

  it.each([['start'], ['apply'], ['export'], ['doctor']])('%s --help names --json', async (name) => {
    expect((await run([name, '--help'])).out).toContain('--json');
  });
});

describe('what goes wrong', () => {
  const cases: [string, unknown, number, RegExp][] = [
    [
      'a database nobody answers at',
      Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:3306'), { code: 'ECONNREFUSED' }),
      3,
      /Check that it runs/,
    ],
    [
      'a wrong password',
      Object.assign(new Error('Access denied'), { code: 'ER_ACCESS_DENIED_ERROR' }),
      3,
      /DATABASE_URL/,
    ],
    ['a refusal of the core', new DomainError('terminated', { kind: 'tenant' }), 1, /tenant is deleted/],
    [
      'another key',
      Object.assign(new Error('this database was encrypted with another SECRET_KEY'), { name: 'WrongSecretKey' }),
      2,
      /another SECRET_KEY/,
    ],
    ['an address that is taken', Object.assign(new Error('listen'), { code: 'EADDRINUSE' }), 1, /set PORT/],
    ['a folder that cannot be written', Object.assign(new Error('open'), { code: 'EACCES' }), 2, /DATA_DIR/],
    ['anything else', new TypeError('x is not a function'), 1, /x is not a function/],
  ];
  it.each(cases)('%s: a text for people, no stack', async (_, error, code, text) => {
    const ended = await run(['journal', 'verify'], failing(error));
    expect(ended.code).toBe(code);
    expect(ended.err).toMatch(text);
    expect(ended.out + ended.err).not.toMatch(/ {4}at |node_modules|\.ts:\d/);
  });

  it('is one JSON object with --json', async () => {
    const { code, out, err } = await run(['journal', 'verify', '--json'], failing(new DomainError('busy')));
    expect([code, err]).toEqual([1, '']);
    expect(JSON.parse(out)).toEqual({
      ok: false,
      exitCode: 1,
      error: { message: 'the hub is busy: try again', problems: [], hint: 'Try again in a moment.' },
    });
  });

  it('lists every problem of the settings', async () => {
    const { code, err } = await run(['doctor'], { readConfig: () => readConfig({ PORT: 'x', LOG_LEVEL: 'y' }) });
    expect(code).toBe(2);
    expect(err).toContain('- PORT: must be');
    expect(err).toContain('- LOG_LEVEL: must be');
  });

  it('an unreadable seed file', async () => {
    expect(await run(['apply', '/nowhere/seed.yaml'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('/nowhere/seed.yaml cannot be read.'),
    });
  });

  it('a broken journal ends with 1 and names the entry', async () => {
    const verdict = { entries: 3, sealed: 3, unsealed: 0, erased: 0, head: 'h' };
    const verify = async () => ({ ...verdict, broken: { sequence: 2, entryId: 'jrn_x', problem: 'hash' } });
    const raised: RaisedAlarm[] = [];
    const alarms = { raise: async (alarm: RaisedAlarm) => void raised.push(alarm), clear: async () => undefined };
    const journal = { verify };
    const { code, out } = await run(['journal', 'verify'], hubThat({ journal, alarms }));
    expect(code).toBe(1);
    expect(out).toContain('BROKEN at 2 (jrn_x): hash');
    expect(raised).toEqual([expect.objectContaining({ type: 'journal_broken', info: 'entry 2 (jrn_x): hash' })]);
  });

  it('pending migrations end with 1 and say what to do', async () => {
    const migrations = {
      up: async () => [],
      down: async () => undefined,
      status: async () => ({ applied: ['a'], pending: ['b'] }),
      drift: async () => [],
    };
    const openMigrations = async () => ({ migrations, close: async () => undefined });
    const status = await run(['migrate', 'status'], { openMigrations });
    expect(status.code).toBe(1);
    expect(status.out).toBe(
      'applied  a\npending  b\n`mercator migrate up` applies what is pending; `mercator start` does it by itself.\n',
    );
    expect(await run(['doctor'], { openMigrations })).toMatchObject({
      code: 1,
      out: expect.stringContaining('FAILED   migrations     pending: b'),
    });
    expect(await run(['migrate', 'down', '--json'], { openMigrations })).toMatchObject({
      code: 0,
      out: '{\n  "ok": true,\n  "undone": null\n}\n',
    });
  });
});

describe('progress', () => {
  const drawn = (interactive: boolean, elapsed: number): string => {
    let text = '';
    let now = 0;
    const add = (part: string): void => {
      text += part;
    };
    const terminal = { interactive, out: () => undefined, error: (part: string) => add(part) };
    const progress = createOutput(terminal, false, () => now).progress('rows');
    now = elapsed;
    progress.report(3, 6);
    progress.finish();
    return text;
  };

  it('is a bar on a terminal when it takes long, and goes away', () => {
    expect(drawn(true, 1_000)).toBe('\r\u001b[2K[============            ] 3/6 rows\r\u001b[2K');
  });

  it('is nothing for what is quick, and nothing where nobody watches', () => {
    expect([drawn(true, 100), drawn(false, 1_000)]).toEqual(['', '']);
  });
});
