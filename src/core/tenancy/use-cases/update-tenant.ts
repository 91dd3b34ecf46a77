import { checkNotTerminated, checkVersion, found } from '../../shared/checks.js';
import { checkProperties, type Property } from '../../shared/properties.js';
import { checkText } from '../../shared/text.js';
import { checkMove } from '../../shared/transitions.js';
import type { Tx } from '../../shared/unit-of-work.js';
import type { Contact, Tenant } from '../model.js';
import type { TenancyRepositories } from '../ports.js';
import { type ChannelLookup, requireNoApproval, requireReach } from '../reach.js';
import { checkContact, checkCountry, checkTimeZone } from './create-tenant.js';

export interface UpdateTenantInput {
  readonly id: string;
  readonly expectedVersion?: number | null;
  readonly name?: string;
  readonly country?: string;
  readonly timeZone?: string;
  readonly contact?: Contact;
  /** Replaces all of them. */
  readonly properties?: readonly Property[];
}

/**
 * Changes a tenant's profile; absent fields stay. Errors: not_found, forbidden, terminated, version_conflict, invalid_value,
 * wrong_state (while a request for an update or for deletion waits: its answer would be about something else).
 */
export async function updateTenant(
  tx: Tx & TenancyRepositories & ChannelLookup,
  input: UpdateTenantInput,
): Promise<Tenant> {
  const before = found('tenant', await tx.tenants.lock(input.id));
  await requireReach(tx, 'write', 'tenant', { tenantId: before.id, channelId: before.channelId });
  await requireNoApproval(tx, before.channelId);
  checkNotTerminated('tenant', before);
  checkVersion('tenant', before, input.expectedVersion);
  checkMove('tenant', before, 'update');
  const after = await tx.tenants.save(before, {
    ...(input.name === undefined ? {} : { name: checkText('name', input.name) }),
    ...(input.country === undefined ? {} : { country: checkCountry(input.country) }),
    ...(input.timeZone === undefined ? {} : { timeZone: checkTimeZone(input.timeZone) }),
    ...(input.contact === undefined ? {} : { contact: checkContact({ ...before.contact, ...input.contact }) }),
    ...(input.properties === undefined ? {} : { properties: checkProperties(input.properties) }),
  });
  if (after.version === before.version) return after;
  tx.emit({
    type: 'tenant.updated',
    aggregate: { kind: 'tenant', id: after.id, version: after.version },
    tenantId: after.id,
    payload: { name: after.name },
  });
  return after;
}
