import type { NewUsageRecord } from '../../core/usage/index.js';
import type { Sql } from '../sql/sql.js';
import type { StreamTable } from './stream-table.js';
import type { Stream } from './streams.js';

/** The streams of one record besides its channel's. */
export interface Allotted {
  readonly provider: Stream;
  readonly account: Stream;
}

/**
 * The streams of each record, made where they are missing. An account alone behind its provider's id is counted with the
 * provider; when a second one comes (the id was given to somebody else), each gets blocks of its own.
 */
export async function allotStreams(
  sql: Sql,
  table: StreamTable,
  channelId: string,
  records: readonly NewUsageRecord[],
): Promise<Allotted[]> {
  const ids = [...new Set(records.map(({ providerExternalId }) => providerExternalId))];
  const known = new Map((await table.ofProviders(channelId, ids)).map((stream) => [keyOf(stream), stream]));

  async function streamOf(wanted: Pick<Stream, 'kind' | 'providerExternalId' | 'tenantId' | 'parent'>) {
    const there = known.get(keyOf(wanted));
    if (there !== undefined) return there;
    const counted = wanted.kind === 'provider';
    const made = await table.create({ ...wanted, channelId, records: 0, height: 0, counted });
    known.set(keyOf(made), made);
    return made;
  }

  const allotted: Allotted[] = [];
  for (const { providerExternalId, tenantId } of records) {
    const provider = await streamOf({ kind: 'provider', providerExternalId, tenantId: '', parent: 0 });
    const account = await streamOf({ kind: 'account', providerExternalId, tenantId, parent: provider.number });
    allotted.push({ provider, account });
  }
  await countApart(sql, table, [...known.values()]);
  return allotted;
}

async function countApart(sql: Sql, table: StreamTable, streams: readonly Stream[]): Promise<void> {
  for (const provider of streams.filter(({ kind }) => kind === 'provider')) {
    const accounts = streams.filter(({ parent }) => parent === provider.number);
    if (accounts.length < 2) continue;
    for (const account of accounts.filter(({ counted }) => !counted)) {
      account.counted = true;
      // one with records was the only one so far: everything of the provider is its own
      account.height = account.records === 0 ? 0 : provider.height;
      await table.save([account]); // it need not be among those the records are for
      if (account.height === 0) continue;
      await sql.run(
        'INSERT INTO usage_blocks (stream, level, low, records) SELECT ?, level, low, records FROM usage_blocks WHERE stream = ?',
        [account.number, provider.number],
      );
    }
  }
}

function keyOf({
  kind,
  providerExternalId,
  tenantId,
}: Pick<Stream, 'kind' | 'providerExternalId' | 'tenantId'>): string {
  return `${kind} ${tenantId} ${providerExternalId}`;
}
