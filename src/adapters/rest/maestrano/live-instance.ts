import { findExternalRef } from '../../../core/marketplace/index.js';
import type { Unit } from '../../../core/repositories.js';
import { anyOf } from '../../../core/shared/repository.js';
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

/** The same of many groups, by their uids; those that are not here are left out. */
export async function liveInstances(
  tx: Pick<Unit, 'externalRefs' | 'instances'>,
  channelId: string,
  groupUids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const here = { channelId, kind: 'instance', parentId: '', liveKey: '0' } as const;
  const refs = await tx.externalRefs.findAll({ ...here, externalId: anyOf(groupUids) });
  const instances = await tx.instances.findAll({ id: anyOf(refs.map(({ targetId }) => targetId)), terminatedAt: null });
  const live = new Set(instances.map(({ id }) => id));
  return new Map(refs.filter(({ targetId }) => live.has(targetId)).map((ref) => [ref.externalId, ref.targetId]));
}
