import { idAt } from '../../core/shared/id-time.js';
import type { NewUsageRecord, Tenure, UsageLedger, UsageRecord } from '../../core/usage/index.js';
import { selectList } from '../rows/statements.js';
import { padded, placeholders } from '../sql/in-list.js';
import { type UsageRecordRow, usageBlocks, usageRecords, usageStatistics, usageStreams } from '../tables/usage.js';
import type { UnitContext } from '../unit/unit-context.js';
import { type Allotted, allotStreams } from './allot-streams.js';
import { type Addition, countRecords } from './count-records.js';
import { streamTableOf } from './stream-table.js';
import type { Stream } from './streams.js';
import { increase, writeRows } from './write-rows.js';

const atOnce = 256;
const selectRecord = `SELECT ${selectList(usageRecords)} FROM usage_records t WHERE t.provider_stream = ? AND t.transaction_id IN`;
const statisticKey = [
  'provider_stream',
  'application_external_id',
  'tenant_id',
  'application_id',
  'statistic_type',
  'starts_at',
];

export function usageLedgerOf({ sql, ids, storage }: UnitContext): UsageLedger {
  const streams = streamTableOf(sql, storage(usageStreams));
  let channel: Stream | undefined;

  function held(channelId: string): Stream {
    if (channel?.channelId !== channelId) throw new Error('the ledger of the channel is not open');
    return channel;
  }

  async function presentOf(provider: Stream, transactionIds: readonly bigint[]): Promise<UsageRecord[]> {
    const found: UsageRecord[] = [];
    for (const some of slices(transactionIds.map(String))) {
      const marks = placeholders(some.length).replaceAll('?', 'CAST(? AS SIGNED)');
      const rows = await sql.all(`${selectRecord} (${marks})`, [provider.number, ...padded(some)]);
      found.push(...rows.map((row) => storage(usageRecords).codec.decode(row)));
    }
    return found;
  }

  return {
    async open(channelId) {
      channel = await streams.hold(channelId);
    },
    async present(channelId, keys) {
      held(channelId);
      const byProvider = grouped(keys, ({ providerExternalId }) => providerExternalId);
      const found: UsageRecord[] = [];
      for (const stream of await streams.ofProviders(channelId, [...byProvider.keys()])) {
        if (stream.kind !== 'provider') continue;
        const wanted = byProvider.get(stream.providerExternalId) ?? [];
        found.push(
          ...(await presentOf(
            stream,
            wanted.map(({ transactionId }) => transactionId),
          )),
        );
      }
      return found;
    },
    async tenures(channelId, kind, parentIds, externalIds) {
      const table = kind === 'tenant' ? 'tenants' : 'applications';
      const found: Tenure[] = [];
      for (const parents of slices(parentIds)) {
        for (const some of slices(externalIds)) {
          const rows = await sql.all<Tenure & Record<string, unknown>>(
            'SELECT r.parent_id AS parentId, r.external_id AS externalId, r.target_id AS targetId, r.created_at AS since ' +
              `FROM external_refs r JOIN ${table} o ON o.id = r.target_id WHERE o.activated = 1 AND r.channel_id = ? AND r.kind = ? ` +
              `AND r.parent_id IN (${placeholders(parents.length)}) AND r.external_id IN (${placeholders(some.length)})`,
            [channelId, kind, ...padded(parents), ...padded(some)],
          );
          found.push(...rows);
        }
      }
      return found;
    },
    async add(channelId, records, statistics) {
      const own = held(channelId);
      const allotted = await allotStreams(sql, streams, channelId, records);
      const rows = rowsOf(records, allotted, own, () => ids.next('usageRecord'));
      await writeRows(
        sql,
        storage(usageRecords),
        rows.map(({ row }) => row),
      );
      const additions = additionsOf(rows, own);
      await countRecords(sql, storage(usageBlocks), additions);
      await streams.save(additions.map(({ stream }) => stream));
      const numbers = new Map(allotted.map(({ provider }) => [provider.providerExternalId, provider.number]));
      const counts = statistics.map((count) => ({
        ...count,
        id: idAt(ids.next('usageStatistic'), count.startsAt),
        providerStream: numbers.get(count.providerExternalId)!,
      }));
      await writeRows(sql, storage(usageStatistics), counts, increase(statisticKey, ['transactions']));
    },
  };
}

interface AllottedRow {
  readonly row: UsageRecordRow;
  readonly streams: Allotted;
}

/** In their order, so that they are written where they belong one beside the other. */
function rowsOf(
  records: readonly NewUsageRecord[],
  allotted: readonly Allotted[],
  channel: Stream,
  nextId: () => string,
): AllottedRow[] {
  return records
    .map((record, place) => {
      const streams = allotted[place]!;
      const id = idAt(nextId(), record.occurredAt);
      return {
        streams,
        row: { ...record, id, channelStream: channel.number, providerStream: streams.provider.number },
      };
    })
    .sort((a, b) => (a.row.id < b.row.id ? -1 : 1));
}

function additionsOf(rows: readonly AllottedRow[], channel: Stream): Addition[] {
  const ids = new Map<Stream, string[]>();
  for (const { row, streams } of rows) {
    for (const stream of [channel, streams.provider, streams.account]) {
      const of = ids.get(stream);
      if (of === undefined) ids.set(stream, [row.id]);
      else of.push(row.id);
    }
  }
  return [...ids].map(([stream, own]) => ({ stream, ids: own }));
}

function grouped<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group === undefined) groups.set(keyOf(value), [value]);
    else group.push(value);
  }
  return groups;
}

function slices<T>(values: readonly T[]): T[][] {
  const out: T[][] = [];
  for (let at = 0; at < values.length; at += atOnce) out.push(values.slice(at, at + atOnce));
  return out;
}
