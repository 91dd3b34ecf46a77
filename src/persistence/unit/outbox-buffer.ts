import type { DomainEvent } from '../../core/shared/events.js';
import type { Ids } from '../../core/shared/ids.js';
import { insertRows } from '../rows/insert-rows.js';
import type { Storage } from '../rows/stored-table.js';
import type { Sql } from '../sql/sql.js';
import { type OutboxEventRow, outboxEvents } from '../tables/outbox.js';

/** Events one aggregate may emit in one unit: their order is kept in the last two digits of the aggregate version. */
const perUnit = 100;

export interface OutboxBuffer {
  add(event: DomainEvent): void;
  /** `written`: the objects this unit saved. Throws for an event of any other: its version would not be a new one. */
  flush(sql: Sql, written: ReadonlySet<string>): Promise<number>;
}

export function createOutboxBuffer(now: string, ids: Ids, storage: Storage): OutboxBuffer {
  const rows: OutboxEventRow[] = [];
  const emitted = new Map<string, number>();
  return {
    add(event) {
      const { kind, id, version } = event.aggregate;
      const place = emitted.get(id) ?? 0;
      if (place === perUnit) throw new Error(`more than ${perUnit} events of one ${kind} in one unit`);
      emitted.set(id, place + 1);
      rows.push({
        id: ids.next('event'),
        at: now,
        type: event.type,
        aggregateKind: kind,
        aggregateId: id,
        aggregateVersion: version * perUnit + place,
        tenantId: event.tenantId,
        payload: event.payload,
        sequence: null,
      });
    },
    async flush(sql, written) {
      const stray = rows.find((row) => !written.has(row.aggregateId));
      if (stray) throw new Error(`${stray.type} was emitted for a ${stray.aggregateKind} that this unit did not save`);
      await insertRows(sql, storage(outboxEvents), rows);
      return rows.length;
    },
  };
}
