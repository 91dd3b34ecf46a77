import type { AlarmFilter, AlarmHistory } from '../../core/alarms/index.js';
import type { Actor } from '../../core/shared/actor.js';
import { selectList } from '../rows/statements.js';
import type { Storage } from '../rows/stored-table.js';
import type { Row, Sql, SqlValue } from '../sql/sql.js';
import { alarms } from '../tables/alarms.js';
import { allOf, type Predicate, where } from './predicate.js';
import { alarmScope } from './scopes.js';

/**
 * Positions are counted in the index alone, which has every column the filters ask for; only the rows of the window are read.
 */
export function alarmHistoryOn(sql: Sql, storage: Storage): AlarmHistory {
  const { codec } = storage(alarms);
  const columns = selectList(alarms, alarms.fields, 'r');

  return {
    async count(actor, filter) {
      const rows = rowsOf(actor, filter);
      if (rows === undefined) return 0n;
      const [row] = await sql.all<{ total: number }>(
        `SELECT COUNT(*) AS total FROM alarms t${where(rows)}`,
        rows.params,
      );
      return BigInt(row?.total ?? 0);
    },
    async list(actor, filter, { start, size }) {
      const rows = rowsOf(actor, filter);
      if (rows === undefined) return [];
      const found = await sql.all<Row>(
        `SELECT ${columns} FROM (SELECT t.id AS id, t.occurred_at AS at FROM alarms t${where(rows)} ` +
          'ORDER BY t.occurred_at, t.id LIMIT ? OFFSET ?) w JOIN alarms r ON r.id = w.id ORDER BY w.at, w.id',
        [...rows.params, String(size), start.toString()],
      );
      return found.map((row) => codec.decode(row));
    },
  };
}

function rowsOf(actor: Actor, { typeNumber, severity, from, to }: AlarmFilter): Predicate | undefined {
  const given = (text: string, value: SqlValue | undefined): Predicate =>
    value === undefined ? { text: '', params: [] } : { text, params: [value] };
  return allOf(
    alarmScope(actor),
    given('t.type_number = ?', typeNumber),
    given('t.severity = ?', severity),
    given('t.occurred_at >= ?', from),
    given('t.occurred_at < ?', to),
  );
}
