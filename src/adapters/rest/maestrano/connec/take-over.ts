import { isDomainError } from '../../../../core/shared/errors.js';
import { type Applied, applyEntity } from './apply.js';
import type { SharedCollection } from './collections/index.js';
import { isConnecFailure } from './failure.js';
import { inUnit, type SharingGroup, type SharingPorts } from './group.js';
import { readId } from './ids.js';
import type { JsonObject } from './paths.js';
import type { Reference } from './references.js';
import { addCounts, type Counts, noCounts } from './synchronization.js';

/** A record of Connec! to be taken over. */
export interface Incoming {
  readonly collection: string;
  readonly entity: JsonObject;
}

export interface TakenOver {
  readonly counts: Counts;
  /** What must be tried again: it names what could not be fetched, or something failed that may pass. */
  readonly left: readonly Incoming[];
}

/** Of one unit; a record takes some ten statements. */
const chunk = 20;
/** How far records that name others are followed. */
const deepest = 3;

/**
 * Takes over records one by one, as many in a unit as go together: one that cannot be taken over never keeps the others from it.
 * With `last`, records do not wait for others any more, and what fails is given up.
 */
export async function takeOver(
  ports: SharingPorts,
  group: SharingGroup,
  incoming: readonly Incoming[],
  last: boolean,
): Promise<TakenOver> {
  let counts = noCounts;
  const left: Incoming[] = [];
  for (let from = 0; from < incoming.length; from += chunk) {
    const some = incoming.slice(from, from + chunk);
    const outcomes = await together(ports, group, some);
    for (const [place, one] of some.entries()) {
      const outcome = outcomes?.[place] ?? (await alone(ports, group, one, last, deepest));
      if (outcome === 'left' && !last) left.push(one);
      counts = addCounts(counts, countOf(outcome, last));
    }
  }
  return { counts, left };
}

type Outcome = Applied['outcome'] | 'left' | 'failed';

/** Undefined when one of them failed: then each has to be tried by itself. */
async function together(
  ports: SharingPorts,
  group: SharingGroup,
  some: readonly Incoming[],
): Promise<(Outcome | undefined)[] | undefined> {
  try {
    return await inUnit(ports, group, 'takeOver', async (tx) => {
      const outcomes: (Outcome | undefined)[] = [];
      for (const { collection, entity } of some) {
        const { outcome } = await applyEntity(tx, group, collectionOf(group, collection), entity, false);
        outcomes.push(outcome === 'waits' ? undefined : outcome);
      }
      return outcomes;
    });
  } catch {
    return undefined; // told of when it fails again by itself
  }
}

async function alone(
  ports: SharingPorts,
  group: SharingGroup,
  { collection, entity }: Incoming,
  last: boolean,
  depth: number,
): Promise<Outcome> {
  const shared = collectionOf(group, collection);
  const apply = (whole: boolean): Promise<Applied> =>
    inUnit(ports, group, 'takeOver', (tx) => applyEntity(tx, group, shared, entity, whole));
  try {
    const { outcome, missing } = await apply(false);
    if (outcome !== 'waits') return outcome;
    let absent = false;
    for (const reference of missing) absent = !(await fetchMissing(ports, group, reference, depth)) || absent;
    const again = await apply(last || !absent || depth === 0);
    return again.outcome === 'waits' ? 'left' : again.outcome;
  } catch (error) {
    const id = readId(entity.id, group.source).connec;
    ports.logger.warn(
      { channel: group.channel.name, collection, id, err: error },
      'a record of Connec! was not taken over',
    );
    return isDomainError(error) && !isDomainError(error, 'already_exists', 'version_conflict') ? 'failed' : 'left';
  }
}

/** Brings in what another record names; false when it may come later. */
async function fetchMissing(
  ports: SharingPorts,
  group: SharingGroup,
  { collection, id }: Reference,
  depth: number,
): Promise<boolean> {
  const shared = collectionOf(group, collection);
  if (depth === 0 || shared.direction === 'out' || shared.singular) return true;
  try {
    const entity = await group.client.get(collection, id);
    return (await alone(ports, group, { collection, entity }, false, depth - 1)) !== 'left';
  } catch (error) {
    if (isConnecFailure(error, 'missing', 'refused')) return true; // there is nothing to wait for
    if (isConnecFailure(error)) return false;
    throw error;
  }
}

function collectionOf({ collections }: SharingGroup, name: string): SharedCollection {
  const collection = collections.get(name);
  if (collection === undefined) throw new TypeError(`${name} is not shared`);
  return collection;
}

function countOf(outcome: Outcome, last: boolean): Partial<Counts> {
  switch (outcome) {
    case 'created':
      return { created: 1 };
    case 'updated':
      return { updated: 1 };
    case 'left':
      return last ? { failed: 1 } : {};
    case 'failed':
      return { failed: 1 };
    default:
      return { unchanged: 1 };
  }
}
