import type { CatalogRepositories, LicenseType } from '../catalog/index.js';
import type { IdentityRepositories } from '../identity/index.js';
import { found } from '../shared/checks.js';
import { DomainError } from '../shared/errors.js';
import type { ChannelLookup, TenancyRepositories, Tenant } from '../tenancy/index.js';
import type { LicensingRepositories } from './ports.js';

/**
 * With a Kakapo provider a person holds one license type of an application at a time (spec Kakapo 3.4). The person stays locked, because
 * two tenants of the provider may ask at once. Throws `other_license_held`.
 */
export async function checkOneType(
  tx: TenancyRepositories & CatalogRepositories & IdentityRepositories & LicensingRepositories & ChannelLookup,
  tenant: Tenant,
  type: LicenseType,
  userId: string,
): Promise<void> {
  const channelId = await channelOver(tx, tenant);
  if (channelId === '' || (await tx.channels.find(channelId))?.protocol !== 'kakapo') return;
  await tx.users.rely(userId);
  const { applicationId } = type;
  const licenses = await tx.licenses.findMany({ userId, applicationId, liveKey: '0' });
  const others = licenses.filter(({ licenseTypeId }) => licenseTypeId !== type.id);
  if (others.length === 0) return;
  const lineage = await tx.tenantTree.lineage(tenant.id);
  const provider = lineage.find(({ kind }) => kind === 'provider') ?? tenant;
  for (const { tenantId, licenseTypeId } of others) {
    if (!(await tx.tenantTree.isWithin(tenantId, [provider.id]))) continue;
    const { key } = found('application', await tx.applications.find(applicationId));
    const held = found('licenseType', await tx.licenseTypes.find(licenseTypeId));
    throw new DomainError('other_license_held', { application: key, licenseType: type.code, held: held.code });
  }
}

/** A tenant made below one of a channel, by somebody else than the channel, is no way round the channel's rules. */
async function channelOver(tx: TenancyRepositories, { id, channelId, parentId }: Tenant): Promise<string> {
  if (channelId !== '' || parentId === '') return channelId;
  const lineage = await tx.tenantTree.lineage(id);
  return lineage.find((tenant) => tenant.channelId !== '')?.channelId ?? '';
}
