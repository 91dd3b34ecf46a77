import { checkNotTerminated, checkVersion, found } from '../../shared/checks.js';
import { DomainError } from '../../shared/errors.js';
import type { Tx } from '../../shared/unit-of-work.js';
import { requireReach, type TenancyRepositories } from '../../tenancy/index.js';
import type { ChannelRecord } from '../model.js';
import type { MarketplaceRepositories } from '../ports.js';
import { emitChannelRecord } from './add-channel-record.js';

export interface UpdateChannelRecordInput {
  readonly id: string;
  readonly expectedVersion?: number | null;
  /** Replaces all of it. */
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * Replaces what is known about a tenant's record. Nothing happens when it is the same already.
 * Errors: not_found, forbidden (also for a protocol's own bookkeeping), terminated (it has ended), version_conflict.
 */
export async function updateChannelRecord(
  tx: Tx & MarketplaceRepositories & TenancyRepositories,
  input: UpdateChannelRecordInput,
): Promise<ChannelRecord> {
  const before = found('channelRecord', await tx.channelRecords.lock(input.id));
  await requireReach(tx, 'write', 'channelRecord', { tenantId: before.tenantId, channelId: before.channelId });
  if (before.tenantId === '') throw new DomainError('forbidden', { right: 'change what a protocol keeps for itself' });
  checkNotTerminated('channelRecord', { terminatedAt: before.endedAt });
  checkVersion('channelRecord', before, input.expectedVersion);
  const after = await tx.channelRecords.save(before, { data: input.data });
  if (after.version !== before.version) emitChannelRecord(tx, 'channel_record.updated', after);
  return after;
}
