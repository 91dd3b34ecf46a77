import type { Unit } from '../../../../core/repositories.js';
import type { SharingGroup } from './group.js';
import {
  lockSynchronization,
  noCounts,
  putSynchronization,
  type RunPlace,
  type Synchronization,
} from './synchronization.js';

export const importTask = 'import';

const pageSize = 100;

/**
 * Begins a run: everything that changed there is taken over, then everything that differs is told. One that goes on already is left
 * alone, and so is a group whose sharing is switched off.
 */
export async function beginRun(tx: Unit, group: SharingGroup, all = false): Promise<Synchronization> {
  const state = await lockSynchronization(tx, group);
  if (!state.enabled || state.status === 'RUNNING') return state;
  const place = firstPlace(group, state);
  const begun: Synchronization = {
    ...state,
    status: 'RUNNING',
    message: '',
    run: tx.ids.next('channelTask'),
    step: 0,
    place,
    importedAt: state.importedAt ?? (place.phase === 'push' ? tx.now : null),
    begunAt: tx.now,
    since: all ? null : state.since,
    counts: noCounts,
  };
  await putSynchronization(tx, group, begun);
  await queueStep(tx, group, begun);
  return begun;
}

export async function queueStep(tx: Unit, { channel, instance }: SharingGroup, state: Synchronization): Promise<void> {
  const data = { run: state.run, step: state.step };
  await tx.channelTasks.add({ channelId: channel.id, kind: importTask, subjectId: instance.id, data });
}

function firstPlace(group: SharingGroup, state: Synchronization): RunPlace {
  return nextPlace(group, state, { phase: 'import', collection: '', url: '', top: pageSize, after: '' }) ?? pushPlace;
}

const pushPlace: RunPlace = { phase: 'push', collection: '', url: '', top: pageSize, after: '' };

/** Where a run goes on after the last record of a collection; null = it is done. */
export function nextPlace(
  group: SharingGroup,
  { pullDisabled, pushDisabled }: Synchronization,
  { phase, collection }: RunPlace,
): RunPlace | null {
  const wanted = (one: RunPlace['phase']): string[] => {
    if (one === 'import' ? pullDisabled : pushDisabled) return [];
    const other = one === 'import' ? 'out' : 'in';
    return [...group.collections.values()].filter(({ direction }) => direction !== other).map(({ name }) => name);
  };
  const names = wanted(phase);
  const next = names[names.indexOf(collection) + 1];
  if (next !== undefined) return { ...pushPlace, phase, collection: next };
  if (phase === 'push') return null;
  const [first] = wanted('push');
  return first === undefined ? null : { ...pushPlace, collection: first };
}
