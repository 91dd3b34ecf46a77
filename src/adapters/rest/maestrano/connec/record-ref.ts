import { bindExternalRef, findExternalRef } from '../../../../core/marketplace/index.js';
import type { Lookups, Unit } from '../../../../core/repositories.js';
import type { SharingPlace } from './collections/index.js';

function keyOf({ channel, instance }: SharingPlace, collection: string, connecId: string) {
  return {
    channelId: channel.id,
    kind: 'record',
    parentId: instance.id,
    externalId: `${collection}/${connecId}`,
  } as const;
}

/** Which of ours a record of Connec! is, or undefined. */
export async function findRecord(
  tx: Pick<Lookups, 'externalRefs'> | Unit,
  place: SharingPlace,
  collection: string,
  connecId: string,
): Promise<string | undefined> {
  return (await findExternalRef(tx, keyOf(place, collection, connecId)))?.targetId;
}

/** Remembers which of ours a record of Connec! is. Errors: external_id_taken. */
export async function bindRecord(
  tx: Unit,
  place: SharingPlace,
  collection: string,
  connecId: string,
  targetId: string,
): Promise<void> {
  await bindExternalRef(tx, { ...keyOf(place, collection, connecId), targetId });
}

/** The record is one of ours after all, and not the one it was taken for. */
export async function rebindRecord(
  tx: Unit,
  place: SharingPlace,
  collection: string,
  connecId: string,
  targetId: string,
): Promise<void> {
  const ref = await findExternalRef(tx, keyOf(place, collection, connecId));
  if (ref === undefined) await bindRecord(tx, place, collection, connecId, targetId);
  else await tx.externalRefs.save(ref, { targetId });
}

/** Connec! does not have that record any more. */
export async function unbindRecord(tx: Unit, place: SharingPlace, collection: string, connecId: string): Promise<void> {
  const ref = await findExternalRef(tx, keyOf(place, collection, connecId));
  if (ref !== undefined) await tx.externalRefs.save(ref, { liveKey: ref.id });
}
