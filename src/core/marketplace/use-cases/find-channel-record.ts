import type { ChannelRecord } from '../model.js';

export interface ChannelRecordKey {
  readonly channelId: string;
  readonly kind: string;
  readonly parentId: string;
  readonly externalId: string;
}

interface Records {
  readonly channelRecords: {
    findOne(match: ChannelRecordKey & { readonly liveKey: string }): Promise<ChannelRecord | undefined>;
  };
}

/** What is kept under this key now, byte for byte, or undefined. */
export function findChannelRecord(
  tx: Records,
  { channelId, kind, parentId, externalId }: ChannelRecordKey,
): Promise<ChannelRecord | undefined> {
  return tx.channelRecords.findOne({ channelId, kind, parentId, externalId, liveKey: '0' });
}
