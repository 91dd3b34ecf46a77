import { invalid } from '../../core/shared/errors.js';
import { firstIdAt } from '../../core/shared/id-time.js';
import type { Filter } from '../../core/shared/reading.js';
import { largestStatistics, type UsageReader, type UsageStatistic } from '../../core/usage/index.js';
import { filterPredicate } from '../readers/conditions.js';
import type { CompiledList } from '../readers/list-spec.js';
import { allOf, type Predicate, where } from '../readers/predicate.js';
import type { Sql } from '../sql/sql.js';

export function statisticsOn(sql: Sql, list: CompiledList): UsageReader['statistics'] {
  return async (actor, channelId, { from, to, ...rest }) => {
    const given = Object.entries({ ...rest, channelId }).filter(([, value]) => value !== undefined);
    const filter: Filter = Object.fromEntries(given.map(([name, value]) => [name, { eq: value }]));
    const rows = allOf(
      list.scope(actor),
      filterPredicate(list.fields, filter, sql.dialect),
      bound('>=', from),
      bound('<', to),
    );
    if (rows === undefined) return [];
    const text = `SELECT ${list.select} ${list.from}${where(rows)} ORDER BY t.id LIMIT ?`;
    const found = await sql.all(text, [...rows.params, String(largestStatistics + 1)]);
    if (found.length > largestStatistics) {
      throw invalid('statistics', `more than ${largestStatistics} intervals match: ask for less time`);
    }
    return found.map((row) => list.decode(row) as unknown as UsageStatistic).sort(inOrder);
  };
}

/** Ids carry the begin of their interval. */
function bound(operator: string, instant: string | undefined): Predicate {
  if (instant === undefined) return { text: '', params: [] };
  return { text: `t.id ${operator} ?`, params: [firstIdAt('usageStatistic', instant)] };
}

function inOrder(a: UsageStatistic, b: UsageStatistic): number {
  return (
    compare(a.startsAt, b.startsAt) ||
    compare(a.providerExternalId, b.providerExternalId) ||
    compare(a.applicationExternalId, b.applicationExternalId) ||
    a.statisticType - b.statisticType ||
    compare(a.id, b.id)
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
