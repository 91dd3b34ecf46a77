import type { RevocationTarget, TokenRevocations } from '../../core/identity/index.js';
import { padded, placeholders } from '../sql/in-list.js';
import type { SqlValue } from '../sql/sql.js';
import { revocations } from '../tables/infrastructure.js';
import type { UnitContext } from '../unit/unit-context.js';

/** Ends what was issued: rows of `openid_records` go, and a row of `revocations` tells every process. */
export function tokenRevocationsOf(context: UnitContext): TokenRevocations {
  return {
    async revoke(target) {
      await deleteArtifacts(context, target);
      await record(context, target);
    },
  };
}

async function deleteArtifacts(context: UnitContext, { kind, id, clientIds }: RevocationTarget): Promise<void> {
  const { sql } = context;
  if (clientIds?.length === 0) return; // only what processes cached is to be dropped
  if (kind === 'session') return deleteOfSession(context, id, clientIds);
  // nothing is kept of what they get; what processes cached ends with the row below
  if (kind === 'serviceAccount' || kind === 'instance') return;
  const owner = kind === 'user' ? 'account_id' : 'client_id';
  if (kind === 'client' || clientIds === undefined) {
    await sql.run(`DELETE FROM openid_records WHERE ${owner} = ?`, [id]);
  } else {
    // The provider's own session of the browser stays: other applications still rest on it.
    await sql.run(
      `DELETE FROM openid_records WHERE account_id = ? AND model <> 'Session' AND client_id IN (${placeholders(clientIds.length)})`,
      [id, ...padded(clientIds)],
    );
  }
}

/** Artifacts name the provider's session and the client's `sid`; our session knows the sids it gave out. */
async function deleteOfSession({ sql }: UnitContext, id: string, clientIds?: readonly string[]): Promise<void> {
  const narrowed = clientIds === undefined ? '' : ` AND client_id IN (${placeholders(clientIds.length)})`;
  const given: SqlValue[] = clientIds === undefined ? [] : padded(clientIds);
  const sids = await sql.all<{ sid: string }>(`SELECT sid FROM client_sessions WHERE session_id = ?${narrowed}`, [
    id,
    ...given,
  ]);
  const known = sids.map((row) => row.sid).filter((sid) => sid !== '');
  if (known.length === 0) return;
  const marks = placeholders(known.length);
  const rows = await sql.all<{ uid: string; grant: string }>(
    `SELECT session_uid_hash AS uid, grant_hash AS \`grant\` FROM openid_records WHERE sid IN (${marks})`,
    padded(known),
  );
  await sql.run(`DELETE FROM openid_records WHERE sid IN (${marks})`, padded(known));
  await deleteWhere('grant_hash', distinct(rows.map((row) => row.grant)));
  if (clientIds !== undefined) return;
  const uids = distinct(rows.map((row) => row.uid));
  await deleteWhere('session_uid_hash', uids);
  await deleteWhere('uid_hash', uids);

  async function deleteWhere(column: string, hashes: readonly string[]): Promise<void> {
    if (hashes.length === 0) return;
    await sql.run(`DELETE FROM openid_records WHERE ${column} IN (${placeholders(hashes.length)})`, padded(hashes));
  }
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].filter((value) => value !== '');
}

async function record({ sql, ids, now, storage }: UnitContext, target: RevocationTarget): Promise<void> {
  const { table, codec, statements } = storage(revocations);
  const row = {
    id: ids.next('revocation'),
    at: now,
    kind: target.kind,
    targetId: target.id,
    clientIds: target.clientIds ?? null,
  };
  await sql.run(
    statements.insert,
    table.fields.map((field) => codec.encode(field, row[field])),
  );
}
