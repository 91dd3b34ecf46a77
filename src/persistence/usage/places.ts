import type { Sql } from '../sql/sql.js';
import { type BlockSizes, blockSizes } from './block-sizes.js';
import { type Stream, sourceOf } from './streams.js';

/** A place in a stream: so many records on from the first that has this id or a greater one. */
export interface Place {
  readonly low: string;
  readonly offset: number;
}

/** Greater than any id. */
const behindAll = '~';

interface Block {
  readonly low: string;
  readonly records: number;
}

/** Where the record with so many before it is; the position must be one the stream has. The offset is short. */
export async function placeOf(
  sql: Sql,
  { number, height }: Stream,
  position: number,
  sizes: BlockSizes = blockSizes,
): Promise<Place> {
  let low = '';
  let end = behindAll;
  let offset = position;
  for (let level = height - 1; level >= 0; level -= 1) {
    const blocks = await sql.all<Block>(
      'SELECT low, records FROM usage_blocks WHERE stream = ? AND level = ? AND low >= ? AND low < ? ORDER BY low LIMIT ?',
      [number, level, low, end, String(sizes.mostOf(level))],
    );
    let place = 0;
    for (; place < blocks.length - 1 && offset >= blocks[place]!.records; place += 1) offset -= blocks[place]!.records;
    low = blocks[place]?.low ?? low;
    end = blocks[place + 1]?.low ?? end;
  }
  return { low, offset };
}

/** How many records of the stream have a smaller id. */
export async function rankOf(sql: Sql, stream: Stream, id: string): Promise<number> {
  let low = '';
  let before = 0;
  for (let level = stream.height - 1; level >= 0; level -= 1) {
    const blocks = await sql.all<Block>(
      'SELECT low, records FROM usage_blocks WHERE stream = ? AND level = ? AND low >= ? AND low <= ? ORDER BY low',
      [stream.number, level, low, id],
    );
    for (const block of blocks.slice(0, -1)) before += block.records;
    low = blocks.at(-1)?.low ?? low;
  }
  const { from, where, params } = sourceOf(stream, sql.dialect);
  const [rest] = await sql.all<{ total: number }>(
    `SELECT COUNT(*) AS total ${from} WHERE ${where} AND t.id >= ? AND t.id < ?`,
    [...params, low, id],
  );
  return before + (rest?.total ?? 0);
}
