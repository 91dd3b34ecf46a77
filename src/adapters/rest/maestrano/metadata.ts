import { json, type MaestranoHandler } from './call.js';
import { type Connection, type MaestranoChannel, slashed } from './connection.js';
import { persistent } from './saml/verify/names.js';

/** Of the SDK generation whose shape the metadata has. */
const apiVersion = '1.0.0';

/**
 * `GET /maestrano/metadata` (spec Maestrano 1.2): how this hub is connected to the marketplace that asks. Plural and singular names
 * stand side by side, because the generations of the SDKs differ; the key and other secrets are never in it.
 */
export const metadata: MaestranoHandler = async ({ channel, connection }) =>
  json(200, metadataOf(channel, connection!));

function metadataOf({ settings }: MaestranoChannel, connection: Connection): Readonly<Record<string, unknown>> {
  const { marketplace, environment, appHost, api, sso, connec } = connection;
  const paths = webhookPathsOf(connection);
  const { share } = settings;
  const declared = Object.fromEntries(share.collections.map(({ collection }) => [collection, true]));
  const account = {
    groups_path: paths.groups,
    group_users_path: paths.groupUsers,
    group_path: paths.groups,
    group_user_path: paths.groupUsers,
  };
  const notifications = {
    initialization_path: null,
    notifications_path: paths.notifications,
    notification_path: paths.notifications,
    external_ids: true,
    subscriptions: {
      company: share.company,
      organizations: share.organizations,
      people: share.people,
      ...declared,
    },
  };
  return {
    marketplace,
    environment: environment === '' ? 'production' : environment,
    app: {
      host: appHost,
      synchronization_start_path: paths.synchronizationStart,
      synchronization_toggle_path: paths.synchronizationToggle,
      synchronization_status_path: paths.synchronizationStatus,
    },
    api: {
      id: api.id,
      version: apiVersion,
      verify_ssl_certs: true,
      lang: 'node',
      lang_version: process.version,
      host: api.host,
      base: slashed(api.base),
    },
    sso: {
      enabled: true,
      slo_enabled: true,
      init_path: sso.initPath,
      consume_path: sso.consumePath,
      creation_mode: settings.creationMode,
      idm: sso.idm,
      idp: sso.idp,
      name_id_format: persistent,
      x509_fingerprint: sso.x509Fingerprint,
      x509_certificate: sso.x509Certificate,
    },
    connec:
      connec === null ? null : { host: connec.host, base_path: connec.basePath, timeout: connec.timeoutMs / 1_000 },
    webhook: { account, connec: notifications },
    webhooks: { account, connec: notifications },
  };
}

/** Where the marketplace reaches us, as it was told or as it is by itself. */
function webhookPathsOf({ marketplace, paths = {} }: Connection) {
  const own = {
    groups: `/maestrano/account/groups/:id/${marketplace}`,
    groupUsers: `/maestrano/account/groups/:group_id/users/:id/${marketplace}`,
    notifications: `/maestrano/connec/notifications/${marketplace}`,
    synchronizationStart: `/maestrano/${marketplace}/synchronizations`,
    synchronizationToggle: `/maestrano/${marketplace}/synchronizations/toggle_sync`,
    synchronizationStatus: `/maestrano/${marketplace}/synchronizations/:cld-uid`,
  };
  const told = Object.fromEntries(Object.entries(paths).filter(([, path]) => path !== undefined));
  return { ...own, ...told };
}
