import { type Clock, hour, second, shift } from '../../core/shared/clock.js';
import type { PublishedEvent } from '../../core/shared/events.js';
import { selectList } from '../rows/statements.js';
import type { Storage } from '../rows/stored-table.js';
import type { Database, Sql } from '../sql/sql.js';
import { outboxEvents } from '../tables/outbox.js';
import { publishedEvent } from './event-rows.js';

const eventsAtOnce = 20;

export interface Lane {
  readonly subscriber: string;
  readonly aggregateId: string;
}

export interface PendingDelivery {
  readonly deliveryId: string;
  readonly attempts: number;
  readonly event: PublishedEvent;
}

const dueText =
  'SELECT subscriber AS subscriber, aggregate_id AS aggregateId FROM outbox_lanes ' +
  'WHERE subscriber = ? AND due_at <= ? AND leased_until <= ? ORDER BY due_at LIMIT ?';
const pendingText =
  `SELECT d.id AS deliveryId, d.attempts AS attempts, d.sequence AS publicSequence, ${selectList(outboxEvents)} ` +
  'FROM outbox_deliveries d JOIN outbox_events t ON t.id = d.event_id ' +
  'WHERE d.subscriber = ? AND d.aggregate_id = ? AND d.delivered_at IS NULL ORDER BY d.sequence LIMIT ?';
const heldBy = 'subscriber = ? AND aggregate_id = ? AND lease_owner = ?';

export interface LaneRules {
  readonly maxAttempts: number;
  /** Longer than any delivery may take, in milliseconds; a relay that died frees its aggregates after it. */
  readonly lease: number;
}

/** Aggregates leased per subscriber, and what became of their deliveries. */
export function createLanes(
  database: Database,
  storage: Storage,
  clock: Clock,
  owner: string,
  { maxAttempts, lease }: LaneRules,
) {
  const { codec } = storage(outboxEvents);
  const mysql = database.dialect === 'mysql';

  async function close(sql: Sql, lane: Lane, dueAt: string | null, blocked: boolean): Promise<void> {
    await sql.run(
      `UPDATE outbox_lanes SET due_at = ?, is_blocked = ?, lease_owner = '', leased_until = '' WHERE ${heldBy}`,
      [dueAt, blocked ? 1 : 0, lane.subscriber, lane.aggregateId, owner],
    );
  }

  async function lock(sql: Sql, { subscriber, aggregateId }: Lane): Promise<boolean> {
    const text = `SELECT lease_owner FROM outbox_lanes WHERE ${heldBy}${mysql ? ' FOR UPDATE' : ''}`;
    return (await sql.all(text, [subscriber, aggregateId, owner])).length > 0;
  }

  return {
    async claim(subscriber: string, limit: number): Promise<Lane[]> {
      const now = clock.now();
      const params = [subscriber, now, now, String(limit)];
      if ((await database.read.all(dueText, params)).length === 0) return [];
      return database.transaction(async (sql) => {
        const lanes = await sql.all<Lane>(mysql ? `${dueText} FOR UPDATE SKIP LOCKED` : dueText, params);
        for (const lane of lanes) {
          await sql.run(
            'UPDATE outbox_lanes SET lease_owner = ?, leased_until = ? WHERE subscriber = ? AND aggregate_id = ?',
            [owner, shift(now, lease), lane.subscriber, lane.aggregateId],
          );
        }
        return lanes;
      });
    },

    /** Begins the lease anew. False when another relay has taken the aggregate over. */
    async renew({ subscriber, aggregateId }: Lane): Promise<boolean> {
      const until = shift(clock.now(), lease);
      const params = [until, subscriber, aggregateId, owner];
      return (await database.execute(`UPDATE outbox_lanes SET leased_until = ? WHERE ${heldBy}`, params)) > 0;
    },

    async pending({ subscriber, aggregateId }: Lane): Promise<PendingDelivery[]> {
      const rows = await database.read.all(pendingText, [subscriber, aggregateId, String(eventsAtOnce)]);
      return rows.map((row) => {
        const { deliveryId, attempts, publicSequence, ...event } = row;
        return {
          deliveryId: deliveryId as string,
          attempts: attempts as number,
          event: publishedEvent(codec.decode(event), publicSequence as number),
        };
      });
    },

    async delivered({ deliveryId, attempts }: PendingDelivery): Promise<void> {
      await database.execute(
        "UPDATE outbox_deliveries SET attempts = ?, delivered_at = ?, next_attempt_at = NULL, last_error = '' WHERE id = ?",
        [attempts + 1, clock.now(), deliveryId],
      );
    },

    /** Counts the failure; the last allowed one parks the event, which blocks its aggregate for this subscriber only. */
    async failed(lane: Lane, { deliveryId, attempts }: PendingDelivery, error: string): Promise<void> {
      const tried = attempts + 1;
      const now = clock.now();
      const parked = tried >= maxAttempts;
      const next = parked ? null : shift(now, backoffMs(tried));
      await database.transaction(async (sql) => {
        await close(sql, lane, next, parked);
        await sql.run(
          'UPDATE outbox_deliveries SET attempts = ?, next_attempt_at = ?, parked_at = ?, last_error = ? WHERE id = ?',
          [tried, next, parked ? now : null, [...error].slice(0, 500).join(''), deliveryId],
        );
      });
    },

    /** Gives the lease back; due at once when more came in meanwhile. */
    release(lane: Lane): Promise<void> {
      return database.transaction(async (sql) => {
        if (!(await lock(sql, lane))) return;
        const more = await sql.all(
          'SELECT 1 AS one FROM outbox_deliveries WHERE subscriber = ? AND aggregate_id = ? AND delivered_at IS NULL LIMIT 1',
          [lane.subscriber, lane.aggregateId],
        );
        await close(sql, lane, more.length > 0 ? clock.now() : null, false);
      });
    },

    /** Lets a parked delivery be tried again, from its first attempt. False when there is no such parked one. */
    unpark(deliveryId: string): Promise<boolean> {
      return database.transaction(async (sql) => {
        const now = clock.now();
        const [row] = await sql.all<Lane>(
          'SELECT subscriber AS subscriber, aggregate_id AS aggregateId FROM outbox_deliveries WHERE id = ? AND parked_at IS NOT NULL',
          [deliveryId],
        );
        if (row === undefined) return false;
        await sql.run('UPDATE outbox_lanes SET due_at = ?, is_blocked = 0 WHERE subscriber = ? AND aggregate_id = ?', [
          now,
          row.subscriber,
          row.aggregateId,
        ]);
        await sql.run('UPDATE outbox_deliveries SET attempts = 0, next_attempt_at = ?, parked_at = NULL WHERE id = ?', [
          now,
          deliveryId,
        ]);
        return true;
      });
    },
  };
}

export type Lanes = ReturnType<typeof createLanes>;

/** 1 s, 2 s, 4 s … at most an hour. */
export function backoffMs(attempts: number): number {
  return Math.min(hour, second * 2 ** Math.min(attempts - 1, 12));
}
