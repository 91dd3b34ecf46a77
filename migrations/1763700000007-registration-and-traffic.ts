import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type AddedColumns, addColumns, addIndex, dropColumns, dropIndex } from './support/add-columns.js';
import { ascii, id, instant, int, long, text } from './support/columns.js';
import { createTables, dropTables, type TableSpec } from './support/create-tables.js';

const columns: readonly AddedColumns[] = [
  {
    table: 'tenants',
    columns: { properties: long, operator_reference: text(200) },
    fill: { properties: '[]', operator_reference: '' },
  },
  {
    table: 'applications',
    columns: { channel_id: id, properties: long, operator_reference: text(200) },
    fill: { channel_id: '', properties: '[]', operator_reference: '' },
    indexes: { ix_applications_channel_id: ['channel_id'] },
  },
  {
    table: 'instances',
    columns: { description: text(2_000), properties: long, operator_reference: text(200) },
    fill: { description: '', properties: '[]', operator_reference: '' },
  },
  { table: 'service_accounts', columns: { live_key: ascii(30) }, fill: { live_key: '0' } },
];

const accountNames = {
  table: 'service_accounts',
  before: ['ux_service_accounts_channel_id_username', ['channel_id', 'username']],
  after: ['ux_service_accounts_channel_id_username_live_key', ['channel_id', 'username', 'live_key']],
} as const;

const tables: readonly TableSpec[] = [
  {
    name: 'traffic_credentials',
    columns: {
      id: id,
      version: int,
      created_at: instant,
      instance_id: id,
      tenant_id: id,
      password_hash: ascii(500),
      credential_version: int,
    },
    unique: { ux_traffic_credentials_instance_id: ['instance_id'] },
  },
  {
    name: 'account_certificates',
    columns: {
      id: id,
      version: int,
      created_at: instant,
      channel_id: id,
      service_account_id: id,
      kind: ascii(16),
      value_hash: ascii(64),
      name: text(2_000),
    },
    unique: { ux_account_certificates_channel_id_value_hash: ['channel_id', 'value_hash'] },
    indexes: { ix_account_certificates_service_account_id: ['service_account_id'] },
  },
  {
    name: 'login_tickets',
    columns: {
      id: id,
      version: int,
      created_at: instant,
      channel_id: id,
      service_account_id: id,
      ticket_hash: ascii(64),
      last_used_at: instant,
      expires_at: instant,
      ended_at: { ...instant, nullable: true },
    },
    unique: { ux_login_tickets_ticket_hash: ['ticket_hash'] },
    indexes: {
      ix_login_tickets_service_account_id: ['service_account_id'],
      ix_login_tickets_expires_at: ['expires_at'],
    },
  },
];

/** What asked-for registrations carry, the names of service accounts that are free again, and what machines prove themselves with. */
export class RegistrationAndTraffic1763700000007 implements MigrationInterface {
  readonly name = 'RegistrationAndTraffic1763700000007';

  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, columns);
    const { table, before, after } = accountNames;
    await addIndex(runner, table, after[0], after[1], true);
    await dropIndex(runner, table, before[0]);
    await createTables(runner, tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    const { table, before, after } = accountNames;
    await dropTables(runner, tables);
    await addIndex(runner, table, before[0], before[1], true);
    await dropIndex(runner, table, after[0]);
    await dropColumns(runner, columns);
  }
}
