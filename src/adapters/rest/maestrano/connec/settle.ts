import type { Unit } from '../../../../core/repositories.js';
import type { Instant } from '../../../../core/shared/clock.js';
import { instantOf } from './apply.js';
import type { Untold } from './claim.js';
import type { SharedCollection } from './collections/index.js';
import { fingerprints } from './fingerprint.js';
import type { SharingGroup } from './group.js';
import { readId } from './ids.js';
import type { Fields, JsonObject } from './paths.js';
import { bindRecord, findRecord, rebindRecord, unbindRecord } from './record-ref.js';
import { ownReferences, type ReferenceState, referenceKey } from './references.js';
import { lockShare, putShare, type Share, unshared } from './share-record.js';

/** Stands for a value Connec! has only a part of, and equals none. */
const incomplete = 'incomplete';

/** Connec! has it: its id is kept, and what it was told is known. */
export async function settle(
  tx: Unit,
  group: SharingGroup,
  collection: SharedCollection,
  untold: Untold,
  entity: JsonObject,
  states: ReadonlyMap<string, ReferenceState>,
): Promise<void> {
  const { id } = untold;
  const share = await lockShare(tx, group, collection.name, id);
  const connecId = share.connecId ?? readId(entity.id, group.source).connec ?? null;
  if (connecId !== null) await bind(tx, group, collection, connecId, id);
  await putShare(tx, group, collection.name, id, {
    connecId,
    told: true,
    updatedAt: latest(share.updatedAt, instantOf(entity.updated_at)),
    known: { ...share.known, ...fingerprints(untold.changed), ...incompleteOf(group, untold.changed, states) },
    attempt: null,
    problem: '',
  });
}

async function bind(
  tx: Unit,
  group: SharingGroup,
  collection: SharedCollection,
  connecId: string,
  id: string,
): Promise<void> {
  const { name } = collection;
  const present = await findRecord(tx, group, name, connecId);
  if (present === id) return;
  if (present === undefined) return bindRecord(tx, group, name, connecId, id);
  // its notification was quicker than its answer, and did not say whose it is
  if ((await collection.merge?.(tx, group, present, connecId)) !== true) return;
  await putShare(tx, group, name, present, unshared);
  await rebindRecord(tx, group, name, connecId, id);
}

/** Nothing came of it. `uncertain`: perhaps it did, and the next try must look first. */
export async function release(
  tx: Unit,
  group: SharingGroup,
  collection: SharedCollection,
  { id }: Pick<Untold, 'id'>,
  owner: string,
  outcome: { readonly uncertain: boolean; readonly gone?: boolean; readonly problem: string },
): Promise<void> {
  const { name } = collection;
  const share = await lockShare(tx, group, name, id);
  if (share.attempt?.owner !== owner) return;
  const { uncertain, gone = false, problem } = outcome;
  if (gone && share.connecId !== null) await unbindRecord(tx, group, name, share.connecId);
  const before: Share = gone ? { ...share, connecId: null, told: false, known: {}, updatedAt: null } : share;
  const attempt =
    uncertain || gone ? { ...share.attempt, until: tx.now, creates: share.attempt.creates || gone } : null;
  await putShare(tx, group, name, id, { ...before, attempt, problem });
}

function incompleteOf(
  { collections }: SharingGroup,
  changed: Fields,
  states: ReadonlyMap<string, ReferenceState>,
): Record<string, string> {
  const paths = [...changed].filter(([path, value]) =>
    ownReferences(new Map([[path, value]]), (name) => collections.has(name)).some(
      (reference) => states.get(referenceKey(reference)) === 'absent',
    ),
  );
  return Object.fromEntries(paths.map(([path]) => [path, incomplete]));
}

function latest(a: Instant | null, b: Instant | null): Instant | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}
