import type { Readers } from '../../core/readers.js';
import type { UsageStatistic } from '../../core/usage/index.js';
import { ListReader } from '../readers/list-reader.js';
import { compileList } from '../readers/list-spec.js';
import { byTenantOrChannel } from '../readers/scopes.js';
import type { Storage } from '../rows/stored-table.js';
import type { Secrets } from '../secrets.js';
import type { Sql } from '../sql/sql.js';
import { usageRecords, usageStatistics } from '../tables/usage.js';
import { recordListOn } from './record-list.js';
import { type Snapshot, usageReaderOn } from './usage-reader.js';

/** Everything that reads usage. */
export function usageReadersOn(
  sql: Sql,
  snapshot: Snapshot,
  storage: Storage,
  secrets: Secrets,
): Pick<Readers, 'usage' | 'usageRecords' | 'usageStatistics'> {
  const scope = byTenantOrChannel;
  const omit = ['channelStream', 'providerStream'] as const;
  const records = compileList({ list: 'usageRecords', table: usageRecords, scope, omit }, secrets);
  const statistics = compileList(
    { list: 'usageStatistics', table: usageStatistics, scope, omit: ['providerStream'] },
    secrets,
  );
  return {
    usageRecords: recordListOn({ list: records, sql, snapshot, storage, secrets }),
    usageStatistics: new ListReader<UsageStatistic>(statistics, sql, secrets),
    usage: usageReaderOn({ sql, snapshot, storage, records, statistics }),
  };
}
