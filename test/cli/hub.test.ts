import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { type Hub, startHub } from '../support/hub.js';
import { credentials } from '../support/hub-seed.js';
import { testDialects } from '../support/mysql.js';

// Each command is a process of its own, and the machine may be busy.
jest.setTimeout(180_000);

interface Step {
  scenario: string;
  title: string;
  state: string;
  note?: string;
}

describe.each(await testDialects())('the commands against a running hub on %s', (dialect) => {
  let hub: Hub;
  beforeAll(async () => {
    hub = await startHub({ dialect });
  });
  afterAll(() => hub.close());

  async function json<T>(...args: string[]): Promise<T & { ok: boolean; code: number }> {
    const { code, stdout, stderr } = await hub.cli(...args, '--json');
    if (!stdout.startsWith('{')) throw new Error(`${args.join(' ')} answered ${code}:\n${stdout}\n${stderr}`);
    return { ...(JSON.parse(stdout) as T & { ok: boolean }), code };
  }

  it('start says where everything is', async () => {
    await eventually(() => hub.output().includes('Ready in'), { what: 'the end of the start' });
    const said = hub.output();
    for (const path of [
      '/',
      '/graphql',
      '/oidc/.well-known/openid-configuration',
      '/ncbs/carrier/NcbsIsvService?wsdl',
    ]) {
      expect(said).toContain(`${hub.publicUrl}${path}\n`);
    }
    expect(said).toMatch(/Ready in \d+(\.\d+)? s/);
    expect(said).not.toContain('/console');
    expect(said).not.toContain('Password ');
  });

  it('every description the landing page names is there', async () => {
    const page = await (await fetch(`${hub.publicUrl}/`)).text();
    const paths = [...page.matchAll(/href="(\/(?:ncbs|channels)\/[^"]+)"/g)].map(([, path]) => path!);
    // nobody signs in at the Maestrano channel before the developer platform of the example is there
    expect(paths.filter((path) => path.startsWith('/channels/maestro/'))).toEqual([
      '/channels/maestro/maestrano/version',
    ]);
    expect(paths).toHaveLength(14);
    expect(paths).toContain('/channels/unity/KakapoProvision/ProvisionV3.asmx');
    expect(paths).toContain('/channels/gatekeeper/prm_sp/services/SpLogin?wsdl');
    const statuses = await Promise.all(paths.map(async (path) => (await fetch(hub.publicUrl + path)).status));
    expect(statuses).toEqual(paths.map(() => 200));
  });

  it('simulate nec all: every step as expected, none left out', async () => {
    const { ok, code, steps } = await json<{ steps: Step[] }>(
      'simulate',
      'nec',
      'all',
      '--app-port',
      String(hub.appPort),
    );
    expect(steps.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect([ok, code]).toEqual([true, 0]);
    expect([...new Set(steps.map(({ scenario }) => scenario))]).toEqual([
      'purchase',
      'suspend-4.2',
      'suspend-4.3',
      'change',
      'replace',
      'remove',
      'afterwards',
    ]);
    expect(steps.map(({ title }) => title)).toContain(
      'the application was told by back-channel logout, within 5000 ms',
    );
  });

  it('simulate leaves out only what OUTBOUND_ALLOW forbids, and says how to allow it', async () => {
    const { code, steps } = await json<{ steps: Step[] }>('simulate', 'nec', 'purchase', '--app-port', '0');
    const skipped = steps.filter(({ state }) => state !== 'ok');
    expect(code).toBe(0);
    expect(skipped).toMatchObject([{ state: 'skipped', note: expect.stringMatching(/OUTBOUND_ALLOW=localhost:\d+/) }]);
  });

  it('simulate plays against any channel it is given', async () => {
    const { username, password } = credentials.carrier;
    const goods = ['--application', 'crm', '--offer', 'crm-month', '--upgrade', 'crm-year'];
    const url = `${hub.publicUrl}/ncbs/carrier/NcbsIsvService`;
    const there = ['simulate', 'nec', 'remove', '--url', url, '--username', username, ...goods];
    expect(await json(...there, '--password', password)).toMatchObject({ code: 0 });
    const refused = await json<{ steps: Step[] }>(...there, '--password', 'wrong');
    expect(refused).toMatchObject({ code: 1, ok: false });
    expect(refused.steps).toMatchObject([{ state: 'failed', note: expect.stringContaining('uthentication failed') }]);
  });

  it('doctor finds it well', async () => {
    const { code, findings } = await json<{ findings: { name: string; state: string; detail: string }[] }>('doctor');
    // the developer platform of the example is not there
    const waiting = { state: 'skipped', detail: expect.stringContaining('developer platform') };
    expect(findings.filter(({ state }) => state !== 'ok')).toMatchObject([
      { name: 'channel', ...waiting },
      { name: 'Maestrano', ...waiting },
    ]);
    expect(findings.map(({ name }) => name)).toEqual([
      'database',
      'migrations',
      'key',
      'license pools',
      'outbox',
      'alarms',
      'clock',
      'channel',
      'hub',
      'hub clock',
      'GraphQL',
      'SOAP',
      'SOAP',
      'SOAP',
      'Maestrano',
    ]);
    expect(code).toBe(0);
  });

  it('journal verify and migrate status', async () => {
    expect(await json('journal', 'verify')).toMatchObject({ ok: true, code: 0, broken: null });
    expect(await json('migrate', 'status')).toMatchObject({ ok: true, code: 0, pending: [] });
    expect(await json('migrate', 'up')).toMatchObject({ ok: true, applied: [] });
  });

  it('export is a file that apply takes and that changes nothing', async () => {
    const file = join(hub.folder, 'export.yaml');
    expect(await json('export', '--output', file)).toMatchObject({ code: 0 });
    expect(await readFile(file, 'utf8')).not.toMatch(/change-me|argon2/);
    const { code, ok: _, file: __, ...tally } = await json<Record<string, unknown>>('apply', file);
    expect(code).toBe(0);
    for (const counted of Object.values(tally)) expect(counted).toMatchObject({ created: 0, changed: 0 });
  });

  it('apply names the lines of what is wrong and touches nothing', async () => {
    const file = join(hub.folder, 'wrong.yaml');
    await writeFile(file, 'tenants:\n  - { key: t, name: T, kind: customer, parent: nobody, colour: red }\n');
    const { code, stderr, stdout } = await hub.cli('apply', file);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(`${file}:2:56: unknown key "colour"`);
    expect(stderr).not.toMatch(/ {4}at /);
  });

  it('keys rotate adds a key that signs later', async () => {
    const { keys: before } = (await (await fetch(`${hub.publicUrl}/oidc/jwks`)).json()) as { keys: { kid: string }[] };
    const { kid, activeFrom } = await json<{ kid: string; activeFrom: string }>('keys', 'rotate');
    expect(before.map((key) => key.kid)).not.toContain(kid);
    expect(Date.parse(activeFrom)).toBeGreaterThan(Date.now());
  });

  it('schema print needs no database', async () => {
    expect(await readFile('schema/mercator.graphql', 'utf8')).toContain('type Query');
    expect((await hub.cli('schema', 'print')).stdout).toContain('type Query');
  });

  it('ends with 0 when it is told to stop, and starts again on its data', async () => {
    expect(await hub.stop()).toBe(0);
    const { code, findings } = await json<{ findings: { name: string; state: string }[] }>('doctor');
    expect(code).toBe(0);
    expect(findings.at(-1)).toMatchObject({ name: 'hub', state: 'skipped' });
    const { code: unreachable, stderr } = await hub.cli('simulate', 'nec', 'purchase');
    expect([unreachable, stderr]).toEqual([3, expect.stringContaining('Start it with `npm start`')]);
    await hub.restart();
    await eventually(() => hub.output().includes('Ready in'));
  });
});

describe('a hub without a seed file', () => {
  it('makes its first operator and tells the password once', async () => {
    const hub = await startHub({
      dialect: 'sqlite',
      env: { SEED_FILE: '' },
      seed: (seed) => {
        seed.operators = [];
      },
    });
    try {
      await eventually(() => hub.output().includes('Ready in'));
      expect(hub.output()).toMatch(
        /First operator\s+admin@mercator\.localhost\nPassword\s+\S{43} {3}\(shown this once\)/,
      );
      await hub.stop();
      await hub.restart();
      await eventually(() => hub.output().includes('Ready in'));
      expect(hub.output()).not.toContain('First operator');
    } finally {
      await hub.close();
    }
  });
});
