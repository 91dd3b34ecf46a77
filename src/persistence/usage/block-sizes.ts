const leaf = 1_024;
const fanOut = 64;

/**
 * Most records of a block. A stream has blocks of a level once it has more records than one of them may hold, so the topmost level
 * is always short, and finding a position reads about a hundred rows of each.
 */
export function capacityOf(level: number): number {
  return leaf * fanOut ** level;
}

/** What is too large is cut at the first chance after so many records. */
export function targetOf(level: number): number {
  return capacityOf(level) / 2;
}

/** What is left behind the last cut has at least so many: chances come once in a block of the level below. */
export function leastOf(level: number): number {
  return level === 0 ? targetOf(0) : targetOf(level) - capacityOf(level - 1);
}

/** Blocks of a level below one of the next, or in all where there is no next. */
export function mostBlocksOf(level: number): number {
  return Math.ceil(capacityOf(level + 1) / leastOf(level));
}
