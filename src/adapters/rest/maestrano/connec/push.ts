import { isDomainError } from '../../../../core/shared/errors.js';
import { AlreadyTold, claim, findUntold, leaseOf, type Untold } from './claim.js';
import type { SharedCollection } from './collections/index.js';
import { tellIfDenied } from './denied.js';
import { isConnecFailure } from './failure.js';
import { inUnit, isSharedBy, type SharingGroup, type SharingPorts } from './group.js';
import { ownReferences, type Reference, type ReferenceState, referenceKey } from './references.js';
import { send } from './send.js';
import { release, settle } from './settle.js';
import { findShare } from './share-record.js';

/** What is being told in one go: records that name each other must not wait for each other. */
interface Round {
  readonly underway: ReadonlySet<string>;
  /** Told without one they name, because that was under way itself: they are told again when it is there. */
  readonly again: Reference[];
}

const deepest = 4;

/**
 * Tells Connec! what it does not have yet of one of ours (spec Maestrano 1.8.5): a new record is made there once and its id kept, a
 * known one is changed by that id. Records it names are told first. Answers what became of it; throws when it must be tried again.
 */
export async function pushRecord(
  ports: SharingPorts,
  group: SharingGroup,
  collection: SharedCollection,
  id: string,
): Promise<'told' | 'same' | 'refused'> {
  const again: Reference[] = [];
  const outcome = await tell(ports, group, collection, id, { underway: new Set(), again }, false);
  for (const { collection: name, id: other } of again) {
    const shared = group.collections.get(name);
    const left: Reference[] = [];
    if (shared !== undefined) await tell(ports, group, shared, other, { underway: new Set(), again: left }, false);
    if (left.length > 0) throw new AlreadyTold(); // later: who tells what it names is not done yet
  }
  return outcome;
}

async function tell(
  ports: SharingPorts,
  group: SharingGroup,
  collection: SharedCollection,
  id: string,
  round: Round,
  byId: boolean,
): Promise<'told' | 'same' | 'refused'> {
  const owner = ports.ids.next('channelTask');
  const untold = await claimed(ports, group, collection, id, owner, byId);
  if (untold === undefined) return 'same';
  const fate = { uncertain: untold.lookFirst };
  try {
    const states = await tellReferences(ports, group, collection, untold, round);
    const entity = await send(group, collection, untold, states, fate);
    await inUnit(ports, group, 'told', (tx) => settle(tx, group, collection, untold, entity, states));
    return 'told';
  } catch (error) {
    await tellIfDenied(ports, group, error);
    const gone = isConnecFailure(error, 'missing') && untold.share.connecId !== null;
    const problem = error instanceof Error ? error.message.slice(0, 500) : '';
    await inUnit(ports, group, 'notTold', (tx) =>
      release(tx, group, collection, untold, owner, { ...fate, gone, problem }),
    );
    if (gone || !isConnecFailure(error, 'refused', 'missing', 'conflict')) throw error;
    ports.logger.warn(
      { channel: group.channel.name, collection: collection.name, id, problem },
      'Connec! refuses a record',
    );
    return 'refused';
  }
}

async function claimed(
  ports: SharingPorts,
  group: SharingGroup,
  collection: SharedCollection,
  id: string,
  owner: string,
  byId: boolean,
): Promise<Untold | undefined> {
  const attempt = (): Promise<Untold | undefined> =>
    inUnit(ports, group, 'tell', async (tx) => {
      const untold = await findUntold(tx, group, collection, id, byId);
      if (untold !== undefined) await claim(tx, group, collection, untold, { owner, leaseMs: leaseOf(ports, group) });
      return untold;
    });
  try {
    return await attempt();
  } catch (error) {
    if (isDomainError(error, 'already_exists', 'version_conflict')) return attempt(); // two at once, and the other was first
    throw error;
  }
}

/** How Connec! knows the records this one names; those it does not know are told first, where that can be. */
async function tellReferences(
  ports: SharingPorts,
  group: SharingGroup,
  collection: SharedCollection,
  { id, changed }: Untold,
  { underway, again }: Round,
): Promise<Map<string, ReferenceState>> {
  const states = new Map<string, ReferenceState>();
  const own = { collection: collection.name, id };
  const inside = new Set([...underway, referenceKey(own)]);
  for (const reference of ownReferences(changed, isSharedBy(group))) {
    const shared = group.collections.get(reference.collection)!;
    const target = await inUnit(ports, group, 'find', (tx) => shared.findOwn(tx, group, reference.id));
    if (target === undefined) {
      states.set(referenceKey(reference), 'strange');
      continue;
    }
    const isKnown = async (): Promise<boolean> => {
      const { connecId, told } = await findShare(ports.lookups, group, shared.name, target);
      return told && connecId !== null;
    };
    let waits = inside.has(referenceKey({ collection: shared.name, id: target }));
    if (!waits && shared.direction !== 'in' && inside.size < deepest && !(await isKnown())) {
      waits = !(await tellNamed(ports, group, shared, target, { underway: inside, again }));
    }
    const known = await isKnown();
    if (!known && waits) again.push(own);
    states.set(referenceKey(reference), known ? 'told' : 'absent');
  }
  return states;
}

/** False when somebody else is telling it: two records that name each other would wait for each other for ever. */
async function tellNamed(
  ports: SharingPorts,
  group: SharingGroup,
  collection: SharedCollection,
  id: string,
  round: Round,
): Promise<boolean> {
  try {
    await tell(ports, group, collection, id, round, true);
    return true;
  } catch (error) {
    if (error instanceof AlreadyTold) return false;
    throw error;
  }
}
