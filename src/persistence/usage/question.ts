import { type Actor, reachOf } from '../../core/shared/actor.js';
import { firstIdAt } from '../../core/shared/id-time.js';
import type { UsageFilter } from '../../core/usage/index.js';
import { filterPredicate, type ListField } from '../readers/conditions.js';
import { allOf, anyOf, isIn, type Predicate } from '../readers/predicate.js';
import type { Sql } from '../sql/sql.js';
import type { StreamFinder } from './stream-finder.js';
import { type Stream, sourceOf } from './streams.js';

/** What a list of records comes down to: one stream, the ids between two bounds, and what else must hold. */
export interface Question {
  readonly stream: Stream;
  /** The first id that may be in it; '' without a bound. */
  readonly from: string;
  /** The first id behind it. */
  readonly to: string | undefined;
  /** undefined: every record of the stream between the bounds. */
  readonly filter: Predicate | undefined;
}

/** What the actor may see of the channel under the filter; undefined when that is nothing. Throws `invalid_value`. */
export async function questionOf(
  sql: Sql,
  finder: StreamFinder,
  fields: ReadonlyMap<string, ListField>,
  actor: Actor,
  channelId: string,
  filter: UsageFilter,
): Promise<Question | undefined> {
  const { serviceName, completionStatus, applicationExternalId, providerExternalId, from, to } = filter;
  const scope = await scopeOf(finder, actor, channelId, providerExternalId);
  if (scope === undefined) return undefined;
  const given = Object.entries({ serviceName, completionStatus, applicationExternalId });
  const conditions = filterPredicate(
    fields,
    Object.fromEntries(given.flatMap(([name, value]) => (value === undefined ? [] : [[name, { eq: value }]]))),
    sql.dialect,
  );
  const all = allOf(scope.filter, conditions)!;
  return {
    stream: scope.stream,
    from: from === undefined ? '' : firstIdAt('usageRecord', from),
    to: to === undefined ? undefined : firstIdAt('usageRecord', to),
    filter: all.text === '' ? undefined : all,
  };
}

interface Scope {
  readonly stream: Stream;
  readonly filter: Predicate;
}

const everything: Predicate = { text: '', params: [] };

async function scopeOf(
  finder: StreamFinder,
  actor: Actor,
  channelId: string,
  provider: string | undefined,
): Promise<Scope | undefined> {
  const reach = reachOf(actor, 'read');
  if (reach.everywhere || reach.channelId === channelId) {
    const stream =
      provider === undefined ? await finder.channel(channelId) : await finder.provider(channelId, provider);
    return stream && { stream, filter: everything };
  }
  const accounts = (await finder.accounts(reach.tenantIds, channelId)).filter(
    ({ providerExternalId }) => provider === undefined || providerExternalId === provider,
  );
  if (accounts.length === 1) {
    const [account] = accounts;
    const stream = account!.counted ? account : await finder.byNumber(account!.parent);
    return stream && { stream, filter: everything };
  }
  const channel = await finder.channel(channelId);
  const several = anyOf(...accounts.map((account) => accountRows(account)));
  return channel && several && { stream: channel, filter: several };
}

function accountRows({ parent, tenantId, counted }: Stream): Predicate {
  const provider = isIn('t.provider_stream', [parent])!;
  return counted ? allOf(provider, { text: 't.tenant_id = ?', params: [tenantId] })! : provider;
}

/** The rows of a question, without what makes a page of them. */
export function rowsOf({ stream, to, filter }: Question, sql: Sql) {
  const { from, where, params } = sourceOf(stream, sql.dialect);
  const until = to === undefined ? '' : ' AND t.id < ?';
  const more = filter === undefined ? '' : ` AND ${filter.text}`;
  return {
    text: `${from} WHERE ${where} AND t.id >= ?${until}${more}`,
    paramsFrom: (low: string) => [...params, low, ...(to === undefined ? [] : [to]), ...(filter?.params ?? [])],
  };
}
