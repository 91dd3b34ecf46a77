import { found } from '../../shared/checks.js';
import type { Tx } from '../../shared/unit-of-work.js';
import type { TenancyRepositories, Tenant } from '../../tenancy/index.js';
import type { Channel } from '../model.js';

/**
 * Under what a tenant's id stands in a channel: with Kakapo a group's under its reseller and a reseller's under the nearest provider;
 * every other one in the channel itself, which is '' (docs/design.md 7.2).
 */
export async function containerOf(
  tx: Tx & TenancyRepositories,
  channel: Pick<Channel, 'protocol'>,
  tenant: Pick<Tenant, 'id' | 'kind' | 'parentId'>,
): Promise<string> {
  if (channel.protocol !== 'kakapo') return '';
  if (tenant.kind === 'group') return tenant.parentId;
  if (tenant.kind !== 'reseller') return '';
  const lineage = await tx.tenantTree.lineage(tenant.id);
  return lineage.find(({ kind }) => kind === 'provider')?.id ?? '';
}

/** The same of a tenant by its id. Errors: not_found. */
export async function containerOfTenant(
  tx: Tx & TenancyRepositories,
  channel: Pick<Channel, 'protocol'>,
  tenantId: string,
): Promise<string> {
  return containerOf(tx, channel, found('tenant', await tx.tenants.find(tenantId)));
}
