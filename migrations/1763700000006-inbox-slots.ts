import type { MigrationInterface, QueryRunner } from 'typeorm';
import { int } from './support/columns.js';
import { createTables, dropTables, type TableSpec } from './support/create-tables.js';

const tables: readonly TableSpec[] = [{ name: 'inbox_slots', columns: { slot: int }, primaryKey: ['slot'] }];
const slots = 1_024;

/** Rows that commands with the same idempotency key take turns at: rows that are always there, unlike the key's own. */
export class InboxSlots1763700000006 implements MigrationInterface {
  readonly name = 'InboxSlots1763700000006';

  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner, tables);
    await runner.query('DELETE FROM inbox_slots');
    const values = Array.from({ length: slots }, (_, slot) => `(${slot})`).join(', ');
    await runner.query(`INSERT INTO inbox_slots (slot) VALUES ${values}`);
  }

  down(runner: QueryRunner): Promise<void> {
    return dropTables(runner, tables);
  }
}
