import { once } from 'node:events';
import { createServer } from 'node:net';
import { jest } from '@jest/globals';
import { freePort } from '../support/http.js';
import { type Hub, startHub } from '../support/hub.js';
import { testDialects } from '../support/mysql.js';

// Each command is a process of its own, and the machine may be busy.
jest.setTimeout(240_000);

interface Step {
  readonly scenario: string;
  readonly title: string;
  readonly state: 'ok' | 'failed' | 'skipped';
  readonly operation?: string;
  readonly note?: string;
}

const checklist = [
  ...['metadata', 'company-creation', 'user-known-company', 'subsequent-sign-on', 'email-matching', 'session'],
  ...['billing-set-up', 'ad-hoc-bill', 'group-cancellation', 'user-cancellation', 'initial-import', 'push'],
  ...['notifications', 'two-marketplaces'],
];

describe.each(await testDialects())('simulate maestrano against a running hub on %s', (dialect) => {
  let hub: Hub;
  let port: number;
  beforeAll(async () => {
    const appPort = await freePort();
    port = await freePort();
    hub = await startHub({
      dialect,
      appPort,
      env: { OUTBOUND_ALLOW: `localhost:${appPort},127.0.0.1:${port}` },
    });
  });
  afterAll(() => hub.close());

  async function simulate(scenario: string, at = port) {
    const ports = ['--port', String(at), '--app-port', String(hub.appPort)];
    const { code, stdout, stderr } = await hub.cli('simulate', 'maestrano', scenario, ...ports, '--json');
    const answer = JSON.parse(stdout) as { ok: boolean; steps?: Step[]; error?: { message: string; hint: string } };
    return { ...answer, steps: answer.steps ?? [], code, stdout, stderr };
  }

  it('plays the whole checklist with every step as expected, none left out, and tells no secret', async () => {
    const { ok, code, steps, stdout, error } = await simulate('all');
    expect(error).toBeUndefined();
    expect(steps.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect([ok, code]).toEqual([true, 0]);
    expect([...new Set(steps.map(({ scenario }) => scenario))]).toEqual([...checklist, 'afterwards']);
    expect(steps.length).toBeGreaterThan(80);
    expect(stdout).not.toMatch(/eyJ[\w-]{20}|PRIVATE KEY|SAMLResponse=|session=/);
  });

  // What follows is about the client alone: the database behind the hub does not matter.
  if (dialect !== 'sqlite') return;

  it('can be played again, a scenario alone', async () => {
    const { code, steps } = await simulate('company-creation');
    expect(steps.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(code).toBe(0);
  });

  it('says what to set when the hub may not call it', async () => {
    const { code, error } = await simulate('metadata', await freePort());
    expect(code).toBe(1);
    expect(error?.hint).toContain('OUTBOUND_ALLOW=127.0.0.1:');
  });

  it('says when its port is taken', async () => {
    const stranger = createServer().listen(port, '127.0.0.1');
    await once(stranger, 'listening');
    try {
      const { code, error } = await simulate('metadata');
      expect([code, error?.message]).toEqual([1, `Port ${port} is taken.`]);
    } finally {
      stranger.close();
    }
  });
});
