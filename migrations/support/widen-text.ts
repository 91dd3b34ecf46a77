import type { QueryRunner } from 'typeorm';

/**
 * Gives a required text column more room. No table is copied: both databases change what they know of the column. There is no way
 * back, because what is longer by then would be lost; the version before works with a wider column.
 */
export async function widenText(runner: QueryRunner, table: string, column: string, length: number): Promise<void> {
  const mysql = runner.dataSource.options.type !== 'better-sqlite3';
  await runner.query(
    mysql
      ? `ALTER TABLE ${table} MODIFY ${column} varchar(${length}) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL`
      : `ALTER TABLE ${table} ALTER COLUMN ${column} TO ${column} varchar(${length}) NOT NULL`,
  );
}
