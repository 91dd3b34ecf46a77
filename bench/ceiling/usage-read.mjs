/** A page of usage records by hand: the channel's stream, then the records from the first id of the instant on. */
import { selected } from './columns.mjs';

const streamText =
  `SELECT ${selected('usage_streams')} FROM usage_streams t ` +
  "WHERE t.channel_id = ? AND t.kind = ? AND t.provider_external_id = ? AND t.tenant_id = ''";
const pageText =
  `SELECT ${selected('usage_records')} FROM \`usage_records\` t WHERE t.channel_stream = ? AND t.id >= ? ` +
  'AND t.`channel_id` = ? AND t.`occurred_at` >= ? ORDER BY t.id ASC LIMIT ?';
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

function firstIdAt(instant) {
  let rest = Date.parse(instant);
  let stamp = '';
  for (let at = 0; at < 10; at += 1) {
    stamp = alphabet[rest % 32] + stamp;
    rest = Math.floor(rest / 32);
  }
  return `usg_${stamp}`;
}

const text = JSON.stringify;

export async function usagePage(sql, { channelId, from }) {
  const [stream] = await sql.all(streamText, [channelId, 'channel', '']);
  const rows = await sql.all(pageText, [stream.number, firstIdAt(from), channelId, from, '101']);
  const nodes = rows
    .slice(0, 100)
    .map(
      (row) =>
        `{"id":"${row.id}","transactionId":"${row.transactionId}","serviceName":${text(row.serviceName)},` +
        `"occurredAt":"${row.occurredAt}","originAddress":${text(row.originAddress)},` +
        `"destinationAddress":${text(row.destinationAddress)},"providerExternalId":${text(row.providerExternalId)},` +
        `"applicationExternalId":${text(row.applicationExternalId)},"completionStatus":"${row.completionStatus}"}`,
    );
  return `{"data":{"usageRecords":{"nodes":[${nodes.join(',')}]}}}`;
}
