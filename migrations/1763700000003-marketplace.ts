import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ascii, id, instant, int, long, orNull, text } from './support/columns.js';
import { createTables, dropTables, type TableSpec } from './support/create-tables.js';

const tables: readonly TableSpec[] = [
  {
    name: 'channels',
    columns: {
      id: id,
      version: int,
      created_at: instant,
      name: text(200),
      protocol: ascii(16),
      settings: long,
      position: int,
      disabled_at: orNull(instant),
    },
    unique: {
      ux_channels_name: ['name'],
    },
  },
  {
    name: 'service_accounts',
    columns: {
      id: id,
      version: int,
      created_at: instant,
      channel_id: id,
      username: text(200),
      password_hash: ascii(500),
      credential_version: int,
      soap_secret: long,
      level: orNull(int),
      tenant_id: orNull(id),
      addresses: orNull(long),
      locked_at: orNull(instant),
      disabled_at: orNull(instant),
    },
    unique: {
      ux_service_accounts_channel_id_username: ['channel_id', 'username'],
    },
    indexes: {
      ix_service_accounts_tenant_id: ['tenant_id'],
    },
  },
  {
    name: 'external_refs',
    columns: {
      id: id,
      version: int,
      created_at: instant,
      channel_id: id,
      kind: ascii(32),
      parent_id: id,
      external_id: text(200),
      target_id: id,
      live_key: ascii(30),
    },
    unique: {
      ux_external_refs_channel_id_kind_parent_id_external_id_live_key: [
        'channel_id',
        'kind',
        'parent_id',
        'external_id',
        'live_key',
      ],
    },
    indexes: {
      ix_external_refs_target_id: ['target_id'],
    },
  },
  {
    name: 'channel_records',
    columns: {
      id: id,
      version: int,
      created_at: instant,
      channel_id: id,
      kind: ascii(64),
      parent_id: id,
      external_id: text(200),
      data: long,
    },
    unique: {
      ux_channel_records_channel_id_kind_parent_id_external_id: ['channel_id', 'kind', 'parent_id', 'external_id'],
    },
  },
  {
    name: 'webhooks',
    columns: {
      id: id,
      version: int,
      created_at: instant,
      tenant_id: id,
      url: text(2000),
      signing_secret: long,
      event_types: long,
      disabled_at: orNull(instant),
    },
    indexes: {
      ix_webhooks_tenant_id: ['tenant_id'],
    },
  },
];

/** Channels, their accounts, ids and records, and webhooks. */
export class Marketplace1763700000003 implements MigrationInterface {
  readonly name = 'Marketplace1763700000003';

  up(runner: QueryRunner): Promise<void> {
    return createTables(runner, tables);
  }

  down(runner: QueryRunner): Promise<void> {
    return dropTables(runner, tables);
  }
}
