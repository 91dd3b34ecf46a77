import { type Actor, reachOf } from '../../core/shared/actor.js';
import type { Condition, Filter, Reader } from '../../core/shared/reading.js';
import type { UsageRecord } from '../../core/usage/index.js';
import { filterPredicate } from '../readers/conditions.js';
import { ListReader } from '../readers/list-reader.js';
import type { CompiledList } from '../readers/list-spec.js';
import { allOf, everything, isIn, type Predicate } from '../readers/predicate.js';
import type { Storage } from '../rows/stored-table.js';
import type { Secrets } from '../secrets.js';
import type { Sql } from '../sql/sql.js';
import { usageStreams } from '../tables/usage.js';
import { type IdRange, idRangeOf } from './id-range.js';
import { rankOf } from './places.js';
import { streamFinderOn } from './stream-finder.js';
import { type Stream, sourceOf } from './streams.js';
import type { Snapshot } from './usage-reader.js';

export interface RecordListParts {
  readonly list: CompiledList;
  readonly sql: Sql;
  readonly snapshot: Snapshot;
  readonly storage: Storage;
  readonly secrets: Secrets;
}

/** Streams that are looked through one by one for a count. */
const fewStreams = 32;

/**
 * Records as a list by cursor. What may be seen is turned into streams first where it is few of them, so that pages follow an index
 * and counts come from blocks.
 */
export function recordListOn({ list, sql, snapshot, storage, secrets }: RecordListParts): Reader<UsageRecord> {
  const plain = new ListReader<UsageRecord>(list, sql, secrets);
  const narrowed = (scope: Predicate | undefined) =>
    new ListReader<UsageRecord>({ ...list, scope: () => scope }, sql, secrets);

  /** undefined: too many to name. */
  async function streamsOf(one: Sql, actor: Actor, filter: Filter): Promise<Stream[] | undefined> {
    const finder = streamFinderOn(one, storage(usageStreams));
    const reach = reachOf(actor, 'read');
    const channelId = textOf(filter.channelId);
    const provider = textOf(filter.providerExternalId);
    const isAsked = (stream: Stream | undefined): stream is Stream =>
      stream !== undefined &&
      (channelId === undefined || stream.channelId === channelId) &&
      (provider === undefined || stream.providerExternalId === provider);
    if (reach.everywhere) {
      if (provider !== undefined) return (await finder.providers(provider)).filter(isAsked);
      return channelId === undefined ? finder.channels() : [await finder.channel(channelId)].filter(isAsked);
    }
    if (reach.channelId !== null) {
      const own = reach.channelId;
      return [await (provider === undefined ? finder.channel(own) : finder.provider(own, provider))].filter(isAsked);
    }
    const accounts = (await finder.accounts(reach.tenantIds, channelId)).filter(isAsked);
    return accounts.length > fewStreams ? undefined : accounts;
  }

  async function scopeOf(actor: Actor, filter: Filter): Promise<Predicate | undefined> {
    const scope = list.scope(actor);
    const ids = idRangeOf(filter.occurredAt);
    if (scope === undefined) return undefined;
    if (scope === everything && !isNarrow(filter)) return inRange(ids);
    const streams = await streamsOf(sql, actor, filter);
    if (streams === undefined) return allOf(scope, inRange(ids));
    const [only] = streams;
    if (streams.length !== 1) {
      return allOf(scope, isIn('t.provider_stream', streams.map(providerOf)), inRange(ids));
    }
    const counted = only!.counted ? only : await streamFinderOn(sql, storage(usageStreams)).byNumber(only!.parent);
    const { where, params } = sourceOf(counted!, sql.dialect);
    return allOf({ text: where, params }, inRange(ids));
  }

  return {
    byIds: (actor, ids) => plain.byIds(actor, ids),
    async page(actor, request) {
      return narrowed(await scopeOf(actor, request.filter ?? {})).page(actor, request);
    },
    pagesByParent: (...asked) => plain.pagesByParent(...asked),
    async count(actor, filter = {}) {
      filterPredicate(list.fields, filter, sql.dialect); // refuses what no list offers
      const rest = Object.keys(filter).filter(
        (name) => !['occurredAt', 'channelId', 'providerExternalId'].includes(name),
      );
      const ids = idRangeOf(filter.occurredAt);
      const plainly = rest.length === 0 && isText(filter.channelId) && isText(filter.providerExternalId) && ids.exact;
      if (list.scope(actor) === undefined) return 0;
      if (!plainly) return narrowed(await scopeOf(actor, filter)).count(actor, filter);
      return snapshot(async (one) => {
        const streams = await streamsOf(one, actor, filter);
        if (streams === undefined || streams.length > fewStreams) return plain.count(actor, filter);
        let total = 0;
        for (const stream of streams) total += await countIn(one, stream, ids);
        return total;
      });
    },
    countsByParent: (...asked) => plain.countsByParent(...asked),
  };

  async function countIn(one: Sql, stream: Stream, { from, to }: IdRange): Promise<number> {
    if (from === undefined && to === undefined) return stream.records;
    const through = stream.counted ? stream : await streamFinderOn(one, storage(usageStreams)).byNumber(stream.parent);
    const until = to === undefined ? stream.records : await rankOf(one, through!, to);
    return Math.max(0, until - (from === undefined ? 0 : await rankOf(one, through!, from)));
  }
}

function inRange({ from, to }: IdRange): Predicate {
  return allOf(
    from === undefined ? everything : { text: 't.id >= ?', params: [from] },
    to === undefined ? everything : { text: 't.id < ?', params: [to] },
  )!;
}

function isNarrow({ channelId, providerExternalId }: Filter): boolean {
  return textOf(channelId) !== undefined || textOf(providerExternalId) !== undefined;
}

function providerOf({ kind, number, parent }: Stream): number {
  return kind === 'provider' ? number : parent;
}

/** Absent, or one text to be equal to. */
function isText(condition: Condition | undefined): boolean {
  return condition === undefined || (typeof condition.eq === 'string' && Object.keys(condition).length === 1);
}

function textOf(condition: Condition | undefined): string | undefined {
  return typeof condition?.eq === 'string' ? condition.eq : undefined;
}
