import { basicOf, isBasic, json, type Route } from './http.js';
import type { LocalMarketplace } from './model.js';
import { apiBase } from './saml/routes.js';
import type { World } from './world.js';

export const platformPath = '/api/config/v1/marketplaces';
export const connecBase = '/api/v2';

/** The developer platform: which marketplaces sell the application, and how each is reached (spec Maestrano 1.3). */
export function platformRoutes(world: World): readonly Route[] {
  const { apiKey, apiSecret } = world.platform;
  return [
    {
      method: 'GET',
      path: platformPath,
      handle({ headers }) {
        if (!isBasic(basicOf(headers), apiKey, apiSecret)) return json(401, { error: 'Invalid credentials' });
        return json(200, { marketplaces: listedOnes(world) });
      },
    },
  ];
}

function listedOnes(world: World) {
  const { marketplaces, unlisted } = world;
  return [...marketplaces.values()].filter(({ name }) => !unlisted.has(name)).map((one) => listed(world, one));
}

function listed(world: World, { name, nid, api, hubUrl, identity, paths, virtual }: LocalMarketplace) {
  const { platform } = world;
  const host = world.url();
  return {
    nid,
    marketplace: name,
    environment: platform.environment,
    app: {
      host: hubUrl,
      synchronization_start_path: paths.synchronizationStart,
      synchronization_toggle_path: paths.synchronizationToggle,
      synchronization_status_path: paths.synchronizationStatus,
    },
    api: { id: api.id, key: api.key, host, base: apiBase },
    sso: {
      idm: hubUrl,
      init_path: paths.init,
      consume_path: paths.consume,
      idp: host,
      creation_mode: virtual ? 'virtual' : 'real',
      x509_fingerprint: identity.fingerprint,
      x509_certificate: identity.certificate,
    },
    connec: { host, base_path: connecBase, timeout: 300 },
    webhooks: {
      account: { group_path: paths.groups, group_user_path: paths.groupUsers },
      connec: { external_ids: true, initialization_path: null, notification_path: paths.notifications },
    },
  };
}
