/** How records are gathered into blocks, blocks into larger blocks, and so on. */
export interface BlockSizes {
  /**
   * Most records of a block. A stream has blocks of a level once it has more records than one of them may hold, so the topmost
   * level is always short.
   */
  capacityOf(level: number): number;
  /** What is too large is cut at the first chance after so many records. */
  targetOf(level: number): number;
  /** What is left behind the last cut has at least so many: chances come once in a block of the level below. */
  leastOf(level: number): number;
  /** Blocks of a level below one of the next, or in all where there is no next. */
  mostOf(level: number): number;
}

export function createBlockSizes(leaf: number, fanOut: number): BlockSizes {
  const capacityOf = (level: number): number => leaf * fanOut ** level;
  const targetOf = (level: number): number => capacityOf(level) / 2;
  const leastOf = (level: number): number => (level === 0 ? targetOf(0) : targetOf(level) - capacityOf(level - 1));
  return { capacityOf, targetOf, leastOf, mostOf: (level) => Math.ceil(capacityOf(level + 1) / leastOf(level)) };
}

/** Finding a position reads about a hundred rows of each level and passes over some hundred records: three levels for 100 million. */
export const blockSizes = createBlockSizes(1_024, 64);
