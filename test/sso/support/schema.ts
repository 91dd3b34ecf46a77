import { afterAll } from '@jest/globals';
import { openDatabase } from '../../../src/persistence/sql/open-database.js';
import { allTables } from '../../../src/persistence/tables/index.js';
import { createMysqlSchema } from '../../support/mysql.js';

export interface LentSchema {
  readonly url: string;
  /** Empties the tables for the next test; with a key of its own every world needs that too. */
  giveBack(): Promise<void>;
}

interface Kept {
  readonly url: string;
  empty(): Promise<void>;
  drop(): Promise<void>;
}

const free: Kept[] = [];
const all: Kept[] = [];

afterAll(async () => {
  for (const schema of all) await schema.drop();
});

/** A MySQL schema of this file, migrated by whoever has it first: migrating takes far longer than any test here. */
export async function lendMysqlSchema(): Promise<LentSchema> {
  const kept = free.pop() ?? (await makeSchema());
  return {
    url: kept.url,
    async giveBack() {
      await kept.empty();
      free.push(kept);
    },
  };
}

async function makeSchema(): Promise<Kept> {
  const { url, drop } = await createMysqlSchema();
  const raw = await openDatabase(url, 1);
  const kept: Kept = {
    url,
    empty: () =>
      raw.transaction(async (sql) => {
        for (const table of allTables) await sql.run(`DELETE FROM ${table.name}`);
      }),
    async drop() {
      await raw.close();
      await drop();
    },
  };
  all.push(kept);
  return kept;
}
