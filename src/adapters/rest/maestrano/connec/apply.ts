import type { Unit } from '../../../../core/repositories.js';
import { type Instant, toInstant } from '../../../../core/shared/clock.js';
import type { SharedCollection } from './collections/index.js';
import { differences, fingerprint, fingerprints, type Known, knownAt } from './fingerprint.js';
import { isSharedBy, type SharingGroup } from './group.js';
import { readId } from './ids.js';
import { deepestRecord, type Fields, isShallow, type JsonObject } from './paths.js';
import { bindRecord, findRecord } from './record-ref.js';
import { foreignReferences, inwards, type Reference, referenceKey } from './references.js';
import { lockShare, putShare, type Share, unshared } from './share-record.js';

export interface Applied {
  /** `waits`: it names records nobody has fetched yet. `skipped`: it is no record, or ours was taken away here. */
  readonly outcome: 'created' | 'updated' | 'same' | 'older' | 'waits' | 'skipped';
  readonly missing: readonly Reference[];
}

const said = (outcome: Applied['outcome'], missing: readonly Reference[] = []): Applied => ({ outcome, missing });

/**
 * Takes over one record of Connec! (spec Maestrano 1.8.4): the same again, an older state and the echo of what we told change
 * nothing. What changed there is taken over, what changed here meanwhile stays and is told. With `whole` it does not wait for
 * records it names. Errors: what the core says about its values.
 */
export async function applyEntity(
  tx: Unit,
  group: SharingGroup,
  collection: SharedCollection,
  entity: JsonObject,
  whole: boolean,
): Promise<Applied> {
  const { connec, own } = readId(entity.id, group.source);
  const strange = typeof entity.group_id === 'string' && entity.group_id !== group.uid;
  const usable = connec !== undefined && !strange && isShallow(entity, deepestRecord);
  if (!usable || collection.direction === 'out') return said('skipped');
  const picked = collection.pick(entity);
  const references = foreignReferences(picked, group.source, isSharedBy(group));
  const found = await resolve(tx, group, references);
  const missing = references.filter((reference) => !found.has(referenceKey(reference)));
  if (missing.length > 0 && !whole) return said('waits', missing);
  const fields = inwards(picked, group.source, isSharedBy(group), found);
  const updatedAt = instantOf(entity.updated_at);

  const { name } = collection;
  let target = await findRecord(tx, group, name, connec);
  if (target === undefined) {
    await tx.tenants.rely(group.tenant.id); // whoever brings the same record waits here and then finds it
    target = await findRecord(tx, group, name, connec);
  }
  if (target !== undefined) return update(tx, group, collection, target, fields, updatedAt, own);

  const told = own === undefined ? undefined : await collection.findOwn(tx, group, own);
  target = told ?? (await collection.match(tx, group, fields));
  if (target === undefined) return create(tx, group, collection, connec, fields, updatedAt);
  await bindRecord(tx, group, name, connec, target);
  const share = await lockShare(tx, group, name, target);
  if (share.connecId !== null) return update(tx, group, collection, target, fields, updatedAt, own);
  const confirmed = told !== undefined && share.attempt?.creates === true;
  if (confirmed) {
    // our own record comes back before its answer did: it is as we told it, and what changed here since is told next
    const known = { ...share.known, ...fingerprints(fields) };
    await putShare(tx, group, name, target, { ...share, connecId: connec, told: true, updatedAt, known });
    return said('same');
  }
  await putShare(tx, group, name, target, { ...share, connecId: connec });
  return update(tx, group, collection, target, fields, updatedAt, own);
}

async function create(
  tx: Unit,
  group: SharingGroup,
  collection: SharedCollection,
  connecId: string,
  fields: Fields,
  updatedAt: Instant | null,
): Promise<Applied> {
  const id = await collection.create(tx, group, fields, connecId);
  await bindRecord(tx, group, collection.name, connecId, id);
  const known = await agreed(tx, group, collection, id, fields, {});
  await putShare(tx, group, collection.name, id, { ...unshared, connecId, updatedAt, known });
  return said('created');
}

async function update(
  tx: Unit,
  group: SharingGroup,
  collection: SharedCollection,
  id: string,
  fields: Fields,
  updatedAt: Instant | null,
  own: string | undefined,
): Promise<Applied> {
  const share = await lockShare(tx, group, collection.name, id);
  if (isOlder(updatedAt, share)) return said('older');
  const here = await collection.toConnec(tx, group, id);
  if (here === undefined) return said('skipped');
  const changed = new Map([...fields].filter(([path, value]) => fingerprint(value) !== knownAt(share.known, path)));
  if (changed.size > 0) await collection.update(tx, group, id, changed);
  const known = await agreed(tx, group, collection, id, changed, share.known);
  const told = share.told || own === here.ownId;
  await putShare(tx, group, collection.name, id, { ...share, told, known, updatedAt: updatedAt ?? share.updatedAt });
  return said(changed.size > 0 ? 'updated' : 'same');
}

/**
 * What Connec! said counts as known in the form it has here: a value the hub cannot keep is not told back to where it came from.
 */
async function agreed(
  tx: Unit,
  group: SharingGroup,
  collection: SharedCollection,
  id: string,
  taken: Fields,
  known: Known,
): Promise<Known> {
  const now = await collection.toConnec(tx, group, id);
  const here = now === undefined ? taken : differences(now.fields, {});
  const kept = [...taken.keys()].map((path) => [path, fingerprint(here.get(path))] as const);
  return { ...known, ...Object.fromEntries(kept) };
}

function isOlder(updatedAt: Instant | null, share: Share): boolean {
  return updatedAt !== null && share.updatedAt !== null && updatedAt < share.updatedAt;
}

/** Our own ids of what the entity names, by `referenceKey`. */
async function resolve(tx: Unit, group: SharingGroup, references: readonly Reference[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const reference of references) {
    const id = await findRecord(tx, group, reference.collection, reference.id);
    const shared = group.collections.get(reference.collection);
    const object = id === undefined ? undefined : await shared?.toConnec(tx, group, id);
    if (object !== undefined) found.set(referenceKey(reference), object.ownId);
  }
  return found;
}

/** Theirs in our form; null for what is none. */
export function instantOf(value: unknown): Instant | null {
  const milliseconds = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return milliseconds >= 0 && milliseconds < 253_402_300_800_000 ? toInstant(milliseconds) : null;
}
