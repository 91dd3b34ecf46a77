import type { RequestRecordView } from '../../core/readers.js';
import { insertRows } from '../rows/insert-rows.js';
import type { Storage } from '../rows/stored-table.js';
import type { Database } from '../sql/sql.js';
import { requestRecords } from '../tables/infrastructure.js';

export interface RequestRecords {
  /** Stores calls, already masked. The caller bounds how many wait. */
  add(records: readonly RequestRecordView[]): Promise<void>;
}

export function createRequestRecords(database: Database, storage: Storage): RequestRecords {
  return {
    async add(records) {
      if (records.length === 0) return;
      await database.transaction((sql) => insertRows(sql, storage(requestRecords), records));
    },
  };
}
