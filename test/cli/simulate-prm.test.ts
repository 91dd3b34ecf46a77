import { jest } from '@jest/globals';
import { createCaller, passwordText } from '../prm/support/caller.js';
import { type Hub, startHub } from '../support/hub.js';
import { testDialects } from '../support/mysql.js';
import { startAlteringHub } from './altering-hub.js';

// Each command is a process of its own, and the machine may be busy.
jest.setTimeout(180_000);

interface Step {
  readonly scenario: string;
  readonly title: string;
  readonly state: 'ok' | 'failed' | 'skipped';
  readonly operation?: string;
  readonly input?: Readonly<Record<string, unknown>>;
  readonly result?: string;
  readonly note?: string;
}

const chapter5 = [
  'register-provider',
  'register-application',
  'register-instance',
  'create-provider-group',
  'create-application-group',
  'update-account',
  'deactivate-account',
  'delete-account',
];
const desk = { username: 'op-desk', password: 'change-me-Op-1' };

describe.each(await testDialects())('simulate prm against a running hub on %s', (dialect) => {
  let hub: Hub;
  beforeAll(async () => {
    hub = await startHub({
      dialect,
      seed: (seed) => {
        const [channel] = seed.channels!.filter(({ protocol }) => protocol === 'prm');
        const account = { channel: channel.name, password: desk.password };
        seed.serviceAccounts!.push({ ...account, username: 'op-reader', level: 'READ_ONLY' });
      },
    });
  });
  afterAll(() => hub.close());

  async function simulate(...args: string[]) {
    const { code, stdout, stderr } = await hub.cli('simulate', 'prm', ...args, '--json');
    if (!stdout.startsWith('{')) throw new Error(`${args.join(' ')} answered ${code}:\n${stdout}\n${stderr}`);
    return { ...(JSON.parse(stdout) as { ok: boolean; steps: Step[] }), code, stdout };
  }

  function there(url: string, { username, password } = desk): string[] {
    return ['--url', url, '--username', username, '--password', password];
  }

  describe('all', () => {
    let played: Awaited<ReturnType<typeof simulate>>;
    beforeAll(async () => {
      played = await simulate('all');
    });

    it('plays chapter 5 with every step as expected, none left out', () => {
      const { ok, code, steps } = played;
      expect(steps.filter(({ state }) => state !== 'ok')).toEqual([]);
      expect([ok, code]).toEqual([true, 0]);
      const scenarios = [...new Set(steps.map(({ scenario }) => scenario))];
      expect(scenarios).toEqual(['operator', ...chapter5, 'usage', 'afterwards']);
      expect(steps.length).toBeGreaterThan(300);
    });

    it('calls the services of both sides, and sees every state and every fault', () => {
      const calls = played.steps.filter(({ operation }) => /^(Sp|Op)\w+\./.test(operation ?? ''));
      const services = new Set(calls.map(({ operation }) => operation!.split('.')[0]));
      expect([...services].sort()).toEqual(
        [
          'OpAlarmUtil',
          'OpCdrUtil',
          'OpService',
          'OpStatisticsUtil',
          'SpCdrUtil',
          'SpLogin',
          'SpService',
          'SpStatisticsUtil',
        ].sort(),
      );
      const states = calls.filter(({ operation }) => operation!.endsWith('State')).map(({ note }) => note);
      expect(states).toEqual(
        expect.arrayContaining(['REGISTERED', 'ACTIVE', 'INACTIVE', 'UPDATE_PENDING', 'DELETE_PENDING', 'LOCKED']),
      );
      const results = new Set(calls.map(({ result }) => result));
      expect([...results].sort()).toEqual(['ACCESS_DENIED', 'CommonException', 'INVALID_STATE', 'done']);
    });

    it('answers requests in GraphQL and asks there for what is answered over SOAP', () => {
      const told = played.steps.map(({ operation, input, scenario }) => [scenario, operation, input?.approve]);
      expect(told).toEqual(
        expect.arrayContaining([
          ['update-account', 'GraphQL decideApproval', true],
          ['update-account', 'GraphQL decideApproval', false],
          ['delete-account', 'GraphQL decideApproval', true],
          ['delete-account', 'GraphQL requestApproval', undefined],
        ]),
      );
    });

    it('tells no secret', () => {
      expect(played.stdout).not.toMatch(/plt-[\w-]{20}|eyJ[\w-]{20}/);
      const passwords = played.steps.flatMap(({ input = {} }) =>
        ['password', 'newPassword', 'loginTicket', 'token'].flatMap((name) => (name in input ? [input[name]] : [])),
      );
      expect(new Set(passwords)).toEqual(new Set(['***']));
    });
  });

  it('can be played again and again, also when refusals of this machine have added up', async () => {
    expect(await simulate('create-provider-group')).toMatchObject({ code: 0 });
    const base = `${hub.publicUrl}/channels/sandbox-prm`;
    const stranger = createCaller(base);
    const guesser = createCaller(base, passwordText({ username: 'sandbox', password: 'wrong' }));
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const account = { spAccountId: `stranger-${attempt}`, spAccount: { Name: 'Stranger' }, password: 'stranger-1' };
      await stranger('SpLogin', 'registerSpAccountReq', account);
      await guesser('OpService', 'getUserLevel');
    }
    const { code, steps } = await simulate('register-provider');
    expect(code).toBe(0);
    expect(steps.filter(({ state }) => state !== 'ok')).toMatchObject([
      { state: 'skipped', title: 'a stranger applies', note: expect.stringContaining('the operator registers') },
    ]);
    expect(steps.at(-1)).toMatchObject({ scenario: 'afterwards' });
  });

  it.each([
    ['register-instance', '/channels/gatekeeper', 'no gateway of that hub is known here'],
    ['usage', '/', 'the console is entered only at the hub of this machine'],
  ])('plays %s against any hub it is given, at %s', async (scenario, path, reason) => {
    const { code, steps } = await simulate(scenario, ...there(`${hub.publicUrl}${path}`));
    expect(steps.filter(({ state }) => state === 'failed')).toEqual([]);
    expect(code).toBe(0);
    const reasons = new Set(steps.filter(({ state }) => state === 'skipped').map(({ note }) => note));
    expect([...reasons]).toEqual([reason]);
  });

  it.each([
    ['a wrong password', { ...desk, password: 'wrong' }, 'came ACCESS_DENIED'],
    ['an account that may not write', { ...desk, username: 'op-reader' }, 'it must be READ_WRITE or ADMINISTRATOR'],
  ])('ends at once with 1 for %s', async (_, account, note) => {
    const refused = await simulate('all', ...there(hub.publicUrl, account));
    expect(refused).toMatchObject({ ok: false, code: 1 });
    expect(refused.steps).toMatchObject([
      { scenario: 'operator', state: 'failed', note: expect.stringContaining(note) },
    ]);
  });

  it('ends with 1 when a hub does something else, and plays the other scenarios', async () => {
    const forgetful = await startAlteringHub(hub.publicUrl, (answer) => answer.replace('>UPDATE_PENDING<', '>ACTIVE<'));
    try {
      const played = await simulate('all', ...there(forgetful.url));
      expect(played).toMatchObject({ ok: false, code: 1 });
      expect(played.steps.filter(({ state }) => state === 'failed')).toMatchObject([
        { scenario: 'update-account', note: 'the state is ACTIVE, expected UPDATE_PENDING' },
      ]);
      expect(new Set(played.steps.map(({ scenario }) => scenario))).toEqual(
        new Set(['operator', ...chapter5, 'usage']),
      );
    } finally {
      forgetful.close();
    }
  });
});
