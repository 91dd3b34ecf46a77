import { insertRows } from '../rows/insert-rows.js';
import { selectList } from '../rows/statements.js';
import type { Storage } from '../rows/stored-table.js';
import { type Database, type Sql, UniqueViolation } from '../sql/sql.js';
import { type SigningKeyRow, signingKeys } from '../tables/infrastructure.js';

export type SigningKey = SigningKeyRow;

/** The OpenID provider's keys, shared by all processes; private parts are encrypted. */
export interface SigningKeys {
  /** Newest first. */
  list(): Promise<SigningKey[]>;
  add(key: SigningKey): Promise<void>;
  /** Stores the key only when there is none at all; returns what is there then. Of several processes one wins. */
  ensure(key: SigningKey): Promise<SigningKey[]>;
  retire(kid: string, at: string): Promise<void>;
  remove(kid: string): Promise<void>;
}

const all = `SELECT ${selectList(signingKeys)} FROM signing_keys t ORDER BY t.active_from DESC, t.kid`;
const guard = "INSERT INTO hub_meta (name, value_text) VALUES ('signing_keys.first', '')";

export function createSigningKeys(database: Database, storage: Storage): SigningKeys {
  const stored = storage(signingKeys);
  const list = async (sql: Sql): Promise<SigningKey[]> => (await sql.all(all)).map((row) => stored.codec.decode(row));
  return {
    list: () => list(database.read),
    add: (key) => database.transaction((sql) => insertRows(sql, stored, [key])),
    async ensure(key) {
      const present = await list(database.read);
      if (present.length > 0) return present;
      try {
        await database.transaction(async (sql) => {
          await sql.run(guard);
          await insertRows(sql, stored, [key]);
        });
      } catch (error) {
        if (!(error instanceof UniqueViolation)) throw error;
      }
      return list(database.read);
    },
    async retire(kid, at) {
      await database.execute('UPDATE signing_keys SET retired_at = ? WHERE kid = ?', [at, kid]);
    },
    async remove(kid) {
      await database.execute('DELETE FROM signing_keys WHERE kid = ?', [kid]);
    },
  };
}
