import { requireEverywhere, requireRight } from '../../shared/actor.js';
import { checkChannel, checkNotTerminated, found } from '../../shared/checks.js';
import { invalid } from '../../shared/errors.js';
import { activeLifecycle, type Lifecycle } from '../../shared/lifecycle.js';
import { checkProperties, type Property } from '../../shared/properties.js';
import { checkEmail, checkOptionalText, checkProse, checkText } from '../../shared/text.js';
import type { Tx } from '../../shared/unit-of-work.js';
import type { Contact, Tenant, TenantKind } from '../model.js';
import type { TenancyRepositories } from '../ports.js';
import { requireReach } from '../reach.js';

export interface CreateTenantInput {
  readonly kind: TenantKind;
  readonly name: string;
  /** '' or absent for a root. */
  readonly parentId?: string;
  readonly key?: string | null;
  readonly channelId?: string;
  readonly country?: string;
  readonly timeZone?: string;
  readonly contact?: Contact;
  readonly properties?: readonly Property[];
}

const parentsOf: Record<TenantKind, readonly TenantKind[]> = {
  provider: ['provider'],
  reseller: ['provider', 'reseller'],
  customer: ['provider', 'reseller'],
  group: ['provider', 'reseller', 'customer'],
};

/**
 * Makes a tenant. Roots are made by the operator and by channels; below a parent, by whoever may write there.
 * Errors: invalid_value, already_exists (key), not_found / forbidden / terminated (parent), forbidden (a root).
 */
export async function createTenant(tx: Tx & TenancyRepositories, input: CreateTenantInput): Promise<Tenant> {
  const parentId = input.parentId ?? '';
  const channelId = checkChannel(tx.actor, input.channelId ?? '');
  if (parentId !== '') await checkParent(tx, input.kind, parentId);
  else if (tx.actor.kind !== 'serviceAccount' || tx.actor.channelId !== channelId) requireEverywhere(tx.actor, 'write');
  else requireRight(tx.actor, 'write');
  return insertTenant(tx, { ...input, parentId, channelId }, activeLifecycle);
}

/** A tenant that somebody has been allowed to make, in whatever state it begins. Errors: invalid_value, already_exists (key). */
export async function insertTenant(
  tx: Tx & TenancyRepositories,
  input: CreateTenantInput & { readonly parentId: string; readonly channelId: string },
  lifecycle: Lifecycle,
): Promise<Tenant> {
  const { parentId, channelId } = input;
  const tenant = await tx.tenants.insert({
    ...lifecycle,
    id: tx.ids.next('tenant'),
    createdAt: tx.now,
    key: input.key ?? null,
    kind: input.kind,
    name: checkText('name', input.name),
    parentId,
    channelId,
    country: checkCountry(input.country ?? ''),
    timeZone: checkTimeZone(input.timeZone ?? ''),
    contact: checkContact(input.contact ?? {}),
    properties: checkProperties(input.properties ?? []),
    operatorReference: '',
    serviceLevelGroupId: '',
  });
  await tx.tenantTree.attach(tenant.id, parentId);
  tx.emit({
    type: 'tenant.created',
    aggregate: { kind: 'tenant', id: tenant.id, version: tenant.version },
    tenantId: tenant.id,
    payload: { kind: tenant.kind, name: tenant.name, parentId },
  });
  return tenant;
}

async function checkParent(tx: Tx & TenancyRepositories, kind: TenantKind, parentId: string): Promise<void> {
  const parent = found('tenant', await tx.tenants.rely(parentId));
  await requireReach(tx, 'write', 'tenant', { tenantId: parent.id, channelId: parent.channelId });
  checkNotTerminated('tenant', parent);
  if (!parentsOf[kind].includes(parent.kind)) throw invalid('parent', `a ${kind} cannot be below a ${parent.kind}`);
}

export function checkCountry(value: string): string {
  if (value !== '' && !/^[A-Z]{2}$/.test(value)) throw invalid('country', 'must be two capital letters (ISO 3166-1)');
  return value;
}

export function checkTimeZone(value: string): string {
  if (value === '') return value;
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
  } catch {
    throw invalid('timeZone', 'must be an IANA time zone name');
  }
  return value;
}

export function checkContact(contact: Contact): Contact {
  return {
    ...(contact.name === undefined ? {} : { name: checkOptionalText('contact name', contact.name) }),
    ...(contact.email === undefined
      ? {}
      : { email: contact.email === '' ? '' : checkEmail('contact email', contact.email) }),
    ...(contact.phone === undefined ? {} : { phone: checkOptionalText('contact phone', contact.phone, 40) }),
    ...(contact.address === undefined ? {} : { address: checkProse('contact address', contact.address, 2_000) }),
  };
}
