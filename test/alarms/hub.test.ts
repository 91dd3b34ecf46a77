import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { reloadSigningKeys } from '../../src/bootstrap/signing-keys.js';
import { configureChannel, registerServiceAccount, updateServiceAccount } from '../../src/core/marketplace/index.js';
import { hour, minute, shift } from '../../src/core/shared/clock.js';
import { openDatabase } from '../../src/persistence/sql/open-database.js';
import { openBrowser } from '../sso/support/browser.js';
import { signIn } from '../sso/support/flows.js';
import { password, type World } from '../sso/support/world.js';
import { eventually } from '../support/eventually.js';
import { testDialects } from '../support/mysql.js';
import { basic, soapEnvelope } from '../support/soap-call.js';
import { type AlarmHub, startAlarmHub } from './support/hub.js';

const fields =
  'id version instanceNumber typeNumber type { name } severity source subject info additionalInfo repeatCount ' +
  'occurredAt lastAt endsAt acknowledgedAt acknowledgedBy clearedAt clearedBy channel { name } tenant { id } object { id }';

describe.each(await testDialects())('a hub raises alarms about itself, on %s', (dialect) => {
  let world: AlarmHub;
  beforeAll(async () => {
    world = await startAlarmHub(dialect);
  });
  afterAll(() => world.close());

  /** All alarms of a type, the oldest first, as GraphQL shows them. */
  async function alarms(typeNumber: number) {
    const query = `query ($type: Int!) { alarms(filter: { typeNumber: { eq: $type } }) { nodes { ${fields} } } }`;
    // biome-ignore lint/suspicious/noExplicitAny: looked at by the assertions
    return (await world.ask(query, { type: typeNumber })).alarms.nodes as any[];
  }

  /** The block is over for everybody: so is the alarm. */
  async function untilOver(typeNumber: number, wait: number): Promise<void> {
    await world.look();
    for (const alarm of await alarms(typeNumber)) expect(alarm.clearedAt).toBeNull();
    world.clock.advance(wait);
    await world.look();
    world.clock.advance(-wait); // tokens are of this time
    for (const alarm of await alarms(typeNumber))
      expect(alarm).toMatchObject({ clearedAt: expect.any(String), clearedBy: 'alarms' });
  }

  it('when wrong credentials of service accounts block an address', async () => {
    const { channel, account } = await world.run(async (tx) => {
      const channel = await configureChannel(tx, { name: 'carrier', protocol: 'nec', settings: { mkpVersion: '4.3' } });
      const passwordHash = await world.hub.passwords.hash('the right password');
      return {
        channel,
        account: await registerServiceAccount(tx, { channelId: channel.id, username: 'carrier', passwordHash }),
      };
    });
    const call = async (address: string, secret: string, username = account.username) => {
      const response = await fetch(`${world.url}/ncbs/carrier/NcbsIsvService`, {
        method: 'POST',
        headers: {
          'content-type': 'text/xml; charset=utf-8',
          'x-forwarded-for': address,
          authorization: basic({ username, password: secret }),
        },
        body: soapEnvelope('<Ping xmlns="urn:hub:ncbs:isv:v1"><text>x</text></Ping>'),
      });
      return { status: response.status, text: await response.text() };
    };
    for (let count = 0; count < 9; count += 1) await call('203.0.113.1', `wrong ${count}`);
    expect(await alarms(1001)).toEqual([]);
    for (let count = 0; count < 3; count += 1) await call('203.0.113.1', 'wrong again');
    for (let count = 0; count < 10; count += 1) await call('203.0.113.2', 'wrong', `nobody ${count}`);
    const [first, second] = await alarms(1001);
    expect(first).toMatchObject({
      type: { name: 'service_account_source_blocked' },
      severity: 'MINOR',
      source: expect.stringMatching(/^marketplace@[\d.:a-f]+$/),
      subject: '203.0.113.1',
      info: '203.0.113.1 failed 10 times in 5 minutes and is refused for 15 minutes',
      additionalInfo: 'the last account it named is "carrier"',
      repeatCount: 1,
      channel: { name: 'carrier' },
      object: { id: channel.id },
    });
    // names that are nobody's are not repeated to anybody
    expect(second).toMatchObject({ subject: '203.0.113.2', additionalInfo: '' });
    expect(first.endsAt > shift(world.clock.now(), 14 * minute)).toBe(true);
    expect((await call('203.0.113.3', 'the right password')).status).toBe(200);
    await untilOver(1001, 16 * minute);
  });

  it('when a service account is locked, until it is unlocked', async () => {
    const account = await world.run(async (tx) => {
      const channel = await configureChannel(tx, { name: 'locking', protocol: 'nec', settings: { mkpVersion: '4.3' } });
      return registerServiceAccount(tx, { channelId: channel.id, username: 'locked', passwordHash: 'hash' });
    });
    await world.run((tx) => updateServiceAccount(tx, { id: account.id, locked: true }));
    await world.run((tx) => updateServiceAccount(tx, { id: account.id, disabled: true }));
    expect(await alarms(1002)).toEqual([
      expect.objectContaining({
        severity: 'MAJOR',
        object: { id: account.id },
        repeatCount: 1,
        clearedAt: null,
        endsAt: null,
      }),
    ]);
    const mutation = 'mutation ($id: ID!) { unlockServiceAccount(input: { id: $id }) { serviceAccount { lockedAt } } }';
    await world.run((tx) => updateServiceAccount(tx, { id: account.id, disabled: false }));
    await expect(world.ask(mutation, { id: account.id })).rejects.toThrow('FORBIDDEN'); // hub.write is not enough
    await world.run((tx) => updateServiceAccount(tx, { id: account.id, locked: false }));
    expect(await alarms(1002)).toEqual([expect.objectContaining({ clearedAt: expect.any(String) })]);
  });

  describe('when people cannot sign in', () => {
    async function attempt(address: string, name: string, typed = 'wrong'): Promise<number> {
      const browser = openBrowser();
      const forwarded = { 'x-forwarded-for': address };
      const page = await browser.get(`${world.url}/signin?again=1`, forwarded);
      const csrf = /name="csrf" value="([^"]+)"/.exec(page.body)![1]!;
      const action = /<form[^>]*action="([^"]+)"/.exec(page.body)?.[1]?.replaceAll('&amp;', '&') ?? page.url;
      return (await browser.post(new URL(action, page.url).href, { csrf, name, password: typed }, forwarded)).status;
    }

    it('one name from one address', async () => {
      const { mina } = world.people;
      for (let count = 0; count < 5; count += 1) expect(await attempt('192.0.2.10', 'mina@sunrise.example')).toBe(401);
      expect(await attempt('192.0.2.10', 'mina@sunrise.example', password)).toBe(429);
      expect(await alarms(1004)).toEqual([
        expect.objectContaining({
          severity: 'WARNING',
          subject: '192.0.2.10',
          object: { id: mina.id },
          info: '5 wrong passwords in 15 minutes, the last from 192.0.2.10: refused for 15 minutes',
        }),
      ]);
      await untilOver(1004, 16 * minute);
    });

    it('many names from one address, whoever they are', async () => {
      for (let name = 0; name < 6; name += 1)
        for (let count = 0; count < 5; count += 1) await attempt('192.0.2.20', `nobody${name}@sunrise.example`);
      // names that are nobody's are one alarm per address
      const unknown = (await alarms(1004)).filter(({ subject }) => subject === '192.0.2.20');
      expect(unknown).toEqual([
        expect.objectContaining({ repeatCount: 6, object: null, additionalInfo: 'the last name is nobody’s' }),
      ]);
      expect(await alarms(1005)).toEqual([expect.objectContaining({ severity: 'MINOR', subject: '192.0.2.20' })]);
      await untilOver(1005, 16 * minute);
    });

    it('one name from many addresses', async () => {
      const { theo } = world.people;
      for (let from = 1; from <= 13; from += 1)
        for (let count = 0; count < 4; count += 1) await attempt(`198.51.100.${from}`, 'theo@sunrise.example');
      expect(await alarms(1006)).toEqual([
        expect.objectContaining({ severity: 'MAJOR', object: { id: theo.id }, subject: '' }),
      ]);
      await untilOver(1006, 16 * minute);
    });
  });

  it('when wrong client secrets block an address at the token endpoint', async () => {
    const ask = () =>
      fetch(`${world.url}/oidc/token`, {
        method: 'POST',
        headers: {
          authorization: basic({ username: 'backoffice', password: 'guess' }),
          'x-forwarded-for': '192.0.2.30',
        },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      });
    for (let guess = 0; guess < 30; guess += 1) expect((await ask()).status).toBe(401);
    await eventually(async () => (await alarms(1007)).length === 1, { what: 'the alarm' });
    expect(await alarms(1007)).toEqual([expect.objectContaining({ severity: 'MINOR', subject: '192.0.2.30' })]);
    await untilOver(1007, 6 * minute);
  });

  it('when an application cannot be told that a session ended', async () => {
    let status = 500;
    const application = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(status).end());
    }).listen(0, '127.0.0.1');
    await once(application, 'listening');
    const relay = world.hub.persistence.outboxRelay({
      subscribers: world.hub.sso.subscribers,
      maxAttempts: 2,
      interval: hour,
    });
    try {
      const { crm, mina } = world.people;
      const backchannelLogoutUri = `http://127.0.0.1:${(application.address() as AddressInfo).port}/logout`;
      await world.run(async (tx) => tx.clients.save((await tx.clients.find(crm.id))!, { backchannelLogoutUri }));
      await signIn({ publicUrl: world.url, issuer: `${world.url}/oidc` } as World, 'mina@sunrise.example');
      await world.ask('mutation ($id: ID!) { signOut(input: { userId: $id }) { ended } }', { id: mina.id });
      for (let tries = 0; tries < 2; tries += 1) {
        await relay.drain();
        world.clock.advance(minute);
      }
      await world.look();
      expect(await alarms(2004)).toEqual([
        expect.objectContaining({
          type: { name: 'logout_parked' },
          severity: 'MAJOR',
          additionalInfo: 'orchid-crm answered 500 to its back-channel logout',
          clearedAt: null,
        }),
      ]);
      const parked = await world.ask('{ deliveries { nodes { id subscriber parkedAt } } }');
      const [delivery] = parked.deliveries.nodes.filter((node: { parkedAt: string | null }) => node.parkedAt !== null);
      status = 200;
      world.clock.advance(-2 * minute);
      await world.ask('mutation ($id: ID!) { unparkDelivery(input: { id: $id }) { delivery { attempts } } }', {
        id: delivery.id,
      });
      await relay.drain();
      await world.look();
      expect(await alarms(2004)).toEqual([expect.objectContaining({ clearedAt: expect.any(String) })]);
    } finally {
      await relay.stop();
      application.closeAllConnections();
      application.close();
    }
  });

  it('when the signing keys cannot be read, until they can', async () => {
    const raw = await openDatabase(world.databaseUrl, 1);
    const [key] = await raw.read.all<{ kid: string; jwk: string }>('SELECT kid, jwk FROM signing_keys');
    const reload = () => reloadSigningKeys(() => world.hub.sso.reloadKeys(), world.hub.alarms);
    try {
      await reload();
      expect(await alarms(3002)).toEqual([]);
      await raw.execute("UPDATE signing_keys SET jwk = 'k1:nonsense'");
      await expect(reload()).rejects.toThrow();
      await expect(reload()).rejects.toThrow();
      expect(await alarms(3002)).toEqual([
        expect.objectContaining({ severity: 'CRITICAL', repeatCount: 1, clearedAt: null }),
      ]);
    } finally {
      await raw.execute('UPDATE signing_keys SET jwk = ?', [key!.jwk]);
      await raw.close();
    }
    await reload();
    expect(await alarms(3002)).toEqual([expect.objectContaining({ clearedAt: expect.any(String) })]);
  });

  it('and operators acknowledge and clear them, once for a key', async () => {
    await world.hub.alarms.raise({ type: 'journal_broken', info: 'entry 7' });
    const [{ id, version, instanceNumber }] = await alarms(3001);
    const acknowledge = `mutation ($id: ID!, $version: Int, $key: String) {
      acknowledgeAlarm(input: { id: $id, expectedVersion: $version, idempotencyKey: $key }) { alarm { acknowledgedBy version } }
    }`;
    for (let twice = 0; twice < 2; twice += 1) {
      const answer = await world.ask(acknowledge, { id, version, key: 'ack-1' });
      expect(answer.acknowledgeAlarm.alarm).toEqual({ acknowledgedBy: 'backoffice', version: version + 1 });
    }
    await expect(world.ask(acknowledge, { id, version })).rejects.toThrow('CONFLICT');
    const clear = 'mutation ($id: ID!) { clearAlarm(input: { id: $id }) { alarm { clearedBy } } }';
    expect((await world.ask(clear, { id })).clearAlarm.alarm).toEqual({ clearedBy: 'backoffice' });
    await expect(world.ask(clear, { id })).rejects.toThrow('WRONG_STATE');
    const found = await world.ask(
      `query ($id: ID!, $number: Int64!) {
        alarm(id: $id) { journal { nodes { command } } }
        alarms(filter: { instanceNumber: { eq: $number }, severity: { in: [CRITICAL] } }) { totalCount nodes { id } }
        alarmTypes { number name severity module text }
      }`,
      { id, number: instanceNumber },
    );
    expect(found.alarm.journal.nodes.map(({ command }: { command: string }) => command)).toEqual([
      'alarms.raise',
      'alarms.acknowledgeAlarm',
      'alarms.clearAlarm',
    ]);
    expect(found.alarms).toEqual({ totalCount: 1, nodes: [{ id }] });
    expect(found.alarmTypes).toContainEqual(
      expect.objectContaining({ number: 3001, name: 'journal_broken', severity: 'CRITICAL', module: 'journal' }),
    );
  });
});
