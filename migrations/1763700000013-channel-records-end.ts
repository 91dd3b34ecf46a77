import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type AddedColumns, addColumns, addIndex, dropColumns, dropIndex } from './support/add-columns.js';
import { ascii, id, instant } from './support/columns.js';

const columns: readonly AddedColumns[] = [
  {
    table: 'channel_records',
    columns: { tenant_id: id, ended_at: instant, live_key: ascii(30) },
    fill: { tenant_id: '', live_key: '0' },
    indexes: { ix_channel_records_parent_id: ['parent_id'], ix_channel_records_tenant_id: ['tenant_id'] },
  },
];

const before = ['channel_id', 'kind', 'parent_id', 'external_id'] as const;
const keyBefore = 'ux_channel_records_channel_id_kind_parent_id_external_id';
const keyAfter = 'ux_channel_records_channel_id_and_4_more';

/** Records of a tenant's own, and records that end and leave their id free. */
export class ChannelRecordsEnd1763700000013 implements MigrationInterface {
  readonly name = 'ChannelRecordsEnd1763700000013';

  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, columns);
    await addIndex(runner, 'channel_records', keyAfter, [...before, 'live_key'], true);
    await dropIndex(runner, 'channel_records', keyBefore);
  }

  /** What has ended goes: to the version before it would be live, or stand in the way of what has its id now. */
  async down(runner: QueryRunner): Promise<void> {
    if (await runner.hasColumn('channel_records', 'live_key')) {
      await runner.query("DELETE FROM channel_records WHERE live_key <> '0'");
    }
    await addIndex(runner, 'channel_records', keyBefore, before, true);
    await dropIndex(runner, 'channel_records', keyAfter);
    await dropColumns(runner, columns);
  }
}
