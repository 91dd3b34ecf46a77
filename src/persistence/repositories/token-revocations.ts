import type { RevocationTarget, TokenRevocations } from '../../core/identity/index.js';
import { insertRows } from '../rows/insert-rows.js';
import { breathe } from '../sql/breathe.js';
import { listsOf, padded, placeholders } from '../sql/in-list.js';
import type { Row, Sql } from '../sql/sql.js';
import { revocations } from '../tables/infrastructure.js';
import type { UnitContext } from '../unit/unit-context.js';

/** Ends what was issued: rows of `openid_records` go, and a row of `revocations` tells every process. */
export function tokenRevocationsOf(context: UnitContext): TokenRevocations {
  const { sql } = context;

  async function revokeAll(targets: readonly RevocationTarget[]): Promise<void> {
    // with an empty list of clients only what processes cached is to be dropped
    const whole = targets.filter(
      ({ kind, clientIds }) => clientIds === undefined || (kind === 'client' && clientIds.length > 0),
    );
    const idsOf = (kind: RevocationTarget['kind']) => whole.filter((one) => one.kind === kind).map(({ id }) => id);
    await deleteWhere(sql, 'account_id', idsOf('user'));
    await deleteWhere(sql, 'client_id', idsOf('client'));
    await deleteOfSessions(sql, idsOf('session'));
    for (const { kind, id, clientIds = [] } of targets) {
      if (clientIds.length === 0) continue;
      if (kind === 'user') await deleteOfUser(sql, id, clientIds);
      else if (kind === 'session') await deleteOfSessions(sql, [id], clientIds);
    }
    await record(context, targets);
  }

  return { revoke: (target) => revokeAll([target]), revokeAll };
}

/** The provider's own session of the browser stays: other applications still rest on it. */
async function deleteOfUser(sql: Sql, id: string, clientIds: readonly string[]): Promise<void> {
  for (const list of listsOf(clientIds)) {
    await sql.run(
      `DELETE FROM openid_records WHERE account_id = ? AND model <> 'Session' AND client_id IN (${placeholders(list.length)})`,
      [id, ...padded(list)],
    );
  }
}

/** Artifacts name the provider's session and the client's `sid`; our session knows the sids it gave out. */
async function deleteOfSessions(sql: Sql, ids: readonly string[], clientIds?: readonly string[]): Promise<void> {
  const given = await selectIn<{ sid: string; client: string }>(
    sql,
    'SELECT sid, client_id AS client FROM client_sessions WHERE session_id IN',
    ids,
  );
  const sids = given.filter(({ client }) => clientIds?.includes(client) ?? true).map(({ sid }) => sid);
  const known = sids.filter((sid) => sid !== '');
  const rows = await selectIn<{ uid: string; grant: string }>(
    sql,
    'SELECT session_uid_hash AS uid, grant_hash AS `grant` FROM openid_records WHERE sid IN',
    known,
  );
  await deleteWhere(sql, 'sid', known);
  await deleteWhere(sql, 'grant_hash', present(rows.map((row) => row.grant)));
  if (clientIds !== undefined) return;
  const uids = present(rows.map((row) => row.uid));
  await deleteWhere(sql, 'session_uid_hash', uids);
  await deleteWhere(sql, 'uid_hash', uids);
}

type Column = 'account_id' | 'client_id' | 'sid' | 'grant_hash' | 'session_uid_hash' | 'uid_hash';

async function deleteWhere(sql: Sql, column: Column, values: readonly string[]): Promise<void> {
  for (const [place, list] of listsOf(values).entries()) {
    if (place > 0) await breathe(sql);
    await sql.run(`DELETE FROM openid_records WHERE ${column} IN (${placeholders(list.length)})`, padded(list));
  }
}

async function selectIn<T extends object = Row>(sql: Sql, text: string, values: readonly string[]): Promise<T[]> {
  const found: T[] = [];
  for (const list of listsOf(values)) {
    found.push(...(await sql.all<T>(`${text} (${placeholders(list.length)})`, padded(list))));
  }
  return found;
}

function present(values: readonly string[]): string[] {
  return values.filter((value) => value !== '');
}

async function record({ sql, ids, now, storage }: UnitContext, targets: readonly RevocationTarget[]): Promise<void> {
  const rows = targets.map((target) => ({
    id: ids.next('revocation'),
    at: now,
    kind: target.kind,
    targetId: target.id,
    clientIds: target.clientIds ?? null,
  }));
  await insertRows(sql, storage(revocations), rows);
}
