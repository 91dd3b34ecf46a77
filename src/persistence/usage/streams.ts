import type { Dialect, SqlValue } from '../sql/sql.js';
import type { UsageStreamRow } from '../tables/usage.js';

/** A stream as one unit or question works with it. */
export type Stream = { -readonly [K in keyof UsageStreamRow]: UsageStreamRow[K] };

/** Where the records of a stream are read: table, index and condition, to which those on `t.id` are added. */
export interface Source {
  readonly from: string;
  readonly where: string;
  readonly params: readonly SqlValue[];
}

/** Both go by id within a stream and cover what lists are filtered by. */
const indexes = {
  channel: 'ix_usage_records_channel_stream_and_5_more',
  provider: 'ix_usage_records_provider_stream_and_4_more',
} as const;

/** Planners guess by statistics that lag behind; the way through the index is the only one whose cost is known. */
function through(dialect: Dialect, index: string): string {
  return `FROM usage_records t ${dialect === 'mysql' ? `FORCE INDEX (${index})` : `INDEXED BY ${index}`}`;
}

export function sourceOf(stream: Stream, dialect: Dialect): Source {
  const { kind, number, parent, tenantId } = stream;
  if (kind === 'channel') {
    return { from: through(dialect, indexes.channel), where: 't.channel_stream = ?', params: [number] };
  }
  const from = through(dialect, indexes.provider);
  return kind === 'provider'
    ? { from, where: 't.provider_stream = ?', params: [number] }
    : { from, where: 't.provider_stream = ? AND t.tenant_id = ?', params: [parent, tenantId] };
}
