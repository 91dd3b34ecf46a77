import { findExternalRef } from '../../../core/marketplace/index.js';
import type { MaestranoCall } from './call.js';

/** Our id of the instance a group of this very channel is, while it is live: the groups of other marketplaces are not there. */
export async function liveInstance(
  { ports: { lookups }, channel }: Pick<MaestranoCall, 'ports' | 'channel'>,
  groupUid: string,
): Promise<string | undefined> {
  const ref = await findExternalRef(lookups, { channelId: channel.id, kind: 'instance', externalId: groupUid });
  const instance = ref && (await lookups.instances.find(ref.targetId));
  return instance?.terminatedAt === null ? instance.id : undefined;
}
