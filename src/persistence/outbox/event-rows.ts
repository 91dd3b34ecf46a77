import type { PublishedEvent } from '../../core/shared/events.js';
import type { ObjectKind } from '../../core/shared/ids.js';
import type { OutboxEventRow } from '../tables/outbox.js';

export function publishedEvent(row: OutboxEventRow, sequence: number): PublishedEvent {
  return {
    id: row.id,
    sequence,
    at: row.at,
    type: row.type,
    aggregate: {
      kind: row.aggregateKind as ObjectKind,
      id: row.aggregateId,
      version: Math.floor(row.aggregateVersion / 100),
    },
    tenantId: row.tenantId,
    payload: row.payload as Readonly<Record<string, unknown>>,
  };
}
