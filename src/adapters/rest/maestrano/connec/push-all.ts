import type { ConnecResult } from './answers.js';
import { AlreadyTold, claim, findUntold, leaseOf, type Untold } from './claim.js';
import { largestBatch } from './client.js';
import type { SharedCollection } from './collections/index.js';
import { ConnecFailure, failureOf, isConnecFailure } from './failure.js';
import { inUnit, isSharedBy, type SharingGroup, type SharingPorts } from './group.js';
import { ownEntry } from './ids.js';
import { matchingFor } from './matching.js';
import { pushRecord } from './push.js';
import { outwards, ownReferences, type ReferenceState } from './references.js';
import { release, settle } from './settle.js';
import { type Counts, findSynchronization, tells } from './synchronization.js';

export interface Slice {
  readonly counts: Partial<Counts>;
  /** Ours after which it goes on; null = that was the last. */
  readonly after: string | null;
}

const noReferences: ReadonlyMap<string, ReferenceState> = new Map();

/**
 * Tells Connec! of the next records of a collection what it does not have: plain ones in one call, those that name others or were
 * tried before one by one. Throws when some must be tried again; what was told by then is not told twice.
 */
export async function pushSlice(
  ports: SharingPorts,
  group: SharingGroup,
  collection: SharedCollection,
  after: string,
): Promise<Slice> {
  if (!tells(await findSynchronization(ports.lookups, group))) return { counts: {}, after: null };
  const owner = ports.ids.next('channelTask');
  const { ids, plain, special } = await inUnit(ports, group, 'tellAll', async (tx) => {
    const ids = (await collection.list(tx, group)).filter((id) => id > after).slice(0, largestBatch);
    const plain: Untold[] = [];
    const special: string[] = [];
    for (const id of ids) {
      const untold = await findUntold(tx, group, collection, id).catch((error: unknown) => {
        if (!(error instanceof AlreadyTold)) throw error;
        special.push(id);
        return undefined;
      });
      if (untold === undefined) continue;
      if (isSpecial(group, collection, untold)) special.push(id);
      else {
        await claim(tx, group, collection, untold, { owner, leaseMs: leaseOf(ports, group) });
        plain.push(untold);
      }
    }
    return { ids, plain, special };
  });
  let told = await tellTogether(ports, group, collection, plain, owner);
  let refused = plain.length - told;
  for (const id of special) {
    const outcome = await pushRecord(ports, group, collection, id);
    if (outcome === 'told') told += 1;
    if (outcome === 'refused') refused += 1;
  }
  const more = ids.length === largestBatch;
  return { counts: { pushed: told, failed: refused }, after: more ? ids[ids.length - 1]! : null };
}

function isSpecial(group: SharingGroup, { singular }: SharedCollection, { changed, lookFirst }: Untold): boolean {
  return singular || lookFirst || ownReferences(changed, isSharedBy(group)).length > 0;
}

/** How many Connec! took. */
async function tellTogether(
  ports: SharingPorts,
  group: SharingGroup,
  collection: SharedCollection,
  untold: readonly Untold[],
  owner: string,
): Promise<number> {
  if (untold.length === 0) return 0;
  const results = await sendAll(ports, group, collection, untold, owner);
  let taken = 0;
  let unanswered = '';
  for (const [place, one] of untold.entries()) {
    const { status, entity, reason } = results[place]!;
    const failure = failureOf(status) ?? (entity === undefined ? 'unanswered' : undefined);
    if (failure === undefined) {
      await inUnit(ports, group, 'told', (tx) => settle(tx, group, collection, one, entity!, noReferences));
      taken += 1;
      continue;
    }
    const problem = `${collection.name}: ${status}, ${reason}`;
    const gone = failure === 'missing' && one.share.connecId !== null;
    const uncertain = one.creates && (failure === 'unanswered' || failure === 'conflict');
    await inUnit(ports, group, 'notTold', (tx) =>
      release(tx, group, collection, one, owner, { uncertain, gone, problem }),
    );
    if (failure === 'unanswered' || failure === 'denied' || gone) unanswered = problem;
    else ports.logger.warn({ channel: group.channel.name, id: one.id, problem }, 'Connec! refuses a record');
  }
  if (unanswered !== '') throw new ConnecFailure('unanswered', unanswered);
  return taken;
}

async function sendAll(
  ports: SharingPorts,
  group: SharingGroup,
  collection: SharedCollection,
  untold: readonly Untold[],
  owner: string,
): Promise<ConnecResult[]> {
  const { source, client } = group;
  try {
    return await client.sendAll(
      untold.map(({ changed, ownId, creates, share }) => {
        const fields = outwards(changed, source, noReferences);
        return {
          method: creates ? ('post' as const) : ('put' as const),
          collection: collection.name,
          id: share.connecId ?? undefined,
          entity: { ...collection.render(fields), id: ownEntry(ownId, source) },
          ...(creates && { matchingFields: matchingFor(collection, fields) }),
        };
      }),
    );
  } catch (error) {
    const problem = error instanceof Error ? error.message.slice(0, 500) : '';
    const unclear = !isConnecFailure(error) || isConnecFailure(error, 'unanswered', 'tooLarge');
    for (const one of untold) {
      const uncertain = one.creates && unclear;
      await inUnit(ports, group, 'notTold', (tx) => release(tx, group, collection, one, owner, { uncertain, problem }));
    }
    throw error;
  }
}
