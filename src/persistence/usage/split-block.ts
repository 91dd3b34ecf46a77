import type { Sql } from '../sql/sql.js';
import type { UsageBlockRow } from '../tables/usage.js';
import type { BlockSizes } from './block-sizes.js';
import { type Stream, sourceOf } from './streams.js';

/**
 * The block, or what it is cut into when it holds too much. What it is cut by must be in the database: the records for the lowest
 * level, the blocks below for the others.
 */
export async function split(
  sql: Sql,
  stream: Stream,
  block: UsageBlockRow,
  sizes: BlockSizes,
): Promise<UsageBlockRow[]> {
  if (block.records <= sizes.capacityOf(block.level)) return [block];
  const cuts =
    block.level === 0 ? await cutsByRecords(sql, stream, block, sizes) : await cutsByBlocks(sql, block, sizes);
  return [{ low: block.low, upTo: 0 }, ...cuts].map(({ low, upTo }, place) => ({
    ...block,
    low,
    records: (cuts[place]?.upTo ?? block.records) - upTo,
  }));
}

/** Where a new block begins, and how many records of the old one come before. */
interface Cut {
  readonly low: string;
  readonly upTo: number;
}

async function cutsByRecords(
  sql: Sql,
  stream: Stream,
  { low, records }: UsageBlockRow,
  sizes: BlockSizes,
): Promise<Cut[]> {
  const target = sizes.targetOf(0);
  const { from, where, params } = sourceOf(stream, sql.dialect);
  const rows = await sql.all<{ id: string; place: number }>(
    'SELECT id, place FROM (SELECT i.id AS id, ROW_NUMBER() OVER (ORDER BY i.id) - 1 AS place FROM ' +
      `(SELECT t.id AS id ${from} WHERE ${where} AND t.id >= ? ORDER BY t.id LIMIT ?) i) numbered ` +
      'WHERE place > 0 AND place % ? = 0 AND place <= ? ORDER BY place',
    [...params, low, String(records), target, records - target],
  );
  return rows.map(({ id, place }) => ({ low: id, upTo: place }));
}

async function cutsByBlocks(
  sql: Sql,
  { stream, level, low, records }: UsageBlockRow,
  sizes: BlockSizes,
): Promise<Cut[]> {
  const most = Math.ceil(records / sizes.leastOf(level - 1));
  const children = await sql.all<{ low: string; records: number }>(
    'SELECT low, records FROM usage_blocks WHERE stream = ? AND level = ? AND low >= ? ORDER BY low LIMIT ?',
    [stream, level - 1, low, String(most)],
  );
  const cuts: Cut[] = [];
  let upTo = 0;
  for (const child of children) {
    const since = upTo - (cuts.at(-1)?.upTo ?? 0);
    if (since >= sizes.targetOf(level) && records - upTo >= sizes.leastOf(level)) cuts.push({ low: child.low, upTo });
    upTo += child.records;
    if (upTo >= records) break;
  }
  return cuts;
}
