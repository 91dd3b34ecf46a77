import { setImmediate as turn } from 'node:timers/promises';
import type { Sql } from './sql.js';

/** Between the blocks of a long unit: the SQLite driver is synchronous, and readers of this process want their turn. */
export async function breathe({ dialect }: Sql): Promise<void> {
  if (dialect === 'sqlite') await turn();
}
