import { findChannelRecord, lockChannelRecord, putChannelRecord } from '../../../../core/marketplace/index.js';
import type { Lookups, Unit } from '../../../../core/repositories.js';
import type { Instant } from '../../../../core/shared/clock.js';
import type { SharingPlace } from './collections/index.js';
import type { Known } from './fingerprint.js';

/** What is known about one of ours as Connec! has it. */
export interface Share {
  /** Null = Connec! has not confirmed that it has it. */
  readonly connecId: string | null;
  /** Connec! knows it by our id too, so that others may name it by that. */
  readonly told: boolean;
  /** Theirs of the state that is known. */
  readonly updatedAt: Instant | null;
  readonly known: Known;
  /** Somebody is telling Connec!, or did and never heard the answer. */
  readonly attempt: Attempt | null;
  /** Why Connec! does not take it; '' = it does. */
  readonly problem: string;
}

export interface Attempt {
  readonly owner: string;
  readonly begunAt: Instant;
  /** Nobody else tells it before. */
  readonly until: Instant;
  /** It makes a record there: repeated blindly it would make a second one. */
  readonly creates: boolean;
}

export const unshared: Share = { connecId: null, told: false, updatedAt: null, known: {}, attempt: null, problem: '' };

const kind = 'connec:share';

function keyOf({ channel, instance }: SharingPlace, collection: string, id: string) {
  return { channelId: channel.id, kind, parentId: instance.id, externalId: `${collection}/${id}` };
}

/** Locked until the unit ends. */
export async function lockShare(tx: Unit, place: SharingPlace, collection: string, id: string): Promise<Share> {
  const record = await lockChannelRecord(tx, keyOf(place, collection, id));
  return record === undefined ? unshared : (record.data as unknown as Share);
}

export async function putShare(
  tx: Unit,
  place: SharingPlace,
  collection: string,
  id: string,
  share: Share,
): Promise<void> {
  await putChannelRecord(tx, keyOf(place, collection, id), { ...share });
}

/** As it was committed last. */
export async function findShare(
  lookups: Pick<Lookups, 'channelRecords'>,
  place: SharingPlace,
  collection: string,
  id: string,
): Promise<Share> {
  const record = await findChannelRecord(lookups, keyOf(place, collection, id));
  return record === undefined ? unshared : (record.data as unknown as Share);
}
