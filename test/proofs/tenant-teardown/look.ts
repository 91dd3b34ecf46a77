import { listsOf, padded, placeholders } from '../../../src/persistence/sql/in-list.js';
import type { Database } from '../../../src/persistence/sql/sql.js';
import type { Tree } from './fill.js';

/** What there is of a tree, counted by nothing the hub itself uses. */
export interface Sight {
  /** Live tenants, people, seats, sessions, sign-ins, tokens, ids and what the pools below the provider still have. */
  readonly alive: Readonly<Record<string, number>>;
  /** What ending leaves behind: written rows, journal entries, events and revocations. */
  readonly traces: Readonly<Record<string, number>>;
  /** Seats of the provider's pool that are given out. */
  readonly drawn: number;
}

export async function lookAt({ read }: Database, { providerId, resellerId }: Tree): Promise<Sight> {
  /** Adds up an expression over the rows whose column has one of the values. */
  async function sum(
    expression: string,
    table: string,
    column: string,
    values: readonly string[],
    where = '1 = 1',
  ): Promise<number> {
    let total = 0;
    for (const list of listsOf(values)) {
      const text = `SELECT ${expression} AS n FROM ${table} WHERE ${column} IN (${placeholders(list.length)}) AND ${where}`;
      total += Number((await read.all<{ n: number | null }>(text, padded(list)))[0]?.n ?? 0);
    }
    return total;
  }
  const rows = (table: string, column: string, values: readonly string[], where?: string) =>
    sum('COUNT(*)', table, column, values, where);
  const versions = (table: string, column: string, values: readonly string[]) =>
    sum('SUM(version)', table, column, values);

  const below = (
    await read.all<{ id: string }>('SELECT descendant_id AS id FROM tenant_paths WHERE ancestor_id = ?', [resellerId])
  ).map(({ id }) => id);
  const members: { id: string; user: string }[] = [];
  for (const id of below) {
    members.push(
      ...(await read.all<{ id: string; user: string }>(
        'SELECT id, user_id AS `user` FROM memberships WHERE tenant_id = ?',
        [id],
      )),
    );
  }
  const people = members.map(({ user }) => user);
  const revoked = await read.all<{ id: string }>('SELECT target_id AS id FROM revocations');
  const known = new Set(people);
  return {
    alive: {
      tenants: await rows('tenants', 'id', below, 'terminated_at IS NULL'),
      memberships: await rows('memberships', 'tenant_id', below, `live_key = '0'`),
      licenses: await rows('licenses', 'tenant_id', below, `live_key = '0'`),
      sessions: await rows('sessions', 'user_id', people, `state <> 'ENDED'`),
      signIns: await rows('client_sessions', 'user_id', people, 'ended_at IS NULL'),
      tokens: await rows('openid_records', 'account_id', people),
      ids: await rows('external_refs', 'target_id', [...below, ...people], `live_key = '0'`),
      spans: await rows('active_spans', 'object_id', [...below, ...members.map(({ id }) => id)], `open_key = '0'`),
      bought: await sum('SUM(quantity)', 'license_pools', 'tenant_id', below),
      used: await sum('SUM(used)', 'license_pools', 'tenant_id', below),
    },
    traces: {
      tenants: await versions('tenants', 'id', below),
      memberships: await versions('memberships', 'tenant_id', below),
      licenses: await versions('licenses', 'tenant_id', below),
      pools: await versions('license_pools', 'tenant_id', below),
      sessions: await versions('sessions', 'user_id', people),
      journal: await rows('journal_entries', 'tenant_id', below),
      events: (await read.all<{ id: string }>('SELECT tenant_id AS id FROM outbox_events')).filter(({ id }) =>
        below.includes(id),
      ).length,
      revocations: revoked.filter(({ id }) => known.has(id)).length,
    },
    drawn: await sum('SUM(used)', 'license_pools', 'tenant_id', [providerId]),
  };
}

export function isGone({ alive, drawn }: Sight): boolean {
  return drawn === 0 && Object.values(alive).every((count) => count === 0);
}
