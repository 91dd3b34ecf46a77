import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type AddedColumns, addColumns, dropColumns } from './support/add-columns.js';
import { ascii, id, instant, int, long, orNull, text } from './support/columns.js';
import { createTables, dropTables, type TableSpec } from './support/create-tables.js';

const columns: readonly AddedColumns[] = ['tenants', 'applications'].map((table) => ({
  table,
  columns: { service_level_group_id: id },
  fill: { service_level_group_id: '' },
  indexes: { [`ix_${table}_service_level_group_id`]: ['service_level_group_id'] },
}));

const tables: readonly TableSpec[] = [
  {
    name: 'service_level_groups',
    columns: {
      id: id,
      version: int,
      created_at: instant,
      channel_id: id,
      member_kind: ascii(16),
      group_key: text(200),
      properties: long,
      terminated_at: orNull(instant),
      live_key: ascii(30),
    },
    unique: {
      ux_service_level_groups_channel_id_and_3_more: ['channel_id', 'member_kind', 'group_key', 'live_key'],
    },
    indexes: { ix_service_level_groups_created_at: ['created_at'] },
  },
  {
    name: 'service_level_agreements',
    columns: {
      id: id,
      version: int,
      created_at: instant,
      channel_id: id,
      scope: ascii(16),
      target_id: id,
      tenant_id: id,
      agreement_type: text(200),
      document: long,
      terminated_at: orNull(instant),
      live_key: ascii(30),
    },
    unique: {
      ux_service_level_agreements_target_id_agreement_type_live_key: ['target_id', 'agreement_type', 'live_key'],
    },
    indexes: {
      ix_service_level_agreements_channel_id_scope_agreement_type: ['channel_id', 'scope', 'agreement_type'],
      ix_service_level_agreements_tenant_id: ['tenant_id'],
      ix_service_level_agreements_created_at: ['created_at'],
    },
  },
];

/** Groups with agreements on service levels, and the group each tenant and application is in. */
export class ServiceLevels1763700000008 implements MigrationInterface {
  readonly name = 'ServiceLevels1763700000008';

  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, columns);
    await createTables(runner, tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, tables);
    await dropColumns(runner, columns);
  }
}
