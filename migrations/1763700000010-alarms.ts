import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ascii, bigint, id, instant, int, orNull, text } from './support/columns.js';
import { createTables, dropTables, type TableSpec } from './support/create-tables.js';

const tables: readonly TableSpec[] = [
  {
    name: 'alarms',
    columns: {
      id: id,
      version: int,
      created_at: instant,
      instance_number: bigint,
      type_number: int,
      severity: ascii(8),
      source: text(200),
      occurred_at: instant,
      last_at: instant,
      repeat_count: int,
      info: text(2_000),
      additional_info: text(2_000),
      channel_id: id,
      tenant_id: id,
      object_kind: ascii(32),
      object_id: id,
      subject: text(200),
      external_id: orNull(text(200)),
      ends_at: orNull(instant),
      acknowledged_at: orNull(instant),
      acknowledged_by: text(200),
      cleared_at: orNull(instant),
      cleared_by: text(200),
      open_key: ascii(30),
    },
    unique: {
      ux_alarms_instance_number: ['instance_number'],
      ux_alarms_type_number_channel_id_object_id_subject_open_key: [
        'type_number',
        'channel_id',
        'object_id',
        'subject',
        'open_key',
      ],
      ux_alarms_channel_id_source_external_id: ['channel_id', 'source', 'external_id'],
    },
    indexes: {
      ix_alarms_occurred_at_id_type_number_severity_channel_id: [
        'occurred_at',
        'id',
        'type_number',
        'severity',
        'channel_id',
      ],
      ix_alarms_open_key_ends_at: ['open_key', 'ends_at'],
      ix_alarms_cleared_at_severity: ['cleared_at', 'severity'],
      ix_alarms_object_id: ['object_id'],
      ix_alarms_tenant_id: ['tenant_id'],
    },
  },
];

/** What operators should see. */
export class Alarms1763700000010 implements MigrationInterface {
  readonly name = 'Alarms1763700000010';

  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner, tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, tables);
  }
}
