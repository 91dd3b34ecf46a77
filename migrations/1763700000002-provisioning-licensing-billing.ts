import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ascii, bigint, bool, id, instant, int, long, orNull, text } from './support/columns.js';
import { createTables, dropTables, type TableSpec } from './support/create-tables.js';

const tables: readonly TableSpec[] = [
  {
    name: 'instances',
    columns: {
      id: id,
      version: int,
      created_at: instant,
      natural_key: orNull(text(200)),
      tenant_id: id,
      application_id: id,
      channel_id: id,
      name: text(200),
      access_url: text(2000),
      parameters: long,
      configured_at: orNull(instant),
      activated: bool,
      holds: long,
      locked: bool,
      pending: ascii(16),
      terminated_at: orNull(instant),
    },
    unique: {
      ux_instances_natural_key: ['natural_key'],
    },
    indexes: {
      ix_instances_tenant_id: ['tenant_id'],
      ix_instances_application_id: ['application_id'],
      ix_instances_channel_id: ['channel_id'],
      ix_instances_created_at: ['created_at'],
      ix_instances_name: ['name'],
    },
  },
  {
    name: 'approvals',
    columns: {
      id: id,
      version: int,
      created_at: instant,
      kind: ascii(16),
      object_kind: ascii(16),
      object_id: id,
      tenant_id: id,
      channel_id: id,
      proposed: long,
      base_version: int,
      status: ascii(16),
      open_key: ascii(30),
      requested_by: text(300),
      decided_by: text(300),
      decided_at: orNull(instant),
      decision_reason: text(2000),
    },
    unique: {
      ux_approvals_open_key: ['open_key'],
    },
    indexes: {
      ix_approvals_object_id: ['object_id'],
      ix_approvals_tenant_id: ['tenant_id'],
      ix_approvals_status: ['status'],
    },
  },
  {
    name: 'license_pools',
    columns: {
      id: id,
      version: int,
      created_at: instant,
      tenant_id: id,
      application_id: id,
      license_type_id: id,
      instance_id: id,
      parent_pool_id: id,
      quantity: int,
      used: int,
      oversell: bool,
    },
    unique: {
      ux_license_pools_tenant_id_and_3_more: ['tenant_id', 'application_id', 'license_type_id', 'instance_id'],
    },
    indexes: {
      ix_license_pools_instance_id: ['instance_id'],
      ix_license_pools_parent_pool_id: ['parent_pool_id'],
      ix_license_pools_application_id: ['application_id'],
    },
  },
  {
    name: 'licenses',
    columns: {
      id: id,
      version: int,
      pool_id: id,
      user_id: id,
      tenant_id: id,
      application_id: id,
      license_type_id: id,
      instance_id: id,
      assigned_at: instant,
      released_at: orNull(instant),
      live_key: ascii(30),
    },
    unique: {
      ux_licenses_pool_id_user_id_instance_id_live_key: ['pool_id', 'user_id', 'instance_id', 'live_key'],
    },
    indexes: {
      ix_licenses_user_id_application_id: ['user_id', 'application_id'],
      ix_licenses_instance_id_live_key: ['instance_id', 'live_key'],
      ix_licenses_tenant_id: ['tenant_id'],
      ix_licenses_application_id: ['application_id'],
    },
  },
  {
    name: 'pool_changes',
    columns: {
      id: id,
      version: int,
      pool_id: id,
      changed_at: instant,
      quantity: int,
    },
    indexes: {
      ix_pool_changes_pool_id_changed_at: ['pool_id', 'changed_at'],
    },
  },
  {
    name: 'subscriptions',
    columns: {
      id: id,
      version: int,
      created_at: instant,
      tenant_id: id,
      application_id: id,
      instance_id: id,
      plan_id: id,
      channel_id: id,
      status: ascii(16),
      started_at: instant,
      trial_ends_at: orNull(instant),
      ends_at: orNull(instant),
      ended_at: orNull(instant),
      price_minor: bigint,
      currency: ascii(3),
      interval_unit: ascii(8),
      seats: ascii(16),
    },
    indexes: {
      ix_subscriptions_tenant_id_application_id: ['tenant_id', 'application_id'],
      ix_subscriptions_instance_id: ['instance_id'],
      ix_subscriptions_channel_id: ['channel_id'],
      ix_subscriptions_status: ['status'],
    },
  },
  {
    name: 'active_spans',
    columns: {
      id: id,
      version: int,
      object_kind: ascii(16),
      object_id: id,
      started_at: instant,
      ended_at: orNull(instant),
      open_key: ascii(30),
    },
    unique: {
      ux_active_spans_object_id_open_key: ['object_id', 'open_key'],
    },
    indexes: {
      ix_active_spans_object_id_started_at: ['object_id', 'started_at'],
    },
  },
  {
    name: 'scheduled_commands',
    columns: {
      id: id,
      version: int,
      created_at: instant,
      command: ascii(32),
      object_id: id,
      channel_id: id,
      request_id: text(200),
      requested_by: text(300),
      input: long,
      due_at: instant,
      done_at: orNull(instant),
      failure: text(200),
    },
    indexes: {
      ix_scheduled_commands_done_at_due_at: ['done_at', 'due_at'],
      ix_scheduled_commands_object_id: ['object_id'],
    },
  },
];

/** Instances and their approvals, pools and seats, subscriptions and when things were active. */
export class ProvisioningLicensingBilling1763700000002 implements MigrationInterface {
  readonly name = 'ProvisioningLicensingBilling1763700000002';

  up(runner: QueryRunner): Promise<void> {
    return createTables(runner, tables);
  }

  down(runner: QueryRunner): Promise<void> {
    return dropTables(runner, tables);
  }
}
