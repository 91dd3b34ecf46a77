import type { StoredTable } from '../rows/stored-table.js';
import type { Sql } from '../sql/sql.js';
import type { UsageBlockRow } from '../tables/usage.js';
import { type BlockSizes, blockSizes } from './block-sizes.js';
import { split } from './split-block.js';
import type { Stream } from './streams.js';
import { overwrite, writeRows } from './write-rows.js';

/** Records that were just inserted into a stream. */
export interface Addition {
  readonly stream: Stream;
  /** In their order. */
  readonly ids: readonly string[];
}

/** So many records more, somewhere from a key up to the next one's. */
interface Increase {
  readonly key: string;
  readonly by: number;
}

interface Task {
  readonly stream: Stream;
  readonly increases: readonly Increase[];
}

const present = overwrite(['stream', 'level', 'low'], ['records']);
const blocksAtOnce = 64;

/**
 * Counts the records in their streams' totals and blocks, level by level from below. Whoever calls holds the channel: nobody else
 * counts in the same streams meanwhile. The streams themselves are changed, not written.
 */
export async function countRecords(
  sql: Sql,
  blocks: StoredTable<UsageBlockRow>,
  additions: readonly Addition[],
  sizes: BlockSizes = blockSizes,
): Promise<void> {
  for (const { stream, ids } of additions) stream.records += ids.length;
  let tasks: Task[] = additions
    .filter(({ stream }) => stream.counted)
    .map(({ stream, ids }) => ({ stream, increases: ids.map((id) => ({ key: id, by: 1 })) }));
  for (let level = 0; tasks.length > 0; level += 1) {
    const written: UsageBlockRow[] = [];
    const above: Task[] = [];
    for (const { stream, increases } of tasks) {
      const changed =
        level < stream.height ? await increased(sql, stream, level, increases) : firstOf(stream, level, sizes);
      if (changed.length === 0) continue;
      for (const { block } of changed) written.push(...(await split(sql, stream, block, sizes)));
      above.push({ stream, increases: changed.map(({ block, by }) => ({ key: block.low, by })) });
    }
    await writeRows(sql, blocks, written, present);
    tasks = above;
  }
}

interface Changed {
  readonly block: UsageBlockRow;
  readonly by: number;
}

/** The stream has become too long for the levels it has. */
function firstOf(stream: Stream, level: number, sizes: BlockSizes): Changed[] {
  if (stream.records <= sizes.capacityOf(level)) return [];
  stream.height = level + 1;
  return [{ block: { stream: stream.number, level, low: '', records: stream.records }, by: 0 }];
}

/** The blocks of a level that the increases fall into, as they are with them. */
async function increased(
  sql: Sql,
  { number }: Stream,
  level: number,
  increases: readonly Increase[],
): Promise<Changed[]> {
  const changed: Changed[] = [];
  for (let at = 0; at < increases.length; ) {
    const rows = await sql.all<{ low: string; records: number }>(
      'SELECT low, records FROM usage_blocks WHERE stream = ? AND level = ? AND low >= ' +
        '(SELECT MAX(low) FROM usage_blocks WHERE stream = ? AND level = ? AND low <= ?) ORDER BY low LIMIT ?',
      [number, level, number, level, increases[at]!.key, String(blocksAtOnce + 1)],
    );
    if (rows.length === 0) throw new Error(`usage stream ${number} has lost its blocks of level ${level}`);
    const known = rows.length <= blocksAtOnce ? rows.length : blocksAtOnce; // of the last one the end is not known
    for (let place = 0; place < known && at < increases.length; place += 1) {
      const end = rows[place + 1]?.low;
      let by = 0;
      for (; at < increases.length && (end === undefined || increases[at]!.key < end); at += 1) by += increases[at]!.by;
      if (by === 0) continue;
      const { low, records } = rows[place]!;
      changed.push({ block: { stream: number, level, low, records: records + by }, by });
    }
  }
  return changed;
}
