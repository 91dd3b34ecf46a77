import { testDialects } from '../../support/mysql.js';
import { keysOf, type MaestranoHub, openMaestranoHub, usualFingerprint, usualSettings } from '../support/hub.js';

describe.each(await testDialects())('metadata (spec Maestrano 1.2), %s', (dialect) => {
  let world: MaestranoHub;
  beforeAll(async () => {
    world = await openMaestranoHub(dialect, {
      channels: { acme: usualSettings('acme'), beta: usualSettings('beta', { creationMode: 'virtual' }) },
    });
  });
  afterAll(() => world.close());

  it.each([
    '/maestrano/metadata',
    '/maestrano/metadata.json',
    '/maestrano/metadata/acme',
    '/channels/acme/maestrano/metadata',
  ])('is at %s for the marketplace whose id and key are shown', async (path) => {
    const response = await world.call(path, { as: keysOf('acme') });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    const text = await response.text();
    expect(text).not.toContain(keysOf('acme').key);
    expect(JSON.parse(text)).toMatchObject({
      marketplace: 'acme',
      app: { host: world.url },
      api: { id: 'app-acme', host: 'https://api.acme.example', base: '/api/v1/' },
      sso: {
        enabled: true,
        init_path: '/maestrano/auth/saml/init/acme',
        consume_path: '/maestrano/auth/saml/consume/acme',
        creation_mode: 'real',
        idm: world.url,
        idp: 'https://api.acme.example',
        name_id_format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
        x509_fingerprint: usualFingerprint,
      },
      webhook: {
        account: {
          groups_path: '/maestrano/account/groups/:id/acme',
          group_path: '/maestrano/account/groups/:id/acme',
          group_users_path: '/maestrano/account/groups/:group_id/users/:id/acme',
          group_user_path: '/maestrano/account/groups/:group_id/users/:id/acme',
        },
        connec: {
          initialization_path: null,
          notifications_path: '/maestrano/connec/notifications/acme',
          notification_path: '/maestrano/connec/notifications/acme',
          subscriptions: { company: true, organizations: true, people: true },
        },
      },
    });
  });

  it('tells each marketplace its own, chosen by the credentials alone', async () => {
    const response = await world.call('/maestrano/metadata', { as: keysOf('beta') });
    expect(await response.json()).toMatchObject({ marketplace: 'beta', sso: { creation_mode: 'virtual' } });
  });
});
