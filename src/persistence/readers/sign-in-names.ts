import type { SignInNameReader } from '../../core/sign-in-name-reader.js';
import { isAscii } from '../sql/ascii.js';
import type { Row, Sql } from '../sql/sql.js';

type PersonRow = Row & {
  readonly name: string;
  readonly email: string;
  readonly instanceId: string;
  readonly roles: string;
  readonly data: string | null;
};

const text =
  'SELECT r.external_id AS name, m.email AS email, m.instance_id AS instanceId, m.roles AS roles, c.data AS data FROM memberships m ' +
  "JOIN external_refs r ON r.target_id = m.user_id AND r.channel_id = m.channel_id AND r.kind = 'signInName' AND r.live_key = '0' " +
  'LEFT JOIN channel_records c ON c.channel_id = m.channel_id AND c.kind = ? AND c.parent_id = m.user_id ' +
  "AND c.external_id = r.external_id AND c.live_key = '0' " +
  "WHERE m.tenant_id = ? AND m.channel_id = ? AND m.live_key = '0' ORDER BY r.external_id LIMIT ?";

export function signInNamesOn(sql: Sql): SignInNameReader {
  return {
    async of({ channelId, tenantId }, recordKind, limit) {
      if (![channelId, tenantId, recordKind].every(isAscii)) return [];
      const rows = await sql.all<PersonRow>(text, [recordKind, tenantId, channelId, String(limit)]);
      return rows.map(({ name, email, instanceId, roles, data }) => ({
        name,
        email,
        instanceId,
        roles: JSON.parse(roles),
        data: data === null ? {} : JSON.parse(data),
      }));
    },
  };
}
