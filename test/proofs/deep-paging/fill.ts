import type { Persistence } from '../../../src/persistence/index.js';
import { ingest, makeChannel, makeProvider, system } from '../../usage/support.js';
import { applications, batchOf, largest, providers } from './traffic.js';

const batchSize = 5_000;

export interface Filled {
  readonly channelId: string;
  /** Of the largest provider. */
  readonly tenantId: string;
}

export async function prepare(persistence: Persistence): Promise<Filled> {
  const channelId = await makeChannel(persistence);
  let tenantId = '';
  for (const provider of providers) {
    const made = await makeProvider(persistence, channelId, provider, applications[0]);
    if (provider === largest) tenantId = made.tenantId;
  }
  return { channelId, tenantId };
}

/**
 * Takes in what is missing to so many records; goes on where an earlier run stopped, and says how fast it was
 * unless there was next to nothing to do.
 */
export async function fill(
  persistence: Persistence,
  { channelId }: Filled,
  records: number,
  progress: (text: string) => void,
): Promise<{ readonly ingestedPerSecond?: number }> {
  const there = Number(await persistence.readers.usage.count(system, channelId, {}));
  const began = performance.now();
  for (let batch = Math.floor(there / batchSize); batch * batchSize < records; batch += 1) {
    await ingest(persistence, channelId, batchOf(batch, Math.min(batchSize, records - batch * batchSize)));
    if (batch % 20 === 19) progress(`${(batch + 1) * batchSize} of ${records} records`);
  }
  if (records - there < 20 * batchSize) return {};
  return { ingestedPerSecond: Math.round(((records - there) / (performance.now() - began)) * 1_000) };
}
