import { minute } from '../../../src/core/shared/clock.js';
import { eventually } from '../../support/eventually.js';
import { rawRequest } from '../../support/http.js';
import { testDialects } from '../../support/mysql.js';
import { type CallOptions, keysOf, type MaestranoHub, openMaestranoHub, usualSettings } from '../support/hub.js';

const acme = keysOf('acme');
const group = '/maestrano/account/groups/cld-1';

describe.each(await testDialects())('who may call what (spec Maestrano 1.6, 1.10), %s', (dialect) => {
  let world: MaestranoHub;
  beforeAll(async () => {
    world = await openMaestranoHub(dialect, {
      channels: { acme: usualSettings('acme'), beta: usualSettings('beta') },
      env: { SOAP_TIMEOUT_MS: '500' },
    });
  });
  afterAll(() => world.close());

  // every test comes from elsewhere, so that none suffers from the failures of another
  let tests = 0;
  beforeEach(() => {
    tests += 1;
  });
  const call: MaestranoHub['call'] = (path, { headers, ...options } = {}) =>
    world.call(path, { ...options, headers: { 'x-forwarded-for': `198.51.100.${tests}`, ...headers } });
  const status = async (path: string, options?: CallOptions) => (await call(path, options)).status;

  describe.each([
    ['metadata', '/maestrano/metadata', 'GET'],
    ['the group webhook', group, 'DELETE'],
    ['the user webhook', `${group}/users/usr-1`, 'DELETE'],
  ])('%s', (_what, path, method) => {
    it.each([
      ['no credentials', undefined],
      ['another key', { id: acme.id, key: 'wrong' }],
      ['another id', { id: 'app-nobody', key: acme.key }],
      ['an empty key', { id: acme.id, key: '' }],
    ])('refuses %s', async (_how, as) => {
      const response = await call(path, { method, ...(as && { as }) });
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({ error: 'Invalid credentials' });
      expect(response.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
    });
  });

  it('refuses the credentials of one marketplace on a path of another', async () => {
    for (const path of [
      '/maestrano/metadata/beta',
      '/channels/beta/maestrano/metadata',
      '/maestrano/metadata?marketplace=beta',
    ]) {
      expect([path, await status(path, { as: acme })]).toEqual([path, 401]);
      expect([path, await status(path, { as: keysOf('beta') })]).toEqual([path, 200]);
    }
    expect(await status(`${group}/beta`, { as: acme, method: 'DELETE' })).toBe(401);
    expect(await status(`${group}/users/usr-1/beta`, { as: acme, method: 'DELETE' })).toBe(401);
    expect(await status('/channels/acme/maestrano/metadata/beta', { as: acme })).toBe(401);
  });

  it('refuses a marketplace nobody knows, as if the key were wrong', async () => {
    expect(await status('/maestrano/metadata/nobody', { as: acme })).toBe(401);
    expect(await status(`${group}/nobody`, { as: acme, method: 'DELETE' })).toBe(401);
  });

  it.each([
    ['a line break at its end', `Basic ${Buffer.from(`${acme.id}:${acme.key}\n`).toString('base64')}`],
    ['its scheme in capitals', `BASIC ${Buffer.from(`${acme.id}:${acme.key}`).toString('base64')}`],
    ['its scheme in small letters', `basic ${Buffer.from(`${acme.id}:${acme.key}`).toString('base64')}`],
  ])('takes credentials with %s', async (_how, authorization) => {
    expect(await status('/maestrano/metadata', { headers: { authorization } })).toBe(200);
  });

  it.each([
    ['GET', group, 'DELETE'],
    ['POST', group, 'DELETE'],
    ['PUT', `${group}/users/usr-1/acme`, 'DELETE'],
    ['POST', '/maestrano/metadata', 'GET, HEAD'],
    ['DELETE', '/maestrano/auth/saml/init/acme', 'GET, HEAD'],
    ['GET', '/maestrano/auth/saml/consume/acme', 'POST'],
    ['POST', '/version', 'GET, HEAD'],
  ])('answers %s %s with 405, without asking for credentials', async (method, path, allow) => {
    const response = await call(path, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, allow]);
  });

  it('answers what it does not have with 404', async () => {
    for (const path of [
      '/maestrano',
      '/maestrano/',
      '/maestrano/nothing',
      '/maestrano/metadata/acme/more',
      '/maestrano/%zz',
    ]) {
      const response = await call(path, { as: acme });
      expect([path, response.status]).toEqual([path, 404]);
      expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    }
  });

  it('tells its version to anybody', async () => {
    for (const path of [
      '/version',
      '/maestrano/version',
      '/channels/acme/version',
      '/channels/beta/maestrano/version',
    ]) {
      const response = await call(path);
      expect([path, response.status, await response.json()]).toEqual([
        path,
        200,
        { framework: 'mercator', framework_version: '1' },
      ]);
    }
  });

  it('shows people who come for an unknown marketplace a page, and sends them nowhere', async () => {
    for (const path of [
      '/maestrano/auth/saml/init/nobody?group_id=cld-1',
      '/maestrano/auth/saml/init?marketplace=nobody',
    ]) {
      const response = await call(path);
      expect([path, response.status, response.headers.get('location')]).toEqual([path, 404, null]);
      expect(response.headers.get('content-type')).toMatch(/^text\/html/);
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(await response.text()).toContain('not known here');
    }
  });

  it('finds the marketplace of a sign-in by the path, by the query, or takes the first', async () => {
    const goesTo = async (path: string) => (await call(path)).headers.get('location') ?? '';
    expect(await goesTo('/maestrano/auth/saml/init/beta')).toMatch(
      /^https:\/\/api\.beta\.example\/api\/v1\/auth\/saml\?/,
    );
    expect(await goesTo('/maestrano/auth/saml/init?marketplace=beta')).toMatch(/^https:\/\/api\.beta\./);
    expect(await goesTo('/channels/beta/maestrano/auth/saml/init')).toMatch(/^https:\/\/api\.beta\./);
    expect(await goesTo('/maestrano/auth/saml/init')).toMatch(/^https:\/\/api\.acme\./);
  });

  it('refuses a source for a minute after twenty failures, also with the right key, and no other source or channel', async () => {
    const from = (address: string) => ({ 'x-forwarded-for': address });
    const guess = (key: string, address: string, path = '/maestrano/metadata/acme') =>
      call(path, { as: { id: acme.id, key }, headers: from(address) });
    const refusals = async () => {
      const list =
        'filter: { command: { eq: "maestrano.callRefused" } }, orderBy: { field: id, direction: DESC }, first: 1';
      return (await world.ask(`{ journal(${list}) { totalCount nodes { reason objectId before after } } }`)).journal;
    };
    const before = await refusals();
    for (let n = 0; n < 20; n += 1) expect((await guess(`guess-${n}`, '203.0.113.9')).status).toBe(401);

    const blocked = await guess(acme.key, '203.0.113.9');
    expect(blocked.status).toBe(429);
    expect(Number(blocked.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(blocked.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect(await blocked.json()).toEqual({ error: expect.any(String) });
    expect((await guess(acme.key, '203.0.113.10')).status).toBe(200);
    const beta = { as: keysOf('beta'), headers: from('203.0.113.9') };
    expect(await status('/maestrano/metadata/beta', beta)).toBe(200);

    const { alarms } = await world.ask('{ alarms(filter: { typeNumber: { eq: 1008 } }) { nodes { info } } }');
    expect(alarms.nodes).toEqual([{ info: expect.stringContaining('203.0.113.9') }]);
    const journal = await refusals();
    expect(journal.totalCount - before.totalCount).toBe(20);
    expect(journal.nodes[0]).toMatchObject({ reason: 'wrong credentials', objectId: world.channelId('acme') });
    for (const told of [world.logged(), JSON.stringify(journal)]) expect(told).not.toContain('guess-1');
    world.clock.advance(minute);
    expect((await guess(acme.key, '203.0.113.9')).status).toBe(200);
  });

  it('begins the count anew with every call that is proven: some clients show nothing before they are asked', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.78' };
    for (let n = 0; n < 25; n += 1) {
      expect(await status('/maestrano/metadata/acme', { headers })).toBe(401);
      expect(await status('/maestrano/metadata/acme', { as: acme, headers })).toBe(200);
    }
    for (let n = 0; n < 20; n += 1) await status('/maestrano/metadata/acme', { headers });
    expect(await status('/maestrano/metadata/acme', { headers })).toBe(429);
  });

  it('counts a guess where the right key would open, also on a path that names no marketplace', async () => {
    const beta = keysOf('beta');
    const guess = (key: string, path = '/maestrano/metadata') =>
      status(path, { as: { id: beta.id, key }, headers: { 'x-forwarded-for': '203.0.113.79' } });
    for (let n = 0; n < 20; n += 1) expect(await guess(`guess-${n}`)).toBe(401);
    expect(await guess(beta.key)).toBe(429);
    expect(await guess(beta.key, '/maestrano/metadata/beta')).toBe(429);
    const own = { as: acme, headers: { 'x-forwarded-for': '203.0.113.79' } };
    expect(await status('/maestrano/metadata', own)).toBe(200);
  });

  it('takes names of unknown marketplaces for failures too', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.77' };
    for (let n = 0; n < 20; n += 1) await call(`/maestrano/metadata/nobody-${n}`, { as: acme, headers });
    expect(await status('/maestrano/metadata/nobody-20', { as: acme, headers })).toBe(429);
  });

  it('reads no more of a body than it may have', async () => {
    const large = Buffer.alloc(20_000, 'a');
    expect(await status(group, { as: acme, method: 'DELETE', body: large })).toBe(413);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const response = await call('/maestrano/auth/saml/consume/acme', {
      method: 'POST',
      body: Buffer.alloc(401 * 1_024, 'a'),
      headers: form,
    });
    // as any other response that is not believed
    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toMatch(/\/app_access_unauthorized\?err=internal$/);
    expect(
      await status(group, { as: acme, method: 'DELETE', body: 'x', headers: { 'content-encoding': 'gzip' } }),
    ).toBe(415);
  });

  it('answers whoever is refused while they still send', async () => {
    const body = Buffer.alloc(4 * 1_048_576, ' ');
    for (let n = 0; n < 3; n += 1) {
      const path = '/maestrano/connec/notifications/acme';
      expect(await status(path, { method: 'POST', body, as: { id: acme.id, key: 'wrong' } })).toBe(401);
    }
  });

  it('waits for a body only so long', async () => {
    const { port } = new URL(world.url);
    const authorization = Buffer.from(`${acme.id}:${acme.key}`).toString('base64');
    const head = `DELETE ${group} HTTP/1.1\r\nhost: x\r\nauthorization: Basic ${authorization}\r\ncontent-length: 9\r\n\r\nabc`;
    const answer = await rawRequest({ port: Number(port), send: head });
    expect([answer.status, answer.headers.connection]).toEqual([408, 'close']);
  });

  it('records calls for the inspector without their secrets', async () => {
    const mark = 'maestrano/metadata/acme?token=tok-very-secret';
    await call(`/${mark}`, { as: acme });
    const body = new URLSearchParams({ SAMLResponse: 'c2VjcmV0LXJlc3BvbnNl', commit: 'Continue' });
    await call('/maestrano/auth/saml/consume/acme', { method: 'POST', body });
    const records = await eventually(async () => {
      const answer = await world.ask(
        '{ requestRecords(filter: { protocol: { eq: "maestrano" } }, first: 200) { nodes { operation request status } } }',
      );
      const { nodes } = answer.requestRecords as { nodes: { operation: string; request: string; status: number }[] };
      const all = JSON.stringify(nodes);
      return (
        nodes.some(({ operation, request }) => operation === 'samlConsume' && request.includes('commit=Continue')) &&
        all
      );
    });
    expect(records).toContain('/maestrano/metadata/acme?token=***');
    expect(records).toContain('SAMLResponse=***');
    for (const secret of ['tok-very-secret', 'c2VjcmV0LXJlc3BvbnNl', acme.key]) expect(records).not.toContain(secret);
  });
});
