import { type Database, UniqueViolation } from '../sql/sql.js';

/** Small facts about the hub itself, by name. */
export interface HubMeta {
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string): Promise<void>;
  /** Stores the value unless there is one; returns what is stored then. The first of several processes wins. */
  setIfAbsent(name: string, value: string): Promise<string>;
}

export function createHubMeta(database: Database): HubMeta {
  async function get(name: string): Promise<string | undefined> {
    const [row] = await database.read.all<{ value: string }>(
      'SELECT value_text AS value FROM hub_meta WHERE name = ?',
      [name],
    );
    return row?.value;
  }

  async function insert(name: string, value: string): Promise<boolean> {
    try {
      await database.execute('INSERT INTO hub_meta (name, value_text) VALUES (?, ?)', [name, value]);
      return true;
    } catch (error) {
      if (error instanceof UniqueViolation) return false;
      throw error;
    }
  }

  return {
    get,
    async set(name, value) {
      if (await insert(name, value)) return;
      await database.execute('UPDATE hub_meta SET value_text = ? WHERE name = ?', [value, name]);
    },
    async setIfAbsent(name, value) {
      return (await insert(name, value)) ? value : ((await get(name)) ?? value);
    },
  };
}
