import { type ChannelRecord, findChannelRecord } from '../../../core/marketplace/index.js';
import type { KakapoCall } from './context.js';
import { Refusal } from './refusal.js';
import { capitalized, shown } from './words.js';

/** A contact center queue stands at a reseller or a group. */
export const queueRecord = 'queue';
/** Of one queue and type. */
export const mediaStreamRecord = 'mediaStream';

export function queueName(id: string): string {
  return `queue '${shown(id)}'`;
}

/** The queue of that id at exactly this reseller or group. Throws a `Refusal`. */
export async function needQueue(
  tx: Parameters<typeof findChannelRecord>[0],
  call: KakapoCall,
  tenantId: string,
  id: string,
): Promise<ChannelRecord> {
  const key = { channelId: call.channel.id, kind: queueRecord, parentId: tenantId, externalId: id };
  const queue = await findChannelRecord(tx, key);
  if (queue === undefined) throw new Refusal(`${capitalized(queueName(id))} was not found`);
  return queue;
}
