import type { Row } from '../../../src/persistence/sql/sql.js';
import type { TestDatabase } from '../../support/databases.js';

/** Everything that was made between two ids, as it is now, with ids told by the order in which they were made. */
export interface Picture {
  readonly rows: Readonly<Record<string, readonly Row[]>>;
  /** Per object, in their order. */
  readonly events: readonly string[];
  readonly journal: readonly string[];
  readonly revocations: readonly string[];
}

const tables = [
  'tenants',
  'applications',
  'instances',
  'approvals',
  'licenses',
  'license_pools',
  'subscriptions',
  'service_accounts',
  'account_certificates',
  'external_refs',
  'channel_records',
  'service_level_agreements',
  'users',
  'memberships',
  'login_tokens',
  'sessions',
  'client_sessions',
  'clients',
  'alarms',
];
/** Sealed differently every time, or counted over the whole hub. */
const unlike = new Set(['soap_secret', 'instance_number']);

const idShape = /[a-z]{3}_[0-9a-hjkmnp-tv-z]{26}/g;

export async function pictureOf(
  { raw }: TestDatabase,
  { from, until, mark }: { readonly from: string; readonly until: string; readonly mark: string },
): Promise<Picture> {
  const timeOf = (id: string) => id.slice(4);
  const isMade = (id: string) => timeOf(id) > timeOf(from) && timeOf(id) < timeOf(until);
  const read = (text: string) => raw.read.all<Row>(text);

  const found: Record<string, Row[]> = {};
  for (const table of tables) {
    const rows = (await read(`SELECT * FROM ${table} ORDER BY id`)).filter((row) => isMade(String(row.id)));
    found[table] = rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !unlike.has(name))));
  }
  found.active_spans = (
    await read(
      'SELECT object_id, started_at, ended_at, CASE WHEN open_key = id THEN 1 ELSE 0 END AS ended FROM active_spans',
    )
  ).filter((row) => isMade(String(row.object_id)));
  found.pool_changes = (await read('SELECT pool_id, quantity FROM pool_changes ORDER BY id')).filter((row) =>
    isMade(String(row.pool_id)),
  );
  const events = (
    await read(
      'SELECT aggregate_id, aggregate_version, event_type, tenant_id, payload FROM outbox_events ORDER BY aggregate_id, aggregate_version',
    )
  ).filter((row) => isMade(String(row.aggregate_id)));
  const journal = (
    await read(
      'SELECT e.object_id, e.object_kind, e.tenant_id, p.before_json, p.after_json FROM journal_entries e JOIN journal_payloads p ON p.entry_id = e.id',
    )
  ).filter((row) => isMade(String(row.object_id)));
  const revoked = (await read('SELECT kind, target_id, client_ids FROM revocations')).filter(
    (row) => isMade(String(row.target_id)) || String(row.target_id).startsWith(`${mark}-`),
  );

  const known = new Set<string>();
  for (const row of Object.values(found).flat()) {
    for (const value of Object.values(row)) for (const id of String(value).match(idShape) ?? []) known.add(id);
  }
  const names = new Map(
    [...known]
      .filter(isMade)
      .sort((a, b) => (timeOf(a) < timeOf(b) ? -1 : 1))
      .map((id, index) => [id, `${id.slice(0, 3)}#${index}`]),
  );
  const told = (value: unknown): unknown =>
    typeof value === 'string'
      ? value
          .replaceAll(idShape, (id) => names.get(id) ?? id)
          .replaceAll(mark, 'mark')
          .replaceAll(/("instanceNumber":)"\d+"/g, '$1n')
      : value;
  const plain = (row: Row): Row => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, told(value)]));
  const lines = (rows: readonly Row[]) => rows.map((row) => JSON.stringify(plain(row)));
  return {
    rows: Object.fromEntries(
      Object.entries(found).map(([table, rows]) => [
        table,
        rows.map(plain).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
      ]),
    ),
    events: lines(events).sort(),
    journal: lines(journal).sort(),
    revocations: [...new Set(lines(revoked))].sort(),
  };
}
