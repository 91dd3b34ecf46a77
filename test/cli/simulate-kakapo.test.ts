import { jest } from '@jest/globals';
import { callSelf } from '../../src/adapters/cli/doctor/self-call.js';
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
  readonly meaning?: string;
  readonly note?: string;
}

const scenarios = ['onboarding', 'license-storm', 'lock-and-unlock', 'teardown'];
const host = 'xsp.provider.example';
const user = { username: 'api@provider.example', password: 'change-me-Api-1' };
const other = { username: 'other@provider.example', password: 'change-me-Api-2' };

describe.each(await testDialects())('simulate kakapo against a running hub on %s', (dialect) => {
  let hub: Hub;
  beforeAll(async () => {
    hub = await startHub({
      dialect,
      seed: (seed) => {
        seed.channels!.find(({ name }) => name === 'unity').settings.getBinding = false;
        seed.serviceAccounts!.push({ channel: 'unity', tenant: 'provider', ...other });
      },
    });
  });
  afterAll(() => hub.close());

  async function simulate(...args: string[]) {
    const { code, stdout, stderr } = await hub.cli('simulate', 'kakapo', ...args, '--json');
    if (!stdout.includes('"steps"')) throw new Error(`${args.join(' ')} answered ${code}:\n${stdout}\n${stderr}`);
    return { ...(JSON.parse(stdout) as { ok: boolean; steps: Step[] }), code, stdout };
  }

  function there(url: string, { username, password } = user, provider = host): string[] {
    const endpoint = `${url}/KakapoProvision/ProvisionV3.asmx`;
    return ['--url', endpoint, '--username', username, '--password', password, '--host', provider];
  }

  describe('all', () => {
    let played: Awaited<ReturnType<typeof simulate>>;
    beforeAll(async () => {
      played = await simulate('all', '--count', '50');
    });

    it('plays every scenario with every step as expected, none left out', () => {
      const { ok, code, steps } = played;
      expect(steps.filter(({ state }) => state !== 'ok')).toEqual([]);
      expect([ok, code]).toEqual([true, 0]);
      const names = [...new Set(steps.map(({ scenario }) => scenario))];
      expect(names).toEqual(['interface-user', ...scenarios, 'afterwards']);
      expect(steps.length).toBeGreaterThan(100);
    });

    it('gives exactly what there is, and refuses the others by the level that has run out', () => {
      const storm = played.steps.find(({ result }) => /given/.test(result ?? ''));
      expect(storm).toMatchObject({ operation: 'AddUserLicense', result: '25 given, 25 refused' });
      expect(storm!.meaning).toMatch(/^The license pool of \w+ '.*' has no free UnityMobile Standard license$/);
    });

    it('says the same thing by SOAP 1.1, SOAP 1.2, a form and a link, and looks at it in GraphQL', () => {
      for (const binding of ['SOAP 1.1', 'SOAP 1.2', 'HTTP POST', 'HTTP GET']) {
        const titles = [`UnityDashboard Tabular100+ by ${binding}`, `a refusal by ${binding}`];
        const told = played.steps.filter(({ title }) => titles.includes(title));
        expect(told.map(({ result }) => result)).toEqual(['success', 'refused']);
      }
      const looks = played.steps.map(({ operation }) => operation).filter((name) => name?.startsWith('GraphQL'));
      expect([...new Set(looks)].sort()).toEqual([
        'GraphQL channelRecords',
        'GraphQL licensePoolTree',
        'GraphQL serviceAccounts',
        'GraphQL tenant',
        'GraphQL tenant.memberships',
        'GraphQL unlockServiceAccount',
      ]);
    });

    it('tells no secret', () => {
      expect(played.stdout).not.toMatch(/loginPassword"|Portal-|eyJ[\w-]{20}/);
      const passwords = played.steps.flatMap(({ input = {} }) =>
        'newUserPassword' in input ? [input.newUserPassword] : [],
      );
      expect(passwords).toEqual(['***']);
    });
  });

  it('can be played again and again, and gives back what it stormed', async () => {
    const again = await simulate('license-storm', '--count', '20');
    expect(again.steps.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(again.steps.map(({ result }) => result)).toContain('10 given, 10 refused');
    expect(again.code).toBe(0);
  });

  // What follows is about the client alone: the database behind the hub does not matter.
  if (dialect !== 'sqlite') return;

  it('plays against any hub it is given, and leaves out what needs its console', async () => {
    const { code, steps } = await simulate('all', '--count', '10', ...there(hub.publicUrl));
    expect(steps.filter(({ state }) => state === 'failed')).toEqual([]);
    expect(code).toBe(0);
    const reasons = new Set(steps.filter(({ state }) => state === 'skipped').map(({ note }) => note));
    expect([...reasons].sort()).toEqual([
      'an interface user of another hub stays unlocked',
      'calls of this kind are switched off there',
      'the console is entered only at the hub of this machine',
    ]);
  });

  it('ends at once with 1 for a provider that is not the interface user’s', async () => {
    const refused = await simulate('all', ...there(hub.publicUrl, user, 'xsp.nobody.example'));
    expect(refused).toMatchObject({ ok: false, code: 1 });
    expect(refused.steps).toMatchObject([{ scenario: 'interface-user', state: 'failed' }]);
  });

  it('ends at once with 1 for a wrong password, which locks there as everywhere', async () => {
    const wrong = there(hub.publicUrl, { ...other, password: 'wrong' });
    const refused = await simulate('all', ...wrong);
    expect(refused).toMatchObject({ ok: false, code: 1 });
    expect(refused.steps).toMatchObject([{ state: 'failed', note: expect.stringContaining('has been locked') }]);
  });

  it('ends with 1 when a hub does something else, and plays the other scenarios', async () => {
    const forgetful = await startAlteringHub(hub.publicUrl, (answer) =>
      answer.replace(
        /<success>false<\/success><errorMessage>[^<]*already holds[^<]*</,
        '<success>true</success><errorMessage><',
      ),
    );
    try {
      const played = await simulate('all', '--count', '10', ...there(forgetful.url));
      expect(played).toMatchObject({ ok: false, code: 1 });
      expect(played.steps.filter(({ state }) => state === 'failed')).toMatchObject([
        { scenario: 'onboarding', note: expect.stringContaining('came success') },
      ]);
      expect(new Set(played.steps.map(({ scenario }) => scenario))).toEqual(new Set(['interface-user', ...scenarios]));
    } finally {
      forgetful.close();
    }
  });

  it('doctor tells a service that refuses from one that asks nobody who calls', async () => {
    const channels = [{ name: 'unity', protocol: 'kakapo', disabledAt: null }] as const;
    const asked = async (url: string) => (await callSelf(url, channels)).filter(({ name }) => name === 'SOAP');
    expect(await asked(hub.publicUrl)).toMatchObject([{ state: 'ok' }]);
    const open = await startAlteringHub(hub.publicUrl, (answer) => answer.replace('<success>false<', '<success>true<'));
    const broken = await startAlteringHub(hub.publicUrl, (answer) =>
      answer.replace('<wsdl:definitions', '<definitions'),
    );
    try {
      expect(await asked(open.url)).toMatchObject([
        { state: 'failed', detail: expect.stringContaining('without a password') },
      ]);
      expect(await asked(broken.url)).toMatchObject([{ state: 'failed' }]);
    } finally {
      open.close();
      broken.close();
    }
  });
});
