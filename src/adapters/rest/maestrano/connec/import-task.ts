import type { ChannelTask } from '../../../../core/marketplace/index.js';
import type { Unit } from '../../../../core/repositories.js';
import { hour, shift } from '../../../../core/shared/clock.js';
import { beginRun, nextPlace, queueStep } from './begin-run.js';
import { clearDenied, tellIfDenied } from './denied.js';
import { isConnecFailure } from './failure.js';
import { findGroup, inUnit, type SharingGroup, type SharingPorts } from './group.js';
import { queueRecords } from './notification-task.js';
import { isObject, type JsonObject } from './paths.js';
import { pushSlice } from './push-all.js';
import {
  addCounts,
  type Counts,
  findSynchronization,
  lockSynchronization,
  putSynchronization,
  type RunPlace,
  type Synchronization,
} from './synchronization.js';
import { type Incoming, takeOver } from './take-over.js';

/** Clocks differ, and what changes while a run reads must not be missed by the next. */
const overlap = hour;

/** Of one run, some two million records: a list whose pages lead to each other is not followed for ever. */
export const mostSteps = 20_000;

/** What a step did, and where the run goes on. */
interface Step {
  readonly counts: Partial<Counts>;
  /** Null = with the next collection. */
  readonly next: RunPlace | null;
  readonly left: readonly Incoming[];
}

/**
 * One step of a run: one page, or one slice of what is told. The place where it goes on is written in the unit that queues the next
 * step and takes this one out, so that a hub that dies begins with the page it was at, and no page counts twice.
 */
export async function workImport(ports: SharingPorts, task: ChannelTask): Promise<void> {
  const group = await findGroup(ports, task.subjectId);
  if (group === undefined) return;
  const { run, step } = task.data;
  if (run === undefined) {
    await inUnit(ports, group, 'begin', async (tx) => {
      await beginRun(tx, group);
      await tx.channelTasks.finish(task.id);
    });
    return;
  }
  const state = await findSynchronization(ports.lookups, group);
  if (!goesOn(state, run, step) || state.place === null) return;
  try {
    const done = await perform(ports, group, state, state.place);
    await inUnit(ports, group, 'step', (tx) => advance(tx, group, task, done));
    await clearDenied(ports, group);
  } catch (error) {
    await inUnit(ports, group, 'stepFailed', (tx) => note(tx, group, task, error));
    await tellIfDenied(ports, group, error);
    throw error;
  }
}

function goesOn({ enabled, run, step }: Synchronization, ofRun: unknown, atStep: unknown): boolean {
  return enabled && run === ofRun && step === atStep;
}

async function perform(
  ports: SharingPorts,
  group: SharingGroup,
  state: Synchronization,
  place: RunPlace,
): Promise<Step> {
  const { phase, collection, top } = place;
  const shared = group.collections.get(collection);
  if (shared === undefined) return { counts: {}, next: null, left: [] };
  if (phase === 'push') {
    const { counts, after } = await pushSlice(ports, group, shared, place.after);
    return { counts, next: after === null ? null : { ...place, after }, left: [] };
  }
  const { client } = group;
  const first = shared.singular
    ? client.onlyPage(collection)
    : client.firstPage(collection, { since: state.since, top });
  const url = place.url === '' ? first : place.url;
  try {
    const { entities, next } = await client.page(collection, url);
    const incoming = entities.filter(isObject).map((entity: JsonObject) => ({ collection, entity }));
    const { counts, left } = await takeOver(ports, group, incoming, false);
    const endless = next !== null && state.step >= mostSteps;
    if (endless)
      ports.logger.warn({ channel: group.channel.name, group: group.uid, collection }, 'a list does not end');
    return { counts, left, next: next === null || endless ? null : { ...place, url: next } };
  } catch (error) {
    if (!isConnecFailure(error, 'tooLarge') || top <= 1) throw error;
    const less = Math.max(1, Math.floor(top / 4));
    return { counts: {}, left: [], next: { ...place, top: less, url: smaller(url, less) } };
  }
}

/** The same page of fewer records. */
function smaller(url: string, top: number): string {
  const less = new URL(url);
  less.searchParams.set('$top', String(top));
  return less.href;
}

async function advance(tx: Unit, group: SharingGroup, task: ChannelTask, done: Step): Promise<void> {
  const state = await lockSynchronization(tx, group);
  await tx.channelTasks.finish(task.id);
  const { run, step } = task.data;
  if (!goesOn(state, run, step) || state.place === null) return; // somebody else has done it, or sharing was switched off
  const place = done.next ?? nextPlace(group, state, state.place);
  const counts = addCounts(state.counts, done.counts);
  const instance = { channelId: group.channel.id, instanceId: group.instance.id };
  await queueRecords(tx, instance, done.left, done.left.length > 0 ? 1 : 0);
  const taken = place?.phase !== 'import' && !state.pullDisabled;
  const after: Synchronization = {
    ...state,
    counts,
    place,
    step: state.step + 1,
    message: '',
    status: place === null ? 'SUCCESS' : 'RUNNING',
    importedAt: state.importedAt ?? (place?.phase === 'import' ? null : tx.now),
    ...(taken && state.begunAt !== null && { since: shift(state.begunAt, -overlap) }),
  };
  await putSynchronization(tx, group, after);
  if (place !== null) await queueStep(tx, group, after);
}

/** The run is not over: it goes on when the step succeeds later. */
async function note(tx: Unit, group: SharingGroup, task: ChannelTask, error: unknown): Promise<void> {
  const state = await lockSynchronization(tx, group);
  if (!goesOn(state, task.data.run, task.data.step)) return;
  const message = isConnecFailure(error) ? error.message : 'the hub could not go on';
  await putSynchronization(tx, group, { ...state, status: 'FAILED', message });
}
