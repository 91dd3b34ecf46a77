import { configureChannel, updateChannel } from '../../../src/core/marketplace/index.js';
import { systemActor } from '../../../src/core/shared/actor.js';
import { hour, minute } from '../../../src/core/shared/clock.js';
import { writeBasic } from '../../../src/platform/basic-credentials.js';
import { eventually } from '../../support/eventually.js';
import { testDialects } from '../../support/mysql.js';
import { keysOf, type MaestranoHub, openMaestranoHub, usualSettings } from '../support/hub.js';
import { type FakePlatform, listedMarketplace, platformCredentials, startPlatform } from '../support/platform.js';

const asked = (platform: FakePlatform, marketplace: string, apiPath = '/api/config/v1/marketplaces') => ({
  marketplace,
  developerPlatform: { host: platform.url, apiPath, ...platformCredentials },
});

describe.each(await testDialects())('discovery (spec Maestrano 1.3), %s', (dialect) => {
  let platform: FakePlatform;
  let world: MaestranoHub;
  beforeAll(async () => {
    platform = await startPlatform();
    world = await openMaestranoHub(dialect, {
      channels: {
        acme: asked(platform, 'acme'),
        beta: asked(platform, 'beta', '/api/config/v1'),
        gamma: asked(platform, 'gamma', '/api/config/v1/'),
        fixed: usualSettings('fixed'),
      },
    });
  });
  afterAll(async () => {
    await world.close();
    await platform.close();
  });
  beforeEach(() => {
    platform.answer = undefined;
    platform.calls.length = 0;
  });

  const listed = (name: string, change = {}) => listedMarketplace(name, world.url, change);
  const channel = async (name: string) => (await world.hub.persistence.lookups.channels.find(world.channelId(name)))!;
  const metadata = async (name: string) =>
    (await world.call(`/maestrano/metadata/${name}`, { as: keysOf(name) })).status;
  const openAlarms = () => world.hub.persistence.lookups.alarms.findMany({ typeNumber: 2006, openKey: '0' });
  const discover = () => world.hub.rediscover(world.channelId('acme'));

  it('is not needed to be ready; without it a channel says so, and asks at the first request and once a minute', async () => {
    platform.answer = { status: 500, body: 'broken' };
    expect((await world.call('/health/ready')).status).toBe(200);
    for (let n = 0; n < 3; n += 1) {
      const response = await world.call('/maestrano/metadata/acme', { as: keysOf('acme') });
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '60']);
      const page = await world.call('/maestrano/auth/saml/init/beta');
      expect([page.status, page.headers.get('content-type')]).toEqual([503, 'text/html; charset=utf-8']);
    }
    expect(platform.calls).toHaveLength(1);
    expect(await openAlarms()).toHaveLength(3);
    expect((await openAlarms())[0]).toMatchObject({ additionalInfo: 'the platform answers with status 500' });
    expect(await metadata('fixed')).toBe(200);

    world.clock.advance(minute);
    platform.answer = undefined;
    platform.marketplaces = ['acme', 'beta', 'gamma'].map((name) => listed(name));
    expect(await metadata('acme')).toBe(200);
    expect(platform.calls).toHaveLength(2);
    expect(await openAlarms()).toEqual([]);
  });

  it('asks once for all channels of a platform, whichever way its path is spelled', async () => {
    await discover();
    expect(platform.calls).toEqual([
      {
        method: 'GET',
        path: '/api/config/v1/marketplaces',
        authorization: writeBasic({ username: 'env-key-1', password: 'env:secret-1' }),
        accept: expect.stringMatching(/application\/json.*application\/vnd\.api\+json/),
      },
    ]);
    for (const name of ['acme', 'beta', 'gamma']) expect([name, await metadata(name)]).toEqual([name, 200]);
  });

  it('writes nothing while nothing changed, but when it was confirmed, once an hour', async () => {
    await discover();
    const before = await channel('acme');
    const unchanged = ['unchanged', 'unchanged', 'unchanged'];
    expect((await discover()).channels.map(({ outcome }) => outcome)).toEqual(unchanged);
    expect(await channel('acme')).toEqual(before);
    world.clock.advance(hour);
    try {
      expect((await discover()).channels.map(({ outcome }) => outcome)).toEqual(unchanged);
      const after = await channel('acme');
      expect(after.discoveredAt! > before.discoveredAt!).toBe(true);
      expect({ ...after, version: 0, discoveredAt: '' }).toEqual({ ...before, version: 0, discoveredAt: '' });
    } finally {
      world.clock.advance(-hour); // tokens are of the machine's own time
    }
  });

  it('takes what changed into use for calls at once, and keeps the key out of everything', async () => {
    const key = 'another-key-9876';
    platform.marketplaces = [
      listed('acme', { api: { id: 'app-acme', key, host: 'https://api2.acme.example' } }),
      listed('beta'),
      listed('gamma'),
    ];
    expect((await discover()).channels.find(({ name }) => name === 'acme')).toMatchObject({ outcome: 'changed' });
    await eventually(async () => (await metadata('acme')) === 401);
    const response = await world.call('/maestrano/metadata/acme', { as: { id: 'app-acme', key } });
    expect(await response.json()).toMatchObject({ api: { host: 'https://api2.acme.example' } });

    const shown = await world.ask(`{
      channels { nodes { name discoveredAt suspendedAt connection { environment apiHost identityProviderHost dataHost applicationHost } } }
      journal(first: 200) { nodes { command before after } }
      requestRecords(first: 200) { nodes { request response } }
    }`);
    const nodes = shown.channels.nodes as { name: string }[];
    expect(nodes.find(({ name }) => name === 'acme')).toEqual({
      name: 'acme',
      discoveredAt: expect.any(String),
      suspendedAt: null,
      connection: {
        environment: 'our-app-live',
        apiHost: 'https://api2.acme.example',
        identityProviderHost: 'https://idp.acme.example',
        dataHost: 'https://connec.acme.example',
        applicationHost: world.url,
      },
    });
    expect(nodes.find(({ name }) => name === 'fixed')).toMatchObject({
      discoveredAt: null,
      connection: { apiHost: 'https://api.fixed.example' },
    });
    const read = await world.hub.readers.channels.page(systemActor('test'), { first: 10 });
    for (const secret of [key, keysOf('beta').key, platformCredentials.apiSecret]) {
      expect(JSON.stringify([shown, read])).not.toContain(secret);
      expect(world.logged()).not.toContain(secret);
    }
    const raw = await world.hub.persistence.lookups.channels.find(world.channelId('acme'));
    expect(JSON.stringify(raw?.discovered)).toContain(key);
    platform.marketplaces = ['acme', 'beta', 'gamma'].map((name) => listed(name));
    await discover();
    await eventually(async () => (await metadata('acme')) === 200);
  });

  it.each([
    ['a status', { status: 401, body: '{"error":"no"}' }],
    ['no JSON', { body: '<html>' }],
    ['an error', { body: '{"error":"down","marketplaces":[]}' }],
    ['no list', { body: '{"marketplaces":null}' }],
    ['more than anybody lists', { body: `{"marketplaces":[${'0,'.repeat(600_000)}0]}` }],
  ])('keeps what is known when the answer is %s', async (_what, answer) => {
    platform.answer = answer;
    const before = await channel('acme');
    expect(await discover()).toMatchObject({ problem: expect.stringMatching(/./), channels: [] });
    expect(await channel('acme')).toEqual(before);
    expect(await metadata('acme')).toBe(200);
    expect(await openAlarms()).toEqual([]);
  });

  it('goes on after a restart with what it knew, while the platform is down', async () => {
    platform.answer = { status: 500, body: '' };
    await world.restart();
    expect(await metadata('acme')).toBe(200);
    expect((await world.call('/maestrano/auth/saml/init/acme')).status).toBe(302);
  });

  it('suspends a marketplace that is not listed any more: no sign-in begins, what it says is heard; listed again it goes on', async () => {
    platform.marketplaces = [listed('beta'), listed('gamma')];
    expect((await discover()).channels).toContainEqual(expect.objectContaining({ name: 'acme', outcome: 'suspended' }));
    const { suspendedAt } = await channel('acme');
    expect(suspendedAt).not.toBeNull();
    await eventually(async () => (await world.call('/maestrano/auth/saml/init/acme')).status === 403);
    const webhook = { as: keysOf('acme'), method: 'DELETE' };
    expect((await world.call('/maestrano/account/groups/cld-1/acme', webhook)).status).toBe(200);
    expect(await metadata('acme')).toBe(200);
    expect((await world.call('/maestrano/auth/saml/init/beta')).status).toBe(302);
    await discover();
    expect(await channel('acme')).toMatchObject({ suspendedAt });

    platform.marketplaces.push(listed('acme'));
    expect((await discover()).channels).toContainEqual(expect.objectContaining({ name: 'acme', outcome: 'resumed' }));
    await eventually(async () => (await world.call('/maestrano/auth/saml/init/acme')).status === 302);
  });

  it('leaves one that is listed in a way nobody can read as it is, and takes over the others', async () => {
    const before = await channel('acme');
    platform.marketplaces = [
      listed('acme', { api: 'nonsense' }),
      listed('beta', { environment: 'changed' }),
      listed('gamma'),
    ];
    expect((await discover()).channels.map(({ name, outcome }) => `${name} ${outcome}`).sort()).toEqual([
      'acme unusable',
      'beta changed',
      'gamma unchanged',
    ]);
    expect(await channel('acme')).toEqual(before);
    platform.marketplaces = ['acme', 'beta', 'gamma'].map((name) => listed(name));
    await discover();
  });

  it('applies to all channels of the platform or to none', async () => {
    const before = await Promise.all(['acme', 'beta', 'gamma'].map(channel));
    platform.marketplaces = ['acme', 'beta', 'gamma'].map((name) => listed(name, { environment: 'atomic' }));
    const { persistence } = world.hub;
    const [last] = [...before].sort((a, b) => (a.id < b.id ? 1 : -1));
    const trigger =
      dialect === 'mysql'
        ? `CREATE TRIGGER refuse_last BEFORE UPDATE ON channels FOR EACH ROW BEGIN IF NEW.id = '${last!.id}' THEN SIGNAL SQLSTATE '45000'; END IF; END`
        : `CREATE TRIGGER refuse_last BEFORE UPDATE ON channels WHEN NEW.id = '${last!.id}' BEGIN SELECT RAISE(ABORT, 'refused'); END`;
    await world.database((raw) => raw.execute(trigger));
    try {
      await expect(discover()).rejects.toThrow();
    } finally {
      await world.database((raw) => raw.execute('DROP TRIGGER refuse_last'));
    }
    for (const one of before) expect(await persistence.lookups.channels.find(one.id)).toEqual(one);
    expect((await discover()).channels.map(({ outcome }) => outcome)).toEqual(['changed', 'changed', 'changed']);
  });

  it('says what happened when an operator asks for it', async () => {
    const ask = (name: string) =>
      world.ask(
        'mutation ($id: ID!) { rediscoverChannel(input: { id: $id }) { problem outcomes { name outcome } channel { name } } }',
        { id: world.channelId(name) },
      );
    const { rediscoverChannel } = await ask('beta');
    expect(rediscoverChannel).toMatchObject({ problem: '', channel: { name: 'beta' } });
    expect(rediscoverChannel.outcomes).toHaveLength(3);
    platform.answer = { status: 503, body: '' };
    expect((await ask('beta')).rediscoverChannel).toEqual({
      problem: 'the platform answers with status 503',
      outcomes: [],
      channel: { name: 'beta' },
    });
    expect((await ask('fixed')).rediscoverChannel).toMatchObject({
      problem: expect.stringContaining('no developer platform'),
    });
  });

  it('serves the paths the platform tells, beside the usual ones', async () => {
    platform.marketplaces = [
      listed('acme', {
        sso: { ...listed('acme').sso, init_path: '/maestrano/enter/acme', consume_path: '/maestrano/leave/acme' },
        webhooks: {
          account: { group_path: '/maestrano/gone/:id', group_user_path: '/maestrano/gone/:group_id/person/:id' },
          connec: { notification_path: '/elsewhere/notifications' },
        },
      }),
      listed('beta'),
      listed('gamma'),
    ];
    await discover();
    await eventually(async () => (await world.call('/maestrano/enter/acme')).status === 302);
    const deleting = { as: keysOf('acme'), method: 'DELETE' };
    for (const path of [
      '/maestrano/gone/cld-9',
      '/maestrano/gone/cld-9/person/usr-1',
      '/maestrano/account/groups/cld-9/acme',
    ]) {
      expect([path, (await world.call(path, deleting)).status]).toEqual([path, 200]);
    }
    expect((await world.call('/maestrano/gone/cld-9')).headers.get('allow')).toBe('DELETE');
    expect((await world.call('/maestrano/leave/acme')).headers.get('allow')).toBe('POST');
    expect((await world.call('/maestrano/auth/saml/init/acme')).status).toBe(302);
  });
});

describe.each(await testDialects())('the worker, %s', (dialect) => {
  it('does not ask again and again about a marketplace that is not listed, and not at all about one set by hand since', async () => {
    const platform = await startPlatform();
    platform.marketplaces = [];
    const world = await openMaestranoHub(dialect, { channels: { acme: asked(platform, 'acme') } });
    const loop = world.discoveryLoop();
    const running = new AbortController().signal;
    const channel = () => world.hub.persistence.lookups.channels.find(world.channelId());
    try {
      await loop(running);
      expect(await channel()).toMatchObject({ discovered: null, suspendedAt: expect.any(String) });
      world.clock.advance(10 * minute);
      await loop(running);
      expect(platform.calls).toHaveLength(1);
      world.clock.advance(hour);
      await loop(running);
      expect(platform.calls).toHaveLength(2);

      const settings = { ...usualSettings('acme'), application: 'crm' };
      await world.run((tx) => updateChannel(tx, { id: world.channelId(), settings }));
      await loop(running);
      expect(await channel()).toMatchObject({ discovered: null, discoveredAt: null, suspendedAt: null });
      expect(platform.calls).toHaveLength(2);
    } finally {
      await world.close();
      await platform.close();
    }
  });

  it('asks at once for a channel that was added since the platform answered', async () => {
    const platform = await startPlatform();
    const world = await openMaestranoHub(dialect, { channels: { acme: asked(platform, 'acme') } });
    const loop = world.discoveryLoop();
    try {
      platform.marketplaces = [listedMarketplace('acme', world.url)];
      for (let n = 0; n < 2; n += 1) await loop(new AbortController().signal);
      expect(platform.calls).toHaveLength(1);
      const settings = { application: 'crm', ...asked(platform, 'late') };
      await world.run((tx) => configureChannel(tx, { name: 'late', protocol: 'maestrano', settings }));
      for (let n = 0; n < 2; n += 1) await loop(new AbortController().signal);
      expect(platform.calls).toHaveLength(2);
    } finally {
      await world.close();
      await platform.close();
    }
  });

  it('reads the platform by itself: at the start, again after twelve hours, and after a failure once a minute', async () => {
    const platform = await startPlatform();
    const world = await openMaestranoHub(dialect, {
      channels: { acme: asked(platform, 'acme') },
      env: { POLL_INTERVAL_MS: '50' },
    });
    const loop = world.discoveryLoop();
    const running = new AbortController().signal;
    const { calls } = platform;
    try {
      platform.answer = { status: 500, body: '' };
      for (let n = 0; n < 3; n += 1) await loop(running);
      expect(calls).toHaveLength(1);
      world.clock.advance(minute);
      for (let n = 0; n < 3; n += 1) await loop(running);
      expect(calls).toHaveLength(2);
      const warned = world.logged().split('a developer platform cannot be read').length - 1;
      expect(warned).toBe(1);

      platform.answer = undefined;
      platform.marketplaces = [listedMarketplace('acme', world.url)];
      world.clock.advance(minute);
      await loop(running);
      world.clock.advance(11 * hour);
      await loop(running);
      expect(calls).toHaveLength(3);
      world.clock.advance(hour);
      await loop(running);
      await loop(running);
      expect(calls).toHaveLength(4);

      platform.answer = { status: 500, body: '' };
      const open = () => world.hub.persistence.lookups.alarms.findMany({ typeNumber: 2006, openKey: '0' });
      world.clock.advance(12 * hour);
      await loop(running);
      expect([calls.length, (await open()).length]).toEqual([5, 0]);
      world.clock.advance(minute);
      await loop(running);
      expect(calls).toHaveLength(5);
      world.clock.advance(12 * hour);
      await loop(running);
      expect((await open()).length).toBe(1);

      // another platform is asked at once, however fresh what the one before said is
      platform.answer = undefined;
      world.clock.advance(minute);
      await world.hub.rediscover(world.channelId());
      const before = calls.length;
      await loop(running);
      expect(calls).toHaveLength(before);
      const { marketplace, developerPlatform } = asked(platform, 'acme');
      const settings = {
        marketplace,
        application: 'crm',
        developerPlatform: { ...developerPlatform, apiKey: 'env-2' },
      };
      await world.run((tx) => updateChannel(tx, { id: world.channelId(), settings }));
      await loop(running);
      expect(calls).toHaveLength(before + 1);
      expect(calls.at(-1)?.authorization).toBe(writeBasic({ username: 'env-2', password: 'env:secret-1' }));
    } finally {
      await world.close();
      await platform.close();
    }
  });
});
