import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ascii, id, instant, int, text } from './support/columns.js';
import { createTables, dropTables, type TableSpec } from './support/create-tables.js';

const tables: readonly TableSpec[] = [
  {
    name: 'account_logins',
    columns: {
      id: id,
      service_account_id: id,
      outcome: ascii(20),
      address: ascii(64),
      by_name: text(200),
      first_at: instant,
      last_at: instant,
      times: int,
    },
    indexes: {
      ix_account_logins_service_account_id_outcome_last_at: ['service_account_id', 'outcome', 'last_at'],
      ix_account_logins_service_account_id_last_at: ['service_account_id', 'last_at'],
      ix_account_logins_last_at: ['last_at'],
    },
  },
];

/** The login history of service accounts. */
export class AccountLogins1763700000011 implements MigrationInterface {
  readonly name = 'AccountLogins1763700000011';

  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner, tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, tables);
  }
}
