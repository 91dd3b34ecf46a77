import type { Clock } from '../../core/shared/clock.js';
import type { Ids } from '../../core/shared/ids.js';
import { insertRows } from '../rows/insert-rows.js';
import { selectList } from '../rows/statements.js';
import type { Storage } from '../rows/stored-table.js';
import { padded, placeholders } from '../sql/in-list.js';
import type { Database, Sql } from '../sql/sql.js';
import { type OutboxDeliveryRow, type OutboxEventRow, outboxDeliveries, outboxEvents } from '../tables/outbox.js';
import { publishedEvent } from './event-rows.js';
import type { Subscriber } from './subscriber.js';

const aggregatesAtOnce = 64;
const counterName = 'outbox sequence';

const waitingText =
  'SELECT aggregate_id AS aggregateId FROM outbox_events WHERE sequence IS NULL GROUP BY aggregate_id ORDER BY MIN(id) LIMIT ?';

/** Takes events up: public sequence numbers from one counter, and one delivery per event and subscriber that wants it. */
export function createPublisher(database: Database, storage: Storage, clock: Clock, ids: Ids) {
  const mysql = database.dialect === 'mysql';
  const firstCounter =
    'INSERT INTO counters (name, current_value) VALUES (?, 0) ' +
    (mysql ? 'ON DUPLICATE KEY UPDATE name = name' : 'ON CONFLICT (name) DO NOTHING');
  const counterText = `SELECT current_value AS value FROM counters WHERE name = ?${mysql ? ' FOR UPDATE' : ''}`;
  // a lane that waits for its next try, or is blocked by a parked event, stays as it is
  const openLane =
    'INSERT INTO outbox_lanes (subscriber, aggregate_id, due_at, is_blocked, lease_owner, leased_until) ' +
    "VALUES (?, ?, ?, 0, '', '') " +
    (mysql
      ? 'ON DUPLICATE KEY UPDATE due_at = CASE WHEN is_blocked = 1 THEN NULL ELSE COALESCE(due_at, VALUES(due_at)) END'
      : 'ON CONFLICT (subscriber, aggregate_id) DO UPDATE SET ' +
        'due_at = CASE WHEN is_blocked = 1 THEN NULL ELSE COALESCE(due_at, excluded.due_at) END');
  const { codec } = storage(outboxEvents);

  async function takeUp(sql: Sql, subscribers: readonly Subscriber[]): Promise<number> {
    await sql.run(firstCounter, [counterName]);
    const [counter] = await sql.all<{ value: number }>(counterText, [counterName]);
    const waiting = await sql.all<{ aggregateId: string }>(waitingText, [String(aggregatesAtOnce)]);
    if (waiting.length === 0) return 0;
    const rows = await sql.all(
      `SELECT ${selectList(outboxEvents)} FROM outbox_events t WHERE t.sequence IS NULL ` +
        `AND t.aggregate_id IN (${placeholders(waiting.length)})`,
      padded(waiting.map((row) => row.aggregateId)),
    );
    const events = inOrder(rows.map((row) => codec.decode(row)));
    let sequence = counter!.value;
    const deliveries: OutboxDeliveryRow[] = [];
    for (const event of events) {
      sequence += 1;
      await sql.run('UPDATE outbox_events SET sequence = ? WHERE id = ?', [sequence, event.id]);
      deliveries.push(...deliveriesOf(event, sequence, subscribers));
    }
    await sql.run('UPDATE counters SET current_value = ? WHERE name = ?', [sequence, counterName]);
    await insertRows(sql, storage(outboxDeliveries), deliveries);
    for (const [subscriber, aggregateId] of lanesOf(deliveries)) {
      await sql.run(openLane, [subscriber, aggregateId, clock.now()]);
    }
    return events.length;
  }

  function deliveriesOf(
    event: OutboxEventRow,
    sequence: number,
    subscribers: readonly Subscriber[],
  ): OutboxDeliveryRow[] {
    const published = publishedEvent(event, sequence);
    return subscribers
      .filter((subscriber) => subscriber.wants(published))
      .map((subscriber) => ({
        id: ids.next('delivery'),
        subscriber: subscriber.name,
        eventId: event.id,
        eventType: event.type,
        aggregateId: event.aggregateId,
        tenantId: event.tenantId,
        sequence,
        attempts: 0,
        nextAttemptAt: clock.now(),
        deliveredAt: null,
        parkedAt: null,
        lastError: '',
      }));
  }

  return {
    /** One batch; 0 when nothing waits. Relays that do it at once take turns at the counter. */
    publish(subscribers: readonly Subscriber[]): Promise<number> {
      return database.transaction((sql) => takeUp(sql, subscribers));
    },
    /** Cheap look whether there is anything to take up, without a lock. */
    async waits(): Promise<boolean> {
      return (await database.read.all('SELECT 1 AS one FROM outbox_events WHERE sequence IS NULL LIMIT 1')).length > 0;
    },
  };
}

/** By id, except that an aggregate's events keep the order of its versions whatever the clocks of their writers said. */
function inOrder(events: readonly OutboxEventRow[]): OutboxEventRow[] {
  const queues = new Map<string, OutboxEventRow[]>();
  for (const event of [...events].sort((a, b) => a.aggregateVersion - b.aggregateVersion)) {
    const queue = queues.get(event.aggregateId);
    if (queue) queue.push(event);
    else queues.set(event.aggregateId, [event]);
  }
  return [...events].sort((a, b) => (a.id < b.id ? -1 : 1)).map((event) => queues.get(event.aggregateId)!.shift()!);
}

function lanesOf(deliveries: readonly OutboxDeliveryRow[]): [string, string][] {
  const lanes = new Map(
    deliveries.map(({ subscriber, aggregateId }) => [`${subscriber} ${aggregateId}`, [subscriber, aggregateId]]),
  );
  // always in the same order, so that two transactions never wait for each other
  return [...lanes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, lane]) => lane as [string, string]);
}
