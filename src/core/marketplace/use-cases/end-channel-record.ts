import { checkVersion, found } from '../../shared/checks.js';
import { DomainError } from '../../shared/errors.js';
import { anyOf } from '../../shared/repository.js';
import type { Tx } from '../../shared/unit-of-work.js';
import { requireReach, type TenancyRepositories } from '../../tenancy/index.js';
import type { ChannelRecord } from '../model.js';
import type { MarketplaceRepositories } from '../ports.js';
import { emitChannelRecord } from './add-channel-record.js';

/**
 * Ends a record of a tenant with everything below it; the rows stay and their ids are free again. Idempotent.
 * Errors: not_found, forbidden (also for a protocol's own bookkeeping), version_conflict.
 */
export async function endChannelRecord(
  tx: Tx & MarketplaceRepositories & TenancyRepositories,
  input: { readonly id: string; readonly expectedVersion?: number | null },
): Promise<ChannelRecord> {
  const before = found('channelRecord', await tx.channelRecords.lock(input.id));
  await requireReach(tx, 'write', 'channelRecord', { tenantId: before.tenantId, channelId: before.channelId });
  if (before.tenantId === '') throw new DomainError('forbidden', { right: 'end what a protocol keeps for itself' });
  checkVersion('channelRecord', before, input.expectedVersion);
  return before.endedAt === null ? end(tx, before) : before;
}

async function end(tx: Tx & MarketplaceRepositories, before: ChannelRecord): Promise<ChannelRecord> {
  for (const { id } of await tx.channelRecords.findMany({ parentId: before.id, liveKey: '0' })) {
    const below = await tx.channelRecords.lock(id);
    if (below !== undefined && below.endedAt === null) await end(tx, below);
  }
  const ended = await tx.channelRecords.save(before, { endedAt: tx.now, liveKey: before.id });
  emitChannelRecord(tx, 'channel_record.ended', ended);
  return ended;
}

/** All of tenants that end, for a command that has locked them and been allowed to. */
export async function endChannelRecordsOf(
  tx: MarketplaceRepositories & Tx,
  tenantIds: readonly string[],
): Promise<void> {
  const live = await tx.channelRecords.findAll({ tenantId: anyOf(tenantIds), liveKey: '0' });
  const locked = await tx.channelRecords.lockAll(live.map(({ id }) => id));
  const ended = await tx.channelRecords.saveAll(
    locked.filter(({ endedAt }) => endedAt === null),
    ({ id }) => ({ endedAt: tx.now, liveKey: id }),
  );
  for (const record of ended) emitChannelRecord(tx, 'channel_record.ended', record);
}
