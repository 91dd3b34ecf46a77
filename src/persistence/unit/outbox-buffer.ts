import type { DomainEvent } from '../../core/shared/events.js';
import type { Ids } from '../../core/shared/ids.js';
import { insertRows } from '../rows/insert-rows.js';
import type { Storage } from '../rows/stored-table.js';
import { type Sql, UniqueViolation } from '../sql/sql.js';
import { type OutboxEventRow, outboxEvents } from '../tables/outbox.js';

/** Events one aggregate may emit in one unit: their order is kept in the last two digits of the aggregate version. */
const perUnit = 100;

export interface OutboxBuffer {
  add(event: DomainEvent): void;
  flush(sql: Sql): Promise<number>;
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
    async flush(sql) {
      try {
        await insertRows(sql, storage(outboxEvents), rows);
      } catch (cause) {
        if (!(cause instanceof UniqueViolation)) throw cause;
        throw new Error('an event was emitted for an object that this unit did not save', { cause });
      }
      return rows.length;
    },
  };
}
