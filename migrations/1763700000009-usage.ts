import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ascii, bigint, bool, id, instant, int, long, text } from './support/columns.js';
import { createTables, dropTables, type TableSpec } from './support/create-tables.js';

const tables: readonly TableSpec[] = [
  {
    name: 'usage_streams',
    columns: {
      number: int,
      kind: ascii(8),
      channel_id: id,
      provider_external_id: text(200),
      tenant_id: id,
      parent: int,
      records: bigint,
      height: int,
      counted: bool,
    },
    primaryKey: ['number'],
    unique: {
      ux_usage_streams_channel_id_kind_provider_external_id_tenant_id: [
        'channel_id',
        'kind',
        'provider_external_id',
        'tenant_id',
      ],
    },
    indexes: {
      ix_usage_streams_tenant_id: ['tenant_id'],
      ix_usage_streams_parent: ['parent'],
    },
  },
  {
    name: 'usage_blocks',
    columns: { stream: int, level: int, low: ascii(30), records: bigint },
    primaryKey: ['stream', 'level', 'low'],
  },
  {
    name: 'usage_records',
    columns: {
      id: id,
      channel_stream: int,
      provider_stream: int,
      channel_id: id,
      tenant_id: id,
      application_id: id,
      provider_external_id: text(200),
      application_external_id: text(200),
      transaction_id: bigint,
      service_name: text(100),
      occurred_at: instant,
      recorded_at: instant,
      origin_address: text(200),
      destination_address: text(200),
      completion_status: ascii(32),
      statistic_type: int,
      info: text(2_000),
      properties: long,
    },
    unique: {
      ux_usage_records_provider_stream_transaction_id: ['provider_stream', 'transaction_id'],
    },
    indexes: {
      ix_usage_records_channel_stream_and_5_more: [
        'channel_stream',
        'id',
        'provider_stream',
        'service_name',
        'completion_status',
        'application_external_id',
      ],
      ix_usage_records_provider_stream_and_4_more: [
        'provider_stream',
        'id',
        'service_name',
        'completion_status',
        'application_external_id',
      ],
    },
  },
  {
    name: 'usage_statistics',
    columns: {
      id: id,
      provider_stream: int,
      channel_id: id,
      tenant_id: id,
      application_id: id,
      provider_external_id: text(200),
      application_external_id: text(200),
      statistic_type: int,
      starts_at: instant,
      ends_at: instant,
      transactions: int,
    },
    unique: {
      ux_usage_statistics_provider_stream_and_5_more: [
        'provider_stream',
        'application_external_id',
        'tenant_id',
        'application_id',
        'statistic_type',
        'starts_at',
      ],
    },
    indexes: {
      ix_usage_statistics_channel_id_id: ['channel_id', 'id'],
      ix_usage_statistics_provider_stream_id: ['provider_stream', 'id'],
      ix_usage_statistics_tenant_id_id: ['tenant_id', 'id'],
    },
  },
];

export class Usage1763700000009 implements MigrationInterface {
  readonly name = 'Usage1763700000009';

  up(runner: QueryRunner): Promise<void> {
    return createTables(runner, tables);
  }

  down(runner: QueryRunner): Promise<void> {
    return dropTables(runner, tables);
  }
}
