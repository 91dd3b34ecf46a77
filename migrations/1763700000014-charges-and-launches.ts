import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type AddedColumns, addColumns, dropColumns } from './support/add-columns.js';
import { ascii, bigint, bool, id, instant, int, long, orNull, text } from './support/columns.js';
import { createTables, dropTables, type TableSpec } from './support/create-tables.js';

const tables: readonly TableSpec[] = [
  {
    name: 'charges',
    columns: {
      id: id,
      version: int,
      created_at: instant,
      kind: ascii(16),
      status: ascii(16),
      tenant_id: id,
      subscription_id: id,
      instance_id: id,
      channel_id: id,
      description: text(500),
      price_minor: bigint,
      units: ascii(13),
      currency: ascii(3),
      offset_minor: bigint,
      period_starts_at: orNull(instant),
      period_ends_at: orNull(instant),
      third_party: bool,
      interval_unit: orNull(ascii(8)),
      starts_at: orNull(instant),
      seats: orNull(int),
      canceled_at: orNull(instant),
      cancel_due_at: orNull(instant),
      external_id: text(255),
      attempted_at: orNull(instant),
      lease_owner: ascii(36),
      leased_until: orNull(instant),
      failure: text(500),
    },
    indexes: {
      ix_charges_tenant_id_created_at: ['tenant_id', 'created_at'],
      ix_charges_subscription_id_kind: ['subscription_id', 'kind'],
      ix_charges_instance_id: ['instance_id'],
      ix_charges_channel_id: ['channel_id'],
      ix_charges_status: ['status'],
    },
  },
  {
    name: 'channel_tasks',
    columns: {
      id: id,
      created_at: instant,
      channel_id: id,
      kind: ascii(32),
      subject_id: id,
      data: long,
      due_at: instant,
      attempts: int,
      lease_owner: ascii(36),
      leased_until: orNull(instant),
      parked_at: orNull(instant),
      last_error: text(500),
    },
    indexes: {
      ix_channel_tasks_parked_at_due_at: ['parked_at', 'due_at'],
      ix_channel_tasks_channel_id_kind: ['channel_id', 'kind'],
      ix_channel_tasks_subject_id: ['subject_id'],
    },
  },
];

const columns: readonly AddedColumns[] = [
  {
    table: 'sessions',
    columns: { recheck_at: instant, voucher: long },
    indexes: { ix_sessions_state_recheck_at: ['state', 'recheck_at'] },
  },
  { table: 'login_tokens', columns: { browser_hash: ascii(64), data: long }, fill: { browser_hash: '' } },
  { table: 'channels', columns: { discovered: long, discovered_at: instant, suspended_at: instant } },
];

/** Charges, a protocol's queued work, sign-ins a marketplace vouches for, and what marketplaces say about themselves. */
export class ChargesAndLaunches1763700000014 implements MigrationInterface {
  readonly name = 'ChargesAndLaunches1763700000014';

  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner, tables);
    await addColumns(runner, columns);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropColumns(runner, columns);
    await dropTables(runner, tables);
  }
}
