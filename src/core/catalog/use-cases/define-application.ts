import { requireEverywhere } from '../../shared/actor.js';
import { checkNotTerminated, found } from '../../shared/checks.js';
import { activeLifecycle, type Lifecycle } from '../../shared/lifecycle.js';
import { checkProperties, type Property } from '../../shared/properties.js';
import { checkProse, checkText, checkUrl } from '../../shared/text.js';
import type { Tx } from '../../shared/unit-of-work.js';
import {
  type ChannelLookup,
  requireNoApproval,
  requireReach,
  type TenancyRepositories,
  type Tenant,
} from '../../tenancy/index.js';
import type { Application } from '../model.js';
import type { CatalogRepositories } from '../ports.js';
import { addLicenseType } from './add-license-type.js';

export interface DefineApplicationInput {
  /** '' or absent: the hub's own, which only the operator may define. */
  readonly ownerTenantId?: string;
  readonly key: string;
  readonly name: string;
  readonly description?: string;
  readonly accessUrl?: string;
  readonly loginUrl?: string;
  readonly logoutUrl?: string;
  readonly properties?: readonly Property[];
  readonly licenseTypes?: readonly { readonly code: string; readonly name?: string }[];
}

/** Defines what is sold. Errors: invalid_value, already_exists, forbidden, not_found (owner). */
export async function defineApplication(
  tx: Tx & TenancyRepositories & CatalogRepositories & ChannelLookup,
  input: DefineApplicationInput,
): Promise<Application> {
  const ownerTenantId = input.ownerTenantId ?? '';
  if (ownerTenantId === '') requireEverywhere(tx.actor, 'write');
  const channelId = ownerTenantId === '' ? '' : (await relyOnOwner(tx, ownerTenantId)).channelId;
  await requireNoApproval(tx, channelId);
  return insertApplication(tx, { ...input, ownerTenantId, channelId }, activeLifecycle);
}

/** The provider an application is to belong to, for whoever may write there. Errors: not_found, forbidden, terminated. */
export async function relyOnOwner(tx: Tx & TenancyRepositories, ownerTenantId: string): Promise<Tenant> {
  const owner = found('tenant', await tx.tenants.rely(ownerTenantId));
  await requireReach(tx, 'write', 'tenant', { tenantId: owner.id, channelId: owner.channelId });
  checkNotTerminated('tenant', owner);
  return owner;
}

/** An application that somebody has been allowed to define, in whatever state it begins. Errors: invalid_value, already_exists. */
export async function insertApplication(
  tx: Tx & TenancyRepositories & CatalogRepositories,
  input: DefineApplicationInput & { readonly ownerTenantId: string; readonly channelId: string },
  lifecycle: Lifecycle,
): Promise<Application> {
  const { ownerTenantId, channelId } = input;
  const application = await tx.applications.insert({
    ...lifecycle,
    id: tx.ids.next('application'),
    createdAt: tx.now,
    ownerTenantId,
    key: checkText('key', input.key),
    name: checkText('name', input.name),
    description: checkProse('description', input.description ?? '', 2_000),
    accessUrl: checkOptionalUrl('accessUrl', input.accessUrl),
    loginUrl: checkOptionalUrl('loginUrl', input.loginUrl),
    logoutUrl: checkOptionalUrl('logoutUrl', input.logoutUrl),
    channelId,
    properties: checkProperties(input.properties ?? []),
    operatorReference: '',
    serviceLevelGroupId: '',
    liveKey: '0',
  });
  for (const type of input.licenseTypes ?? []) {
    await addLicenseType(tx, { applicationId: application.id, code: type.code, name: type.name });
  }
  tx.emit({
    type: 'application.defined',
    aggregate: { kind: 'application', id: application.id, version: application.version },
    tenantId: ownerTenantId,
    payload: { key: application.key, name: application.name },
  });
  return application;
}

export function checkOptionalUrl(field: string, value: string | undefined): string {
  return value === undefined || value === '' ? '' : checkUrl(field, value);
}
