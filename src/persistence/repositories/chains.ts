import type { Chain, ChainQuestion, Chains } from '../../core/access/index.js';
import type { Role } from '../../core/shared/actor.js';
import type { Lifecycle } from '../../core/shared/lifecycle.js';
import { holdsIn, lifecycleColumns, lifecycleIn, lineagesOf } from '../rows/lifecycle-rows.js';
import type { Sql } from '../sql/sql.js';

/**
 * Memberships of the person, each with the instances it may be about, and per instance the subscriptions and licenses: one
 * statement, whose few repeated rows are told apart by id below.
 */
function factsText(applications: string, instances: string): string {
  return (
    `SELECT a.id AS a_id, ${lifecycleColumns('a')}, o.id AS o_id, ${lifecycleColumns('o')}, i.id AS i_id, ${lifecycleColumns('i')}, ` +
    's.id AS s_id, s.status AS s_status, s.instance_id AS s_instance_id, ' +
    'u.holds AS u_holds, u.terminated_at AS u_terminated_at, ' +
    'm.id AS m_id, m.tenant_id AS m_tenant_id, m.instance_id AS m_instance_id, m.holds AS m_holds, m.roles AS m_roles, ' +
    'm.terminated_at AS m_terminated_at, lt.code AS lt_code, lt.position AS lt_position, l.instance_id AS l_instance_id ' +
    'FROM memberships m JOIN users u ON u.id = m.user_id ' +
    `JOIN applications a ON ${applications} ` +
    "LEFT JOIN tenants o ON a.owner_tenant_id <> '' AND o.id = a.owner_tenant_id " +
    'LEFT JOIN instances i ON i.tenant_id = m.tenant_id AND i.application_id = a.id ' +
    `AND (m.instance_id = '' OR m.instance_id = i.id)${instances} ` +
    'LEFT JOIN subscriptions s ON s.tenant_id = m.tenant_id AND s.application_id = a.id ' +
    "AND (s.instance_id = i.id OR s.instance_id = '') " +
    "LEFT JOIN licenses l ON l.user_id = m.user_id AND l.application_id = a.id AND l.live_key = '0' " +
    "AND (l.instance_id = i.id OR (l.instance_id = '' AND l.tenant_id = m.tenant_id)) " +
    'LEFT JOIN license_types lt ON lt.id = l.license_type_id ' +
    'WHERE m.user_id = ? ORDER BY m.id, i.id, s.id, lt.position'
  );
}

const oneApplication = factsText('a.id = ?', '');
const oneInstance = factsText('a.id = ?', ' AND i.id = ?');
const everyApplication = factsText(
  "a.id IN (SELECT h.application_id FROM licenses h WHERE h.user_id = ? AND h.live_key = '0')",
  '',
);

interface Facts {
  readonly a_id: string;
  readonly o_id: string | null;
  readonly i_id: string | null;
  readonly i_terminated_at: string | null;
  readonly s_id: string | null;
  readonly s_status: 'ACTIVE' | 'SUSPENDED' | 'ENDED';
  readonly s_instance_id: string;
  readonly u_holds: string;
  readonly u_terminated_at: string | null;
  readonly m_id: string;
  readonly m_tenant_id: string;
  readonly m_instance_id: string;
  readonly m_holds: string;
  readonly m_roles: string;
  readonly m_terminated_at: string | null;
  readonly lt_code: string | null;
  readonly l_instance_id: string | null;
}

/** Loads chains in two statements, from a unit's own connection or a reader's. */
export function chainsOn(sql: Sql): Chains & { ofUser(userId: string): Promise<Chain[]> } {
  async function chains(text: string, params: readonly string[], instanceId: string): Promise<Chain[]> {
    const facts = await sql.all<Facts>(text, params);
    const wanted = instanceId === '' ? facts : facts.filter((row) => row.i_id === instanceId);
    const places = placesIn(wanted, instanceId === '');
    if (places.length === 0) return [];
    const lineages = await lineagesOf(sql, [...new Set(places.map((rows) => rows[0]!.m_tenant_id))]);
    return places.map((rows) => chainOf(rows, lineages.get(rows[0]!.m_tenant_id) ?? []));
  }

  return {
    load: ({ userId, applicationId, instanceId }: ChainQuestion) =>
      instanceId === ''
        ? chains(oneApplication, [applicationId, userId], '')
        : chains(oneInstance, [applicationId, instanceId, userId], instanceId),
    ofUser: (userId) => chains(everyApplication, [userId, userId], ''),
  };
}

/**
 * Rows by application, tenant and instance. Asked for the application as such, ended instances are left out, and so is "no
 * instance" where the tenant has one: a stopped instance must not be walked around.
 */
function placesIn(facts: readonly Facts[], asSuch: boolean): Facts[][] {
  const places = new Map<string, Facts[]>();
  for (const row of facts) {
    const instance = asSuch && row.i_terminated_at !== null ? null : row.i_id;
    const key = `${row.a_id} ${row.m_tenant_id} ${instance ?? ''}`;
    const rows = places.get(key);
    const kept = instance === row.i_id ? row : { ...row, i_id: null };
    if (rows) rows.push(kept);
    else places.set(key, [kept]);
  }
  const all = [...places.values()].map((rows) => rows.filter((row) => row.i_id !== null || row.m_instance_id === ''));
  const filled = all.filter((rows) => rows.length > 0);
  const hasInstance = new Set(
    filled.filter(([row]) => row!.i_id !== null).map(([row]) => `${row!.a_id} ${row!.m_tenant_id}`),
  );
  return filled.filter(([row]) => row!.i_id !== null || !hasInstance.has(`${row!.a_id} ${row!.m_tenant_id}`));
}

function chainOf(rows: readonly Facts[], lineage: readonly Lifecycle[]): Chain {
  const membership = decidingMembership(rows);
  const first = rows[0]!;
  const licensed = rows.filter((row) => row.lt_code !== null && (row.i_id !== null || row.l_instance_id === ''));
  return {
    ownerTenant: first.o_id === null ? null : lifecycleIn(first, 'o'),
    application: lifecycleIn(first, 'a'),
    applicationId: first.a_id,
    tenantId: first.m_tenant_id,
    lineage,
    instance: first.i_id === null ? null : { id: first.i_id, ...lifecycleIn(first, 'i') },
    subscription: subscriptionIn(rows),
    user: { holds: holdsIn(first.u_holds), terminatedAt: first.u_terminated_at },
    membership: {
      id: membership.m_id,
      holds: holdsIn(membership.m_holds),
      terminatedAt: membership.m_terminated_at,
      roles: JSON.parse(membership.m_roles) as Role[],
    },
    licenseTypes: [...new Set(licensed.map((row) => row.lt_code!))],
  };
}

/** Of the rows not deleted the one for the instance, else the one for the tenant; only when none is left a deleted one. */
function decidingMembership(rows: readonly Facts[]): Facts {
  const rank = (row: Facts): number => (row.m_terminated_at === null ? 0 : 2) + (row.m_instance_id === '' ? 1 : 0);
  return rows.reduce((best, row) => {
    const difference = rank(row) - rank(best);
    return difference < 0 || (difference === 0 && row.m_id > best.m_id) ? row : best;
  });
}

/** The instance's own, else the application's; of several the newest that has not ended. */
function subscriptionIn(rows: readonly Facts[]): Chain['subscription'] {
  const found = rows.filter((row) => row.s_id !== null);
  if (found.length === 0) return null;
  const rank = (row: Facts): number => (row.s_status === 'ENDED' ? 2 : 0) + (row.s_instance_id === '' ? 1 : 0);
  const best = found.reduce((a, b) => {
    const difference = rank(b) - rank(a);
    return difference < 0 || (difference === 0 && b.s_id! > a.s_id!) ? b : a;
  });
  return { status: best.s_status };
}
