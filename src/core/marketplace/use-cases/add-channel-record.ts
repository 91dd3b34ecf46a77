import { checkChannel, checkNotTerminated, found } from '../../shared/checks.js';
import { DomainError, invalid, notFound } from '../../shared/errors.js';
import { kindOfId } from '../../shared/ids.js';
import { checkText } from '../../shared/text.js';
import type { Tx } from '../../shared/unit-of-work.js';
import { requireReach, type TenancyRepositories } from '../../tenancy/index.js';
import type { ChannelRecord } from '../model.js';
import type { MarketplaceRepositories } from '../ports.js';
import { type ChannelRecordKey, findChannelRecord } from './find-channel-record.js';

export interface AddChannelRecordInput extends Pick<ChannelRecordKey, 'kind' | 'externalId'> {
  /** Absent = the one that manages the tenant. */
  readonly channelId?: string;
  /** Whose it is. */
  readonly tenantId: string;
  /** The object that contains it: a live record of the same tenant, or anything else of ours; absent = the tenant. */
  readonly parentId?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * Adds what a protocol has at a tenant and the model has no word for. The channel is the tenant's own, or the caller's.
 * Errors: not_found (tenant, parent record), forbidden, terminated, invalid_value, already_exists.
 */
export async function addChannelRecord(
  tx: Tx & MarketplaceRepositories & TenancyRepositories,
  input: AddChannelRecordInput,
): Promise<ChannelRecord> {
  const tenant = found('tenant', await tx.tenants.rely(input.tenantId));
  await requireReach(tx, 'write', 'tenant', { tenantId: tenant.id, channelId: tenant.channelId });
  checkNotTerminated('tenant', tenant);
  const channelId = input.channelId ?? tenant.channelId;
  if (channelId === '') throw invalid('tenantId', 'must be of a tenant that a channel manages');
  if (channelId !== tenant.channelId) checkChannel(tx.actor, channelId);
  const parentId = input.parentId ?? tenant.id;
  await relyOnParent(tx, parentId, tenant.id);
  const { data } = input;
  const key = {
    channelId,
    kind: checkText('kind', input.kind, 64),
    parentId,
    externalId: checkRecordId(input.externalId),
  };
  if ((await findChannelRecord(tx, key)) !== undefined) {
    throw new DomainError('already_exists', { kind: 'channelRecord', key: key.externalId });
  }
  return tx.channelRecords.insert({
    ...key,
    id: tx.ids.next('channelRecord'),
    createdAt: tx.now,
    data,
    tenantId: tenant.id,
    endedAt: null,
    liveKey: '0',
  });
}

/** As long as the column that holds it. */
export function checkRecordId(externalId: string): string {
  return checkText('externalId', externalId, 255);
}

/** Nothing comes below a record that ends at this moment. */
async function relyOnParent(tx: MarketplaceRepositories, parentId: string, tenantId: string): Promise<void> {
  if (kindOfId(parentId) !== 'channelRecord') return;
  const parent = await tx.channelRecords.rely(parentId);
  if (parent === undefined || parent.endedAt !== null || parent.tenantId !== tenantId) throw notFound('channelRecord');
}
