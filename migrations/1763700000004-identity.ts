import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ascii, bool, id, instant, int, long, orNull, text } from './support/columns.js';
import { createTables, dropTables, type TableSpec } from './support/create-tables.js';

const tables: readonly TableSpec[] = [
  {
    name: 'users',
    columns: {
      id: id,
      version: int,
      created_at: instant,
      given_name: text(200),
      family_name: text(200),
      display_name: text(200),
      locale: text(35),
      operator_level: orNull(int),
      password_hash: orNull(ascii(500)),
      credential_version: int,
      must_change_password: bool,
      holds: long,
      terminated_at: orNull(instant),
    },
    indexes: {
      ix_users_created_at: ['created_at'],
      ix_users_display_name: ['display_name'],
    },
  },
  {
    name: 'user_emails',
    columns: {
      id: id,
      version: int,
      user_id: id,
      email: text(254),
      email_key: text(254),
      verified_key: orNull(text(254)),
      is_primary: bool,
    },
    unique: {
      ux_user_emails_verified_key: ['verified_key'],
    },
    indexes: {
      ix_user_emails_user_id: ['user_id'],
      ix_user_emails_email_key: ['email_key'],
    },
  },
  {
    name: 'memberships',
    columns: {
      id: id,
      version: int,
      created_at: instant,
      user_id: id,
      tenant_id: id,
      instance_id: id,
      channel_id: id,
      roles: long,
      login_name: text(254),
      email: text(254),
      given_name: text(200),
      family_name: text(200),
      locale: text(35),
      holds: long,
      terminated_at: orNull(instant),
      live_key: ascii(30),
    },
    unique: {
      ux_memberships_user_id_tenant_id_instance_id_live_key: ['user_id', 'tenant_id', 'instance_id', 'live_key'],
    },
    indexes: {
      ix_memberships_tenant_id: ['tenant_id'],
      ix_memberships_instance_id: ['instance_id'],
      ix_memberships_channel_id: ['channel_id'],
    },
  },
  {
    name: 'login_tokens',
    columns: {
      id: id,
      version: int,
      created_at: instant,
      kind: ascii(32),
      token_hash: ascii(64),
      user_id: id,
      tenant_id: id,
      instance_id: id,
      channel_id: id,
      session_id: id,
      return_url: text(2000),
      locale: text(35),
      expires_at: instant,
      used_at: orNull(instant),
    },
    unique: {
      ux_login_tokens_token_hash: ['token_hash'],
    },
    indexes: {
      ix_login_tokens_user_id: ['user_id'],
      ix_login_tokens_session_id: ['session_id'],
      ix_login_tokens_expires_at: ['expires_at'],
    },
  },
  {
    name: 'sessions',
    columns: {
      id: id,
      version: int,
      created_at: instant,
      user_id: id,
      cookie_hash: ascii(64),
      handle_hash: ascii(64),
      channel_id: id,
      instance_id: id,
      state: ascii(16),
      sign_in_method: ascii(32),
      expires_at: instant,
      ended_at: orNull(instant),
      end_reason: text(200),
    },
    indexes: {
      ix_sessions_user_id_state: ['user_id', 'state'],
      ix_sessions_cookie_hash: ['cookie_hash'],
      ix_sessions_handle_hash: ['handle_hash'],
      ix_sessions_instance_id: ['instance_id'],
      ix_sessions_channel_id: ['channel_id'],
      ix_sessions_expires_at: ['expires_at'],
    },
  },
  {
    name: 'client_sessions',
    columns: {
      id: id,
      version: int,
      created_at: instant,
      session_id: id,
      user_id: id,
      client_id: text(200),
      instance_id: id,
      sid: text(128),
      ended_at: orNull(instant),
    },
    indexes: {
      ix_client_sessions_session_id: ['session_id'],
      ix_client_sessions_user_id_ended_at: ['user_id', 'ended_at'],
      ix_client_sessions_client_id: ['client_id'],
      ix_client_sessions_sid: ['sid'],
    },
  },
  {
    name: 'clients',
    columns: {
      id: id,
      version: int,
      created_at: instant,
      client_id: text(200),
      name: text(200),
      secret_hash: ascii(500),
      application_id: id,
      instance_id: id,
      tenant_id: id,
      level: orNull(int),
      grant_types: long,
      scopes: long,
      redirect_uris: long,
      post_logout_redirect_uris: long,
      backchannel_logout_uri: text(2000),
      disabled_at: orNull(instant),
    },
    unique: {
      ux_clients_client_id: ['client_id'],
    },
    indexes: {
      ix_clients_application_id: ['application_id'],
      ix_clients_instance_id: ['instance_id'],
      ix_clients_tenant_id: ['tenant_id'],
    },
  },
  {
    name: 'identity_providers',
    columns: {
      id: id,
      version: int,
      created_at: instant,
      natural_key: text(200),
      issuer: text(2000),
      client_id: text(200),
      client_secret: long,
      email_domains: long,
      tenant_id: id,
      is_required: bool,
    },
    unique: {
      ux_identity_providers_natural_key: ['natural_key'],
    },
    indexes: {
      ix_identity_providers_tenant_id: ['tenant_id'],
    },
  },
  {
    name: 'openid_records',
    columns: {
      id_hash: ascii(43),
      model: ascii(40),
      payload: long,
      account_id: text(200),
      client_id: text(200),
      grant_hash: ascii(43),
      uid_hash: ascii(43),
      session_uid_hash: ascii(43),
      user_code_hash: ascii(43),
      sid: text(128),
      consumed_at: orNull(instant),
      expires_at: orNull(instant),
    },
    primaryKey: ['id_hash'],
    indexes: {
      ix_openid_records_account_id: ['account_id'],
      ix_openid_records_client_id: ['client_id'],
      ix_openid_records_grant_hash: ['grant_hash'],
      ix_openid_records_uid_hash: ['uid_hash'],
      ix_openid_records_session_uid_hash: ['session_uid_hash'],
      ix_openid_records_user_code_hash: ['user_code_hash'],
      ix_openid_records_sid: ['sid'],
      ix_openid_records_expires_at: ['expires_at'],
    },
  },
  {
    name: 'revocations',
    columns: {
      id: id,
      at: instant,
      kind: ascii(16),
      target_id: text(200),
      client_ids: orNull(long),
    },
    indexes: {
      ix_revocations_at_id: ['at', 'id'],
    },
  },
  {
    name: 'signing_keys',
    columns: {
      kid: ascii(64),
      algorithm: ascii(16),
      jwk: long,
      created_at: instant,
      active_from: instant,
      retired_at: orNull(instant),
    },
    primaryKey: ['kid'],
  },
];

/** People, memberships, sessions, OpenID artifacts and signing keys. */
export class Identity1763700000004 implements MigrationInterface {
  readonly name = 'Identity1763700000004';

  up(runner: QueryRunner): Promise<void> {
    return createTables(runner, tables);
  }

  down(runner: QueryRunner): Promise<void> {
    return dropTables(runner, tables);
  }
}
