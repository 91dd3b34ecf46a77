import type { Tx } from '../../shared/unit-of-work.js';
import type { ChannelRecord } from '../model.js';
import type { MarketplaceRepositories } from '../ports.js';
import { checkRecordId } from './add-channel-record.js';
import { type ChannelRecordKey, findChannelRecord } from './find-channel-record.js';

/** Locks and answers what a protocol keeps under this key, or undefined. */
export async function lockChannelRecord(
  tx: Tx & MarketplaceRepositories,
  key: ChannelRecordKey,
): Promise<ChannelRecord | undefined> {
  const present = await findChannelRecord(tx, key);
  return present === undefined ? undefined : tx.channelRecords.lock(present.id);
}

/** Writes what a protocol keeps for itself under this key. Errors: invalid_value, version_conflict. */
export async function putChannelRecord(
  tx: Tx & MarketplaceRepositories,
  key: ChannelRecordKey,
  data: Readonly<Record<string, unknown>>,
): Promise<ChannelRecord> {
  const present = await lockChannelRecord(tx, key);
  if (present !== undefined) return tx.channelRecords.save(present, { data });
  const { channelId, kind, parentId } = key;
  return tx.channelRecords.insert({
    id: tx.ids.next('channelRecord'),
    createdAt: tx.now,
    channelId,
    kind,
    parentId,
    externalId: checkRecordId(key.externalId),
    data,
    tenantId: '',
    endedAt: null,
    liveKey: '0',
  });
}
