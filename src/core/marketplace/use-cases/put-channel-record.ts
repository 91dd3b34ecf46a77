import { checkText } from '../../shared/text.js';
import type { Tx } from '../../shared/unit-of-work.js';
import type { ChannelRecord } from '../model.js';
import type { MarketplaceRepositories } from '../ports.js';

export interface ChannelRecordKey {
  readonly channelId: string;
  readonly kind: string;
  readonly parentId: string;
  readonly externalId: string;
}

/** Locks and answers what a protocol keeps under this key, or undefined. */
export async function lockChannelRecord(
  tx: Tx & MarketplaceRepositories,
  key: ChannelRecordKey,
): Promise<ChannelRecord | undefined> {
  const present = await tx.channelRecords.findOne(key);
  return present === undefined ? undefined : tx.channelRecords.lock(present.id);
}

/** Writes what a protocol keeps under this key. Errors: invalid_value, version_conflict. */
export async function putChannelRecord(
  tx: Tx & MarketplaceRepositories,
  key: ChannelRecordKey,
  data: Readonly<Record<string, unknown>>,
): Promise<ChannelRecord> {
  const present = await lockChannelRecord(tx, key);
  if (present !== undefined) return tx.channelRecords.save(present, { data });
  checkText('externalId', key.externalId, 255);
  return tx.channelRecords.insert({ ...key, id: tx.ids.next('channelRecord'), createdAt: tx.now, data });
}
