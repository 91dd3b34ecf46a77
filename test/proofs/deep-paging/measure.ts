import type { Actor } from '../../../src/core/shared/actor.js';
import type { UsageFilter, UsageReader } from '../../../src/core/usage/index.js';
import { seededRandom } from '../../support/random.js';

export const pageSize = 100;

/** One way to ask for records. */
export interface Asking {
  readonly reader: UsageReader;
  readonly actor: Actor;
  readonly channelId: string;
  readonly filter: UsageFilter;
}

export interface Compared {
  readonly firstMs: number;
  readonly deepMs: number;
  /** Deep by first, taken round by round: the middle one. */
  readonly ratio: number;
}

export async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

export function pageAt({ reader, actor, channelId, filter }: Asking, position: number) {
  return reader.list(actor, channelId, filter, { start: BigInt(position), size: pageSize });
}

/** Pages at position 0 and at a deep one, by turns, in turned order every second round. */
export function compareDepths(asking: Asking, deep: number, rounds: number): Promise<Compared> {
  return compare(asking, rounds, () => [0, deep]);
}

/** The same for positions that were not asked for before: 0 to 1,000 and as many from the deep one on. */
export function compareScattered(asking: Asking, deep: number, rounds: number): Promise<Compared> {
  const random = seededRandom(7);
  return compare(asking, rounds, () => {
    const shift = Math.floor(random() * 1_000);
    return [shift, deep + Math.floor(random() * 1_000)];
  });
}

const warmUp = 5;

async function compare(asking: Asking, rounds: number, positions: () => readonly [number, number]): Promise<Compared> {
  const firsts: number[] = [];
  const deeps: number[] = [];
  for (let round = -warmUp; round < rounds; round += 1) {
    const [first, deep] = positions();
    const timed = new Map<number, number>();
    for (const position of round % 2 === 0 ? [first, deep] : [deep, first]) {
      timed.set(position, await timeOf(() => pageAt(asking, position)));
    }
    if (round < 0) continue;
    firsts.push(timed.get(first)!);
    deeps.push(timed.get(deep)!);
  }
  return {
    firstMs: rounded(median(firsts)),
    deepMs: rounded(median(deeps)),
    ratio: rounded(median(deeps.map((ms, round) => ms / firsts[round]!))),
  };
}

/** Two callers, one at the begin and one far on, each going on page by page, by turns. */
export async function compareSequences(asking: Asking, far: number, pages: number): Promise<Compared> {
  let page = 0;
  return compare(asking, pages, () => {
    page += 1;
    return [(page - 1) * pageSize, far + page * pageSize];
  });
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

export function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
