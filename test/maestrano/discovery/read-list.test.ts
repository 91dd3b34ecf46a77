import { readList } from '../../../src/adapters/rest/maestrano/discovery/read-list.js';
import { listedMarketplace } from '../support/platform.js';

const host = 'https://hub.example';
const read = (body: unknown) => readList(JSON.stringify(body), host);
const one = (change: Readonly<Record<string, unknown>> = {}) => {
  const [listed] = read({ marketplaces: [listedMarketplace('acme', host, change)] });
  if (listed === undefined || !('connection' in listed)) throw new Error(JSON.stringify(listed));
  return listed.connection;
};

describe('what the developer platform lists (spec Maestrano 1.3)', () => {
  it('is a connection', () => {
    expect(one()).toMatchObject({
      marketplace: 'acme',
      environment: 'our-app-live',
      appHost: host,
      api: { id: 'app-acme', key: 'key-of-acme:with-colon', host: 'https://api.acme.example', base: '/api/v1/' },
      sso: {
        idm: host,
        initPath: '/maestrano/auth/saml/init/acme',
        consumePath: '/maestrano/auth/saml/consume/acme',
        idp: 'https://idp.acme.example',
      },
      paths: {
        groups: '/maestrano/account/groups/:id/acme',
        groupUsers: '/maestrano/account/groups/:group_id/users/:id/acme',
        notifications: '/maestrano/connec/notifications/acme',
      },
      connec: { host: 'https://connec.acme.example', basePath: '/api/v2', timeoutMs: 300_000 },
    });
  });

  it('has usual values for everything but the id, the key and the host of the interface', () => {
    const api = { id: 'app-1', key: 'k', host: 'https://api.example/' };
    const bare = read({ marketplaces: [{ marketplace: 'acme', api }] })[0];
    expect(bare).toEqual({
      marketplace: 'acme',
      connection: {
        marketplace: 'acme',
        environment: '',
        appHost: host,
        api: { id: 'app-1', key: 'k', host: 'https://api.example', base: '/api/v1/' },
        sso: {
          idm: host,
          initPath: '/maestrano/auth/saml/init/acme',
          consumePath: '/maestrano/auth/saml/consume/acme',
          idp: 'https://api.example',
          x509Certificate: '',
          x509Fingerprint: '',
        },
        paths: {},
        connec: null,
      },
    });
    expect(one({ app: { host: 'https://app.example' }, sso: { idm: null } }).sso.idm).toBe('https://app.example');
    expect(one({ connec: { host: 'https://connec.example' } }).connec).toEqual({
      host: 'https://connec.example',
      basePath: '/api/v2',
      timeoutMs: 60_000,
    });
    expect(one({ connec: { host: 'https://connec.example', timeout: 86_400 } }).connec?.timeoutMs).toBe(300_000);
  });

  it('may spell the webhooks in each way the generations of it do', () => {
    const account = { groups_path: '/maestrano/g/:id', group_users_path: '/maestrano/g/:group_id/u/:id' };
    const connec = { notifications_path: '/maestrano/n' };
    const paths = {
      groups: '/maestrano/g/:id',
      groupUsers: '/maestrano/g/:group_id/u/:id',
      notifications: '/maestrano/n',
    };
    expect(one({ webhooks: undefined, webhook: { account, connec } }).paths).toMatchObject(paths);
    expect(one({ webhooks: { account, connec } }).paths).toMatchObject(paths);
  });

  it.each([
    ['is no JSON', '<html>', 'not JSON'],
    ['is empty', '', 'not JSON'],
    ['is a list', '[]', 'no list named'],
    ['is a text', '"marketplaces"', 'no JSON object'],
    ['is null', 'null', 'no JSON object'],
    ['has no marketplaces', '{}', 'no list named'],
    ['has marketplaces that are no list', '{"marketplaces":{}}', 'no list named'],
    ['says that there is an error', '{"error":"Invalid credentials","marketplaces":[]}', 'Invalid credentials'],
    ['says what is wrong in several words', '{"errors":[{"title":"No"}],"marketplaces":[]}', 'No'],
  ])('has failed when the answer %s', (_what, text, problem) => {
    expect(() => readList(text, host)).toThrow(problem);
  });

  it('goes on when one entry cannot be read, and says only which fields', () => {
    const broken = listedMarketplace('broken', host, {
      api: { id: 'app', key: { secret: 'hidden' }, host: 'ftp://x' },
    });
    const listed = read({ marketplaces: [null, 7, 'x', {}, broken, listedMarketplace('acme', host)] });
    expect(listed).toMatchObject([{ marketplace: 'broken', problem: expect.any(String) }, { marketplace: 'acme' }]);
    expect(JSON.stringify(listed[0])).toContain('api.key');
    expect(JSON.stringify(listed[0])).not.toContain('hidden');
  });

  it.each(['https://user:word@x.example', 'https://x.example?next=', 'https://x.example#/a'])(
    'a host that is more than a place cannot be used: %s',
    (wrong) => {
      const [listed] = read({ marketplaces: [listedMarketplace('acme', host, { connec: { host: wrong } })] });
      expect(listed).toMatchObject({ problem: expect.stringContaining('connec.host') });
    },
  );

  it('a time that is no whole number of seconds is one of whole seconds', () => {
    const timeoutMs = (timeout: number) =>
      one({ connec: { host: 'https://connec.example', timeout } }).connec?.timeoutMs;
    expect([0.000_1, 1.000_5, 60].map(timeoutMs)).toEqual([1_000, 2_000, 60_000]);
  });
});
