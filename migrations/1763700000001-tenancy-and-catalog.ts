import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ascii, bigint, bool, id, instant, int, long, orNull, text } from './support/columns.js';
import { createTables, dropTables, type TableSpec } from './support/create-tables.js';

const tables: readonly TableSpec[] = [
  {
    name: 'tenants',
    columns: {
      id: id,
      version: int,
      created_at: instant,
      natural_key: orNull(text(200)),
      kind: ascii(16),
      name: text(200),
      parent_id: id,
      channel_id: id,
      country: ascii(2),
      time_zone: text(64),
      contact: long,
      activated: bool,
      holds: long,
      locked: bool,
      pending: ascii(16),
      terminated_at: orNull(instant),
    },
    unique: {
      ux_tenants_natural_key: ['natural_key'],
    },
    indexes: {
      ix_tenants_parent_id: ['parent_id'],
      ix_tenants_channel_id: ['channel_id'],
      ix_tenants_created_at: ['created_at'],
      ix_tenants_name: ['name'],
    },
  },
  {
    name: 'tenant_paths',
    columns: {
      ancestor_id: id,
      descendant_id: id,
      depth: int,
    },
    primaryKey: ['ancestor_id', 'descendant_id'],
    indexes: {
      ix_tenant_paths_descendant_id_depth: ['descendant_id', 'depth'],
    },
  },
  {
    name: 'applications',
    columns: {
      id: id,
      version: int,
      created_at: instant,
      owner_tenant_id: id,
      natural_key: text(200),
      name: text(200),
      description: text(2000),
      access_url: text(2000),
      login_url: text(2000),
      logout_url: text(2000),
      live_key: ascii(30),
      activated: bool,
      holds: long,
      locked: bool,
      pending: ascii(16),
      terminated_at: orNull(instant),
    },
    unique: {
      ux_applications_owner_tenant_id_natural_key_live_key: ['owner_tenant_id', 'natural_key', 'live_key'],
    },
    indexes: {
      ix_applications_natural_key: ['natural_key'],
      ix_applications_created_at: ['created_at'],
      ix_applications_name: ['name'],
    },
  },
  {
    name: 'license_types',
    columns: {
      id: id,
      version: int,
      created_at: instant,
      application_id: id,
      code: text(200),
      name: text(200),
      position: int,
    },
    unique: {
      ux_license_types_application_id_code: ['application_id', 'code'],
    },
  },
  {
    name: 'plans',
    columns: {
      id: id,
      version: int,
      created_at: instant,
      application_id: id,
      natural_key: text(200),
      name: text(200),
      price_minor: bigint,
      currency: ascii(3),
      interval_unit: ascii(8),
      trial_days: int,
      seats: ascii(16),
      retired_at: orNull(instant),
    },
    unique: {
      ux_plans_application_id_natural_key: ['application_id', 'natural_key'],
    },
  },
];

/** The tenant tree and what is sold. */
export class TenancyAndCatalog1763700000001 implements MigrationInterface {
  readonly name = 'TenancyAndCatalog1763700000001';

  up(runner: QueryRunner): Promise<void> {
    return createTables(runner, tables);
  }

  down(runner: QueryRunner): Promise<void> {
    return dropTables(runner, tables);
  }
}
