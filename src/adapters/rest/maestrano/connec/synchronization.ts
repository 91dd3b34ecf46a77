import { findChannelRecord, lockChannelRecord, putChannelRecord } from '../../../../core/marketplace/index.js';
import type { Lookups, Unit } from '../../../../core/repositories.js';
import type { Instant } from '../../../../core/shared/clock.js';
import type { SharingPlace } from './collections/index.js';

/** How data sharing with one group stands (spec Maestrano 1.8.6). */
export interface Synchronization {
  /** The marketplace's switch for this group. */
  readonly enabled: boolean;
  /** What the marketplace says about each direction, where it says anything. */
  readonly pullDisabled: boolean;
  readonly pushDisabled: boolean;
  /** IDLE: none has run yet. */
  readonly status: 'IDLE' | 'RUNNING' | 'SUCCESS' | 'FAILED';
  readonly message: string;
  readonly changedAt: Instant | null;
  /** The one that goes on or was the last; '' before the first. */
  readonly run: string;
  /** Counts its steps, so that none is done twice. */
  readonly step: number;
  readonly place: RunPlace | null;
  readonly begunAt: Instant | null;
  /** When everything had been taken over for the first time: nothing is told before that. */
  readonly importedAt: Instant | null;
  /** What changed there after that instant is asked for next time; null = everything. */
  readonly since: Instant | null;
  readonly counts: Counts;
}

/** Where a run is: with which collection, and how far in it. */
export interface RunPlace {
  readonly phase: 'import' | 'push';
  readonly collection: string;
  /** The page to fetch next; '' = the first. */
  readonly url: string;
  /** Records of one page; less after one that was too large. */
  readonly top: number;
  /** Ours after which telling goes on; '' = from the beginning. */
  readonly after: string;
}

export interface Counts {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly failed: number;
  readonly pushed: number;
}

export const noCounts: Counts = { created: 0, updated: 0, unchanged: 0, failed: 0, pushed: 0 };

export const neverRun: Synchronization = {
  enabled: true,
  pullDisabled: false,
  pushDisabled: false,
  status: 'IDLE',
  message: '',
  changedAt: null,
  run: '',
  step: 0,
  place: null,
  begunAt: null,
  importedAt: null,
  since: null,
  counts: noCounts,
};

type Place = Pick<SharingPlace, 'channel' | 'instance'>;

function keyOf({ channel, instance }: Place) {
  return { channelId: channel.id, kind: 'connec:synchronization', parentId: instance.id, externalId: 'state' };
}

export async function findSynchronization(
  lookups: Pick<Lookups, 'channelRecords'>,
  place: Place,
): Promise<Synchronization> {
  const record = await findChannelRecord(lookups, keyOf(place));
  return record === undefined ? neverRun : (record.data as unknown as Synchronization);
}

/** Locked until the unit ends. */
export async function lockSynchronization(tx: Unit, place: Place): Promise<Synchronization> {
  const record = await lockChannelRecord(tx, keyOf(place));
  return record === undefined ? neverRun : (record.data as unknown as Synchronization);
}

export async function putSynchronization(tx: Unit, place: Place, state: Synchronization): Promise<void> {
  await putChannelRecord(tx, keyOf(place), { ...state, changedAt: tx.now });
}

/** Whether records are told to Connec! at this moment. */
export function tells({ enabled, pushDisabled, importedAt }: Synchronization): boolean {
  return enabled && !pushDisabled && importedAt !== null;
}

/** Whether records are taken over at this moment. */
export function takes({ enabled, pullDisabled }: Synchronization): boolean {
  return enabled && !pullDisabled;
}

export function addCounts(a: Counts, b: Partial<Counts>): Counts {
  return {
    created: a.created + (b.created ?? 0),
    updated: a.updated + (b.updated ?? 0),
    unchanged: a.unchanged + (b.unchanged ?? 0),
    failed: a.failed + (b.failed ?? 0),
    pushed: a.pushed + (b.pushed ?? 0),
  };
}
