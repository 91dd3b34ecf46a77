import type { Database } from '../../../src/persistence/sql/sql.js';
import type { Tree } from './fill.js';

/** What there is of a tree, counted by nothing the hub itself uses. */
export interface Sight {
  /** Live tenants, people, seats, sessions, sign-ins, tokens, ids and what the pools below the provider still have. */
  readonly alive: Readonly<Record<string, number>>;
  /** What ending leaves behind: written rows, journal entries and events. */
  readonly traces: Readonly<Record<string, number>>;
  /** Seats of the provider's pool that are given out. */
  readonly drawn: number;
}

export async function lookAt({ read }: Database, { providerId, resellerId }: Tree): Promise<Sight> {
  const below = `(SELECT descendant_id FROM tenant_paths WHERE ancestor_id = '${resellerId}')`;
  const people = `(SELECT user_id FROM memberships WHERE tenant_id IN ${below})`;
  const count = async (text: string) => Number((await read.all<{ n: number | null }>(text))[0]?.n ?? 0);
  const rows = (table: string, where: string) => count(`SELECT COUNT(*) AS n FROM ${table} WHERE ${where}`);
  const versions = (table: string, where: string) => count(`SELECT SUM(version) AS n FROM ${table} WHERE ${where}`);
  return {
    alive: {
      tenants: await rows('tenants', `id IN ${below} AND terminated_at IS NULL`),
      memberships: await rows('memberships', `tenant_id IN ${below} AND live_key = '0'`),
      licenses: await rows('licenses', `tenant_id IN ${below} AND live_key = '0'`),
      sessions: await rows('sessions', `user_id IN ${people} AND state <> 'ENDED'`),
      signIns: await rows('client_sessions', `user_id IN ${people} AND ended_at IS NULL`),
      tokens: await rows('openid_records', `account_id IN ${people}`),
      ids: await rows('external_refs', `(target_id IN ${below} OR target_id IN ${people}) AND live_key = '0'`),
      spans: await rows(
        'active_spans',
        `open_key = '0' AND (object_id IN ${below} OR object_id IN (SELECT id FROM memberships WHERE tenant_id IN ${below}))`,
      ),
      bought: await count(`SELECT SUM(quantity) AS n FROM license_pools WHERE tenant_id IN ${below}`),
      used: await count(`SELECT SUM(used) AS n FROM license_pools WHERE tenant_id IN ${below}`),
    },
    traces: {
      tenants: await versions('tenants', `id IN ${below}`),
      memberships: await versions('memberships', `tenant_id IN ${below}`),
      licenses: await versions('licenses', `tenant_id IN ${below}`),
      pools: await versions('license_pools', `tenant_id IN ${below}`),
      sessions: await versions('sessions', `user_id IN ${people}`),
      journal: await rows('journal_entries', `tenant_id IN ${below}`),
      events: await rows('outbox_events', `tenant_id IN ${below}`),
      revocations: await rows('revocations', `target_id IN ${people}`),
    },
    drawn: await count(`SELECT SUM(used) AS n FROM license_pools WHERE tenant_id = '${providerId}'`),
  };
}

export function isGone({ alive, drawn }: Sight): boolean {
  return drawn === 0 && Object.values(alive).every((count) => count === 0);
}
