import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ascii, bigint, bool, id, instant, int, long, orNull, text } from './support/columns.js';
import { createTables, dropTables, type TableSpec } from './support/create-tables.js';

const tables: readonly TableSpec[] = [
  {
    name: 'journal_entries',
    columns: {
      id: id,
      at: instant,
      actor_kind: ascii(16),
      actor_id: text(200),
      actor_name: text(200),
      channel_id: id,
      command: text(200),
      request_id: text(200),
      address: text(64),
      reason: text(2000),
      tenant_id: id,
      object_kind: ascii(32),
      object_id: id,
      payload_hash: ascii(43),
      sequence: orNull(bigint),
      chain_hash: orNull(ascii(43)),
    },
    unique: {
      ux_journal_entries_sequence: ['sequence'],
    },
    indexes: {
      ix_journal_entries_object_id: ['object_id'],
      ix_journal_entries_tenant_id_sequence: ['tenant_id', 'sequence'],
      ix_journal_entries_request_id: ['request_id'],
      ix_journal_entries_at: ['at'],
    },
  },
  {
    name: 'journal_payloads',
    columns: {
      entry_id: id,
      salt: ascii(24),
      before_json: orNull(long),
      after_json: orNull(long),
      erased_at: orNull(instant),
    },
    primaryKey: ['entry_id'],
  },
  {
    name: 'journal_seals',
    columns: {
      last_sequence: bigint,
      entry_count: int,
      head: ascii(43),
      key_id: ascii(16),
      sealed_at: instant,
      mac: ascii(43),
    },
    primaryKey: ['last_sequence'],
  },
  {
    name: 'journal_heads',
    columns: {
      name: ascii(16),
      sequence: bigint,
      hash: ascii(43),
      key_id: ascii(16),
      mac: ascii(43),
    },
    primaryKey: ['name'],
  },
  {
    name: 'outbox_events',
    columns: {
      id: id,
      at: instant,
      event_type: ascii(100),
      aggregate_kind: ascii(32),
      aggregate_id: id,
      aggregate_version: bigint,
      tenant_id: id,
      payload: long,
      sequence: orNull(bigint),
    },
    unique: {
      ux_outbox_events_aggregate_id_aggregate_version: ['aggregate_id', 'aggregate_version'],
      ux_outbox_events_sequence: ['sequence'],
    },
    indexes: {
      ix_outbox_events_at: ['at'],
    },
  },
  {
    name: 'outbox_deliveries',
    columns: {
      id: id,
      subscriber: ascii(100),
      event_id: id,
      event_type: ascii(100),
      aggregate_id: id,
      tenant_id: id,
      sequence: bigint,
      attempts: int,
      next_attempt_at: orNull(instant),
      delivered_at: orNull(instant),
      parked_at: orNull(instant),
      last_error: text(1000),
    },
    unique: {
      ux_outbox_deliveries_subscriber_event_id: ['subscriber', 'event_id'],
    },
    indexes: {
      ix_outbox_deliveries_subscriber_aggregate_id_sequence: ['subscriber', 'aggregate_id', 'sequence'],
      ix_outbox_deliveries_event_id: ['event_id'],
      ix_outbox_deliveries_delivered_at: ['delivered_at'],
    },
  },
  {
    name: 'outbox_lanes',
    columns: {
      subscriber: ascii(100),
      aggregate_id: id,
      due_at: orNull(instant),
      is_blocked: bool,
      lease_owner: ascii(64),
      leased_until: instant,
    },
    primaryKey: ['subscriber', 'aggregate_id'],
    indexes: {
      ix_outbox_lanes_subscriber_due_at: ['subscriber', 'due_at'],
    },
  },
  {
    name: 'counters',
    columns: {
      name: ascii(32),
      current_value: bigint,
    },
    primaryKey: ['name'],
  },
  {
    name: 'inbox',
    columns: {
      id: id,
      scope: text(100),
      idempotency_key: text(255),
      content_mac: ascii(43),
      answer: long,
      created_at: instant,
      expires_at: instant,
    },
    unique: {
      ux_inbox_scope_idempotency_key: ['scope', 'idempotency_key'],
    },
    indexes: {
      ix_inbox_expires_at: ['expires_at'],
    },
  },
  {
    name: 'throttles',
    columns: {
      key_hash: ascii(43),
      failures: int,
      window_ends_at: instant,
      blocked_until: orNull(instant),
      expires_at: instant,
    },
    primaryKey: ['key_hash'],
    indexes: {
      ix_throttles_expires_at: ['expires_at'],
    },
  },
  {
    name: 'seen_hashes',
    columns: {
      kind: ascii(32),
      hash: ascii(64),
      expires_at: instant,
    },
    primaryKey: ['kind', 'hash'],
    indexes: {
      ix_seen_hashes_expires_at: ['expires_at'],
    },
  },
  {
    name: 'request_records',
    columns: {
      id: id,
      at: instant,
      direction: ascii(8),
      protocol: ascii(32),
      channel_id: id,
      operation: text(200),
      request_id: text(200),
      status: int,
      duration_ms: int,
      request_text: long,
      response_text: long,
    },
    indexes: {
      ix_request_records_at: ['at'],
      ix_request_records_channel_id_at: ['channel_id', 'at'],
      ix_request_records_request_id: ['request_id'],
    },
  },
  {
    name: 'hub_meta',
    columns: {
      name: ascii(64),
      value_text: long,
    },
    primaryKey: ['name'],
  },
];

/** The sealed journal, outbox and inbox, throttles, replay state, request records. */
export class JournalOutboxInfrastructure1763700000005 implements MigrationInterface {
  readonly name = 'JournalOutboxInfrastructure1763700000005';

  up(runner: QueryRunner): Promise<void> {
    return createTables(runner, tables);
  }

  down(runner: QueryRunner): Promise<void> {
    return dropTables(runner, tables);
  }
}
