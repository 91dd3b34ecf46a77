import type { CatalogRepositories } from '../../catalog/index.js';
import type { IdentityRepositories } from '../../identity/index.js';
import { checkInstanceOf, checkNotTerminated, found, type InstanceLookup } from '../../shared/checks.js';
import { DomainError } from '../../shared/errors.js';
import type { Tx } from '../../shared/unit-of-work.js';
import { type ChannelLookup, requireReach, type TenancyRepositories } from '../../tenancy/index.js';
import { checkOneType } from '../check-one-type.js';
import type { License } from '../model.js';
import type { LicensingRepositories } from '../ports.js';
import { takeSeat } from '../take-seat.js';

export interface AssignLicenseInput {
  readonly userId: string;
  readonly tenantId: string;
  readonly licenseTypeId: string;
  /** '' or absent: for the application as such. */
  readonly instanceId?: string;
}

type Repositories = Tx &
  TenancyRepositories &
  CatalogRepositories &
  IdentityRepositories &
  LicensingRepositories &
  ChannelLookup &
  InstanceLookup;

/**
 * Gives a member of the tenant one seat, from the nearest pool that has one free: of the tenant, of a tenant above; when none has, from
 * the nearest that may oversell. Pools of instances and of customers are limits: nothing is taken above them.
 * Asking again for a seat already held answers that seat and takes nothing, whichever pool it came from.
 * Errors: not_found, forbidden, terminated, unknown_reference (no pool), other_license_held, pool_exhausted.
 */
export async function assignLicense(tx: Repositories, input: AssignLicenseInput): Promise<License> {
  // Locked, so that neither the person nor the instance can be taken away between the checks below and the seat.
  const tenant = found('tenant', await tx.tenants.rely(input.tenantId));
  await requireReach(tx, 'write', 'tenant', { tenantId: tenant.id, channelId: tenant.channelId });
  checkNotTerminated('tenant', tenant);
  const type = found('licenseType', await tx.licenseTypes.find(input.licenseTypeId));
  const instanceId = input.instanceId ?? '';
  await checkInstanceOf(tx, instanceId, tenant.id, type.applicationId);
  await checkMember(tx, input.userId, tenant.id, instanceId);
  const { userId } = input;
  const { id: licenseTypeId, applicationId } = type;
  const held = { userId, applicationId, tenantId: tenant.id, licenseTypeId, instanceId, liveKey: '0' };
  const [present] = await tx.licenses.findMany(held, 1);
  if (present !== undefined) return present;
  await checkOneType(tx, tenant, type, userId);
  const poolId = await takeSeat(tx, { tenantId: tenant.id, type, instanceId });
  const license = await tx.licenses.insert({
    id: tx.ids.next('license'),
    poolId,
    userId: input.userId,
    tenantId: tenant.id,
    applicationId: type.applicationId,
    licenseTypeId: type.id,
    instanceId,
    assignedAt: tx.now,
    releasedAt: null,
    liveKey: '0',
  });
  tx.emit({
    type: 'license.assigned',
    aggregate: { kind: 'license', id: license.id, version: license.version },
    tenantId: tenant.id,
    payload: { userId: license.userId, applicationId: type.applicationId, licenseType: type.code, instanceId },
  });
  return license;
}

async function checkMember(tx: Repositories, userId: string, tenantId: string, instanceId: string): Promise<void> {
  for (const place of instanceId === '' ? [''] : [instanceId, '']) {
    if ((await tx.memberships.findOne({ userId, tenantId, instanceId: place, liveKey: '0' })) !== undefined) return;
  }
  throw new DomainError('not_found', { kind: 'membership' });
}
