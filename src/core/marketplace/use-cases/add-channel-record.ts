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
 * Adds what a protocol has at a tenant and the model has no word for. The channel is the tenant's own, or the caller's. Kinds with a
 * colon are a protocol's own bookkeeping (`putChannelRecord`), which nobody makes for it.
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
    kind: checkKind(input.kind),
    parentId,
    externalId: checkRecordId(input.externalId),
  };
  if ((await findChannelRecord(tx, key)) !== undefined) {
    throw new DomainError('already_exists', { kind: 'channelRecord', key: key.externalId });
  }
  const added = await tx.channelRecords.insert({
    ...key,
    id: tx.ids.next('channelRecord'),
    createdAt: tx.now,
    data,
    tenantId: tenant.id,
    endedAt: null,
    liveKey: '0',
  });
  emitChannelRecord(tx, 'channel_record.added', added);
  return added;
}

function checkKind(kind: string): string {
  if (kind.includes(':')) throw invalid('kind', 'must not contain a colon: such kinds are a protocol’s own');
  return checkText('kind', kind, 64);
}

/** Tells that a tenant's record was added, updated or ended; its content is read where rights are checked. */
export function emitChannelRecord(tx: Tx, type: string, record: ChannelRecord): void {
  const { id, version, tenantId, channelId, kind, parentId, externalId } = record;
  tx.emit({
    type,
    aggregate: { kind: 'channelRecord', id, version },
    tenantId,
    payload: { channelId, kind, parentId, externalId },
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
