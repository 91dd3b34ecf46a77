import type { Unit } from '../../../../core/repositories.js';
import { shift } from '../../../../core/shared/clock.js';
import type { SharedCollection } from './collections/index.js';
import { differences } from './fingerprint.js';
import type { SharingGroup, SharingPorts } from './group.js';
import type { Fields } from './paths.js';
import { type Attempt, lockShare, putShare, type Share } from './share-record.js';

/** What is to be told about one of ours. */
export interface Untold {
  readonly id: string;
  readonly ownId: string;
  readonly share: Share;
  /** All of a new record, else what differs from what Connec! has. */
  readonly changed: Fields;
  readonly creates: boolean;
  /** An earlier try may have made it there: it is looked for first. */
  readonly lookFirst: boolean;
}

/** Somebody else is telling this record at this moment. */
export class AlreadyTold extends Error {
  constructor() {
    super('the record is being told at this moment');
    this.name = 'AlreadyTold';
  }
}

/**
 * What Connec! does not have yet of one of ours; undefined = nothing. The record's share stays locked until the unit ends. With
 * `byId` it must also know it by our id. Throws `AlreadyTold`.
 */
export async function findUntold(
  tx: Unit,
  group: SharingGroup,
  collection: SharedCollection,
  id: string,
  byId = false,
): Promise<Untold | undefined> {
  const object = await collection.toConnec(tx, group, id);
  if (object === undefined) return undefined;
  const share = await lockShare(tx, group, collection.name, id);
  const changed = differences(object.fields, share.known);
  if (changed.size === 0 && (!byId || share.told)) return undefined;
  if (share.attempt !== null && share.attempt.until > tx.now) throw new AlreadyTold();
  const creates = share.connecId === null && !collection.singular;
  return { id, ownId: object.ownId, share, changed, creates, lookFirst: creates && share.attempt?.creates === true };
}

/** Nobody else tells this record while the attempt lasts. */
export async function claim(
  tx: Unit,
  group: SharingGroup,
  { name }: SharedCollection,
  { id, share, creates, lookFirst }: Untold,
  { owner, leaseMs }: { readonly owner: string; readonly leaseMs: number },
): Promise<void> {
  const begunAt = lookFirst && share.attempt !== null ? share.attempt.begunAt : tx.now;
  const attempt: Attempt = { owner, begunAt, until: shift(tx.now, leaseMs), creates };
  await putShare(tx, group, name, id, { ...share, attempt });
}

/** Longer than what one record may take: looking for it, what it names, and telling it, each as slow as Connec! may be. */
export function leaseOf({ patienceMs }: SharingPorts, { connection }: SharingGroup): number {
  return 3 * Math.max(patienceMs, connection.connec?.timeoutMs ?? 0) + patienceMs;
}
